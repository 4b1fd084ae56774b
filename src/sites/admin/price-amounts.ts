// Prices as an operator types them, and back: dollars as decimal texts ↔ whole µ$. No float.
import { type Nano, nano, parseUsd, usdDecimal } from "../../app/index.ts"

const NANO_PER_MICRO = 1_000

/** "0.15" → 150000; null when it is no amount, or finer than a µ$. */
export function microOf(text: string): number | null {
  const amount = parseUsd(text)
  return amount === null ? null : microOfNano(amount)
}

export const microOfNano = (amount: Nano): number | null =>
  amount % NANO_PER_MICRO === 0 ? amount / NANO_PER_MICRO : null

export const nanoOfMicro = (micro: number): Nano => nano(micro * NANO_PER_MICRO)

export const microText = (micro: number): string => usdDecimal(nanoOfMicro(micro))

/** Of a rate finer than a µ$ the next whole one, so that what is shown is never too little. */
export const microUp = (units: bigint, scale: bigint): number => Number((units + scale - 1n) / scale)

/** p$ of one call, search or picture → whole µ$, up. */
export const microOfEach = (units: bigint, scale: bigint): number => microUp(units, scale * 1_000_000n)

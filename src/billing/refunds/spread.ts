// Over which lots of a payment credits are taken back that its money no longer pays for. Pure.
import { type Nano, nano } from "../../app/index.ts"
import type { ClawableLot } from "../../ledger/index.ts"

export interface Share {
  lotKey: string
  amountNano: Nano
}

/**
 * What nobody used goes back first: what has expired or was taken away, then what is left, that of the last months before that of the first.
 * Only the rest was spent. So whoever gets a part of a year back owes what they spent beyond the part that they still pay for, and no more.
 * @param lots either those that were paid for, or those that came on top
 */
export function spread(amountNano: Nano, lots: readonly ClawableLot[]): Share[] {
  const shares = new Map<string, number>()
  let restNano: number = amountNano
  const take = (of: readonly ClawableLot[], most: (lot: ClawableLot) => number) => {
    for (const lot of of) {
      const part = Math.min(restNano, Math.max(0, most(lot)))
      if (part === 0) continue
      shares.set(lot.key, (shares.get(lot.key) ?? 0) + part)
      restNano -= part
    }
  }
  const latest = lots.toSorted((a, b) => b.effectiveMs - a.effectiveMs || (a.key < b.key ? 1 : -1))
  take(lots, ({ brokenNano }) => brokenNano)
  take(latest, ({ freeNano }) => freeNano)
  take(latest, ({ leftNano, key }) => leftNano - (shares.get(key) ?? 0))
  return [...shares].map(([lotKey, part]) => ({ lotKey, amountNano: nano(part) }))
}

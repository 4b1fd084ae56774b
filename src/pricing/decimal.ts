// Exact decimals from the shortest text of a number. The table's figures are decimals that JSON made floats; nothing is
// computed with the float.

/** digits × 10^exponent */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** The decimal that a number prints as, times 10^shift. Null unless finite and not negative. */
export function decimalOf(value: number, shift = 0): Decimal | null {
  const match = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value))
  if (!match) return null
  const fraction = match[2] ?? ""
  const digits = BigInt(match[1]! + fraction)
  return { digits, exponent: digits === 0n ? 0 : Number(match[3] ?? 0) - fraction.length + shift }
}

/** The smallest power of ten (as its exponent) that makes all of these whole. */
export const scaleExponent = (values: readonly Decimal[]): number =>
  values.reduce((most, value) => Math.max(most, -value.exponent), 0)

/** The decimal × 10^exponent; the exponent must make it whole. */
export const scaled = (value: Decimal, exponent: number): bigint =>
  value.digits * 10n ** BigInt(value.exponent + exponent)

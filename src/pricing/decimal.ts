// Exact decimals from the shortest text of a number. The table's figures are decimals that JSON made floats; nothing is
// computed with the float.

/** digits × 10^exponent */
export interface Decimal {
  readonly digits: bigint
  readonly exponent: number
}

/** The decimal that a number prints as, times 10^shift. Null unless finite and not negative. */
export const decimalOf = (value: number, shift = 0): Decimal | null => decimalOfText(String(value), shift)

/** Longer texts are no prices, and their powers of ten would be large numbers. */
const TEXT_CHARS_MAX = 40
const EXPONENT_MAX = 40

/** The decimal that a text is, such as "0.00000125" or "1.25e-6", times 10^shift. Null for all else, negative ones included. */
export function decimalOfText(text: string, shift = 0): Decimal | null {
  const match = text.length > TEXT_CHARS_MAX ? null : /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!match || Math.abs(Number(match[3] ?? 0)) > EXPONENT_MAX) return null
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

const PICO_DIGITS = 12

/** A number of dollars as JSON has it, in whole pico-dollars, rounded up. Null unless finite and not negative. */
export function picoOf(dollars: unknown): bigint | null {
  const decimal = typeof dollars === "number" ? decimalOf(dollars, PICO_DIGITS) : null
  if (decimal === null) return null
  const { digits, exponent } = decimal
  if (exponent >= 0) return digits * 10n ** BigInt(exponent)
  const divisor = 10n ** BigInt(-exponent)
  return (digits + divisor - 1n) / divisor
}

// What every verb asks of an amount. Pure.

/** Refuses anything but a safe, non-negative integer: a caller's defect, never a person's mistake. */
export function assertAmount(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a whole number of nano-dollars from 0 to 2^53 - 1, got ${value}`)
  }
}

// What every verb asks of an amount, and how it names an owner. Pure.
import type { PrincipalId } from "../../app/index.ts"

/** Refuses anything but a safe, non-negative integer: a caller's defect, never a person's mistake. */
export function assertAmount(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`${name} must be a whole number of nano-dollars from 0 to 2^53 - 1, got ${value}`)
  }
}

/** The owner that a person or a team is. */
export const principal = <Id extends PrincipalId>(id: Id) => ({ kind: "principal", id }) as const

// What a dispute took, as the processor's account tells it.
import { describe, expect, test } from "bun:test"
import { readDispute } from "./refunds.ts"

type Moved = { amount: number; currency: string }

const withdrawn = (amount: number, ...moved: Moved[]): number =>
  readDispute({
    id: "du_1",
    amount,
    currency: "usd",
    balance_transactions: moved,
    status: "needs_response",
    reason: "fraudulent",
    charge: "ch_1",
    created: 1,
  } as never).withdrawnCents

const usd = (amount: number): Moved => ({ amount, currency: "usd" })
const eur = (amount: number): Moved => ({ amount, currency: "eur" })

describe("what a bank has taken", () => {
  test("is what the account lost of it", () => {
    expect(withdrawn(2_500)).toBe(0)
    expect(withdrawn(2_500, usd(-2_500))).toBe(2_500)
    expect(withdrawn(2_500, usd(-2_500), usd(2_500))).toBe(0)
  })
  test("is what was paid, in dollars, where the account is kept in another currency", () => {
    expect(withdrawn(2_500, eur(-2_310))).toBe(2_500)
    expect(withdrawn(2_500, eur(-390_000))).toBe(2_500)
    // Given back at another rate.
    expect(withdrawn(2_500, eur(-2_310), eur(2_295))).toBe(0)
    expect(withdrawn(2_500, eur(-2_310), eur(2_295), eur(-2_300))).toBe(2_500)
  })
})

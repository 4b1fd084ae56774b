// Subscriptions on real books, anew for each test, whose books prove at its end.
import { afterEach, beforeEach, expect } from "bun:test"
import { AppError, type UserId } from "../../app/index.ts"
import { cents } from "../plans/testing.ts"
import { ANN, openSubscriptions } from "./testing.ts"

type Kit = Awaited<ReturnType<typeof openSubscriptions>>

export const START = Date.UTC(2026, 0, 31, 10, 30)

export const codeOf = async (act: Promise<unknown>): Promise<string> => {
  try {
    await act
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
  return "ok"
}

export const ref = (userId: UserId, subscription: string) => ({ userId, subscription })

/** @returns what each test has; `k` and `productId` are its own. */
export function booksOfEach() {
  const w = {
    k: undefined as unknown as Kit,
    productId: 0,
    bills: (publicId: string) =>
      w.k.store.read.all<{ kind: string; state: string; amount: number }>(
        `SELECT b.kind, b.state, b.amount_nano AS amount FROM market_bills b JOIN market_subscriptions s ON s.id = b.subscription_id
         WHERE s.public_id = ? ORDER BY b.id`,
        publicId,
      ),
    invoices: () => w.k.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM invoices")!.n,
    mailed: (kind: string) => w.k.mails.filter((mail) => mail.kind === kind).length,
    pro: (price = 3_000, more = {}) => w.k.plan(w.productId, "Pro", { priceNano: cents(price), ...more }),
    change: (publicId: string, planId: number, seen?: { termsId: number; mostNano: never }) =>
      w.k.write((tx) =>
        w.k.subscriptions.changePlanIn(tx, { userId: ANN, subscription: publicId, planId, ...(seen ? { seen } : {}) }),
      ),
  }
  beforeEach(async () => {
    w.k = await openSubscriptions()
    w.productId = await w.k.product("weather")
  })
  afterEach(async () => {
    const { checks } = w.k.ledger.verify()
    expect(checks.filter(({ violations }) => violations > 0)).toEqual([])
    await w.k.close()
  })
  return w
}

// What moves Stripe's own account of the operator: charges less fees, refunds, disputes, transfers.
import { type Route, route } from "./http.ts"
import { none, PAGED, pageOf } from "./lists.ts"
import { fields, text } from "./shape.ts"
import type { BalanceTransaction } from "./types.ts"
import type { World } from "./world.ts"

/** Stripe's usual price in the US: 2.9 % and 30 cents. */
export const feeOf = (amount: number): number => Math.round(amount * 0.029) + 30

export function book(
  world: World,
  entry: {
    type: BalanceTransaction["type"]
    amount: number
    fee?: number
    currency: string
    source: string | null
    customer?: string | null
    description?: string
  },
): BalanceTransaction {
  const { type, amount, fee = 0, currency, source } = entry
  const now = world.now(entry.customer)
  return world.add<BalanceTransaction>({
    id: world.id("txn"),
    object: "balance_transaction",
    created: now,
    available_on: now + 2 * 86_400,
    amount,
    fee,
    net: amount - fee,
    currency,
    description: entry.description ?? null,
    source,
    status: "available",
    type,
    reporting_category: type === "adjustment" ? "dispute" : type,
  })
}

export const balanceRoutes = (world: World): Route[] => [
  route("GET", "/v1/balance", none, () => {
    const sum = world.all<BalanceTransaction>("balance_transaction").reduce((all, { net }) => all + net, 0)
    return { object: "balance", livemode: false, available: [{ amount: sum, currency: "usd" }], pending: [] }
  }),
  route(
    "GET",
    "/v1/balance_transactions",
    fields({}, { ...PAGED, type: text, source: text, payout: text, currency: text }),
    (sent) =>
      pageOf(
        world
          .all<BalanceTransaction>("balance_transaction")
          .filter((one) => (!sent.type || one.type === sent.type) && (!sent.source || one.source === sent.source)),
        sent,
        "/v1/balance_transactions",
      ),
  ),
  route("GET", "/v1/balance_transactions/:id", none, (_, { id }) =>
    world.find<BalanceTransaction>("balance_transaction", id!),
  ),
]

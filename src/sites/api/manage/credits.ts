// Credits by API: what is there and what moved (seed 001; seed 004 by its names).
import { Type as t } from "@sinclair/typebox"
import { ensure } from "../../../app/index.ts"
import type { Identity } from "../../../identity/index.ts"
import type { HistoryRow, Ledger, Owner, TransactionType } from "../../../ledger/index.ts"
import { principal } from "../../../ledger/index.ts"
import type { Oauth } from "../../../oauth/index.ts"
import { type CreditActsDeps, creditActRoutes } from "./credit-acts.ts"
import type { OfAppDeps } from "./of-app.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, Cents, centsOf, maybe, UserRef } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface CreditsDeps extends CreditActsDeps {
  ledger: Ledger
  oauth: OfAppDeps["oauth"] & Pick<Oauth, "clientById">
  identity: Pick<Identity, "userByPublicId">
}

const LOTS_MAX = 50
const ROWS_MAX = 100
const ROWS_DEFAULT = 20

const TYPES = [
  "topup",
  "subscription",
  "daily_bonus",
  "coupon",
  "bonus",
  "referral",
  "sponsor",
  "refund",
  "adjustment",
  "usage",
  "sale",
  "commission",
  "overage",
  "expiry",
  "reversal",
  "debt",
  "payout",
  "fee",
] as const satisfies readonly TransactionType[]

const Lot = t.Object({
  id: t.String({ examples: ["lot_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
  bucket: t.String(),
  paid: t.Boolean(),
  remaining: Amount,
  held: Amount,
  only: maybe(t.String({ description: "The one kind of use that it pays for" })),
  expires_at: maybe(At),
})

const Balance = t.Object(
  {
    object: t.Literal("balance"),
    user: t.String(),
    mode: t.String(),
    balance: Amount,
    held: Amount,
    debt: Amount,
    spendable: Amount,
    balanceCents: Cents,
    next_expiry_at: maybe(At),
    lots: t.Array(Lot, { description: `What it is made of, in the order it will be spent; at most ${LOTS_MAX}` }),
  },
  { description: "What a wallet has" },
)

const Movement = t.Object({
  id: t.String({ examples: ["txn_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
  type: t.String(),
  at: At,
  amount: Amount,
  amountCents: Cents,
  balance_before: Amount,
  balance_after: Amount,
  reason: maybe(t.String()),
  request: maybe(t.String({ description: "The call, `req_…`" })),
  app: maybe(t.String({ description: "The app, `cli_…`" })),
  scope: maybe(t.String()),
})

const Movements = t.Object(
  {
    object: t.Literal("list"),
    data: t.Array(Movement),
    next: maybe(t.String({ description: "Give it as `before` for what is older; null at the end" })),
  },
  { description: "What moved in a wallet, newest first" },
)

const Page = t.Object(
  {
    user: t.Optional(UserRef),
    type: t.Optional(t.Union(TYPES.map((one) => t.Literal(one)))),
    from: t.Optional(At),
    to: t.Optional(At),
    before: t.Optional(t.String({ maxLength: 64 })),
    limit: t.Optional(t.Integer({ minimum: 1, maximum: ROWS_MAX, description: `A number from 1 to ${ROWS_MAX}` })),
  },
  { additionalProperties: false },
)

/** Somebody else's wallet is an admin's to see. @throws AppError not_found, which says nothing of who exists */
function walletOf(deps: CreditsDeps, { page, owner, isAdmin }: Manager, user: string | undefined) {
  if (user === undefined || user === page.session.publicId) return { owner, publicId: page.session.publicId }
  const other = isAdmin ? deps.identity.userByPublicId(user) : null
  ensure(other, "not_found", "There is no such person.", { param: "user" })
  return { owner: principal(other.id) as Owner, publicId: other.publicId }
}

function balanceOf(deps: CreditsDeps, manager: Manager, user: string | undefined) {
  const { owner, publicId } = walletOf(deps, manager, user)
  const wallet = deps.ledger.wallet(owner, manager.mode)
  return {
    object: "balance",
    user: publicId,
    mode: manager.mode,
    balance: amount(wallet.balanceNano),
    held: amount(wallet.heldNano),
    debt: amount(wallet.debtNano),
    spendable: amount(wallet.spendableNano),
    balanceCents: centsOf(wallet.balanceNano),
    next_expiry_at: wallet.nextExpiryMs === null ? null : atOf(wallet.nextExpiryMs),
    lots: wallet.lots.slice(0, LOTS_MAX).map((lot) => ({
      id: lot.publicId,
      bucket: lot.bucket,
      paid: lot.paid,
      remaining: amount(lot.remainingNano),
      held: amount(lot.heldNano),
      only: lot.restriction,
      expires_at: lot.expiresMs === null ? null : atOf(lot.expiresMs),
    })),
  }
}

interface PageQuery {
  user?: string
  type?: (typeof TYPES)[number]
  from?: string
  to?: string
  before?: string
  limit?: number
}

function movementsOf(deps: CreditsDeps, manager: Manager, query: PageQuery) {
  const { owner } = walletOf(deps, manager, query.user)
  const { limit = ROWS_DEFAULT, type, from, to, before } = query
  const rows = deps.ledger.history(owner, manager.mode, {
    limit: limit + 1,
    beforeId: before,
    types: type === undefined ? undefined : [type],
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  })
  const shown = rows.slice(0, limit)
  return {
    object: "list",
    data: shown.map((row) => movementOf(deps, row)),
    next: rows.length > limit ? shown.at(-1)!.transactionId : null,
  }
}

const movementOf = ({ oauth }: CreditsDeps, row: HistoryRow) => ({
  id: row.transactionId,
  type: row.type,
  at: atOf(row.atMs),
  amount: amount(row.amountNano),
  amountCents: centsOf(row.amountNano),
  balance_before: amount(row.balanceBeforeNano),
  balance_after: amount(row.balanceAfterNano),
  // Of a call it is the model's name, which usage tells better.
  reason: row.callId === null ? row.reason : null,
  request: row.callId,
  app: row.clientId === null ? null : (oauth.clientById(row.clientId)?.publicId ?? null),
  scope: row.scope,
})

export function creditRoutes(deps: CreditsDeps): ManageRoute[] {
  return [
    route({
      method: "get",
      paths: ["/api/v1/credits/balance"],
      operationId: "getBalance",
      summary: "Read a balance",
      tag: "Credits",
      orAdmin: "admin:credits",
      errors: ["not_found"],
      query: t.Object({ user: t.Optional(UserRef) }, { additionalProperties: false }),
      answer: Balance,
      act: ({ manager, query }) => balanceOf(deps, manager, query.user),
    }),
    route({
      method: "get",
      paths: ["/api/v1/credits/transactions"],
      operationId: "listTransactions",
      summary: "List the movements of a wallet",
      tag: "Credits",
      orAdmin: "admin:credits",
      errors: ["not_found"],
      query: Page,
      answer: Movements,
      act: ({ manager, query }) => movementsOf(deps, manager, query as PageQuery),
    }),
    route({
      method: "get",
      paths: ["/api/ai-api/wallet"],
      operationId: "getWallet",
      summary: "Read a balance and its last movements",
      tag: "Credits",
      answer: t.Object({ balance: Balance, transactions: Movements }),
      act: ({ manager }) => ({
        balance: balanceOf(deps, manager, undefined),
        transactions: movementsOf(deps, manager, {}),
      }),
    }),
    ...creditActRoutes(deps),
  ]
}

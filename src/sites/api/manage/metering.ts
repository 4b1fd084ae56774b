// Metering by API (seed 001): a use is charged, and what was used is summed by day and model.
import { Type as t } from "@sinclair/typebox"
import { type Clock, DAY_MS, dayOf, ensure, nano } from "../../../app/index.ts"
import type { Identity } from "../../../identity/index.ts"
import { type Ledger, principal } from "../../../ledger/index.ts"
import type { Metering } from "../../../metering/index.ts"
import type { Plans } from "../../../plans/index.ts"
import type { ModelUse, Totals, Usage } from "../../../usage/index.ts"
import { OF_CHARGED_BY_APP, type OfAppDeps, reporterOfApp } from "./of-app.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, Cents, centsOf, maybe, UserRef } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface MeteringRoutesDeps extends OfAppDeps {
  metering: Pick<Metering, "track">
  usage: Pick<Usage, "summary" | "byModel">
  ledger: Pick<Ledger, "wallet" | "claimStatus">
  plans: Pick<Plans, "planOf">
  identity: Pick<Identity, "userByPublicId" | "userById">
  clock: Clock
}

const DAYS_MAX = 366
const DAYS_DEFAULT = 30
const CLOSED = { additionalProperties: false }

const Sums = {
  calls: t.Integer({ description: "Refused ones included" }),
  errors: t.Integer(),
  refused: t.Integer(),
  input_tokens: t.Integer(),
  output_tokens: t.Integer(),
  charged: Amount,
  chargedCents: Cents,
}
const Range = t.Object(
  { days: t.Optional(t.Integer({ minimum: 1, maximum: DAYS_MAX, description: `A number from 1 to ${DAYS_MAX}` })) },
  CLOSED,
)

const sumsOf = (sums: Omit<Totals, "chargeNano">) => ({
  calls: sums.calls,
  errors: sums.errors,
  refused: sums.refused,
  input_tokens: sums.inputTokens,
  output_tokens: sums.outputTokens,
  charged: amount(sums.collectedNano),
  chargedCents: centsOf(sums.collectedNano),
})

export const meteringRoutes = (deps: MeteringRoutesDeps): ManageRoute[] => [
  trackRoute(deps),
  summaryRoute(deps),
  byModelRoute(deps),
  byDateRoute(deps),
  freeTierRoute(deps),
]

const Use = t.Object(
  {
    object: t.Literal("metered_use"),
    id: t.String({ description: "The call, `req_…`", examples: ["req_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    user: t.String(),
    service: t.String(),
    unit: t.String(),
    quantity: t.Integer(),
    unit_price: t.Object({ nano: t.String({ description: "n$, with up to three decimals", examples: ["1500.25"] }) }),
    charged: Amount,
    balance: Amount,
    transaction: maybe(t.String()),
  },
  { description: "A use that was charged" },
)

function trackRoute(deps: MeteringRoutesDeps): ManageRoute {
  return route({
    method: "post",
    paths: ["/api/v1/metering/track"],
    operationId: "trackUse",
    summary: "Charge a use of a metered service",
    description:
      "An admin charges anybody (of a key: `admin:credits`). A person’s own key or session charges their own wallet. A secret key of an app with `metering` charges whoever let the app in, within what they let it spend in a day.",
    tag: "Metering",
    once: "required",
    orAdmin: "admin:credits",
    byApp: "metering",
    body: t.Object(
      {
        user: t.Optional(UserRef),
        service: t.String({ minLength: 1, maxLength: 64, description: "The id of the service" }),
        quantity: t.Integer({ minimum: 1, description: "Whole units, within the bounds of the service" }),
      },
      CLOSED,
    ),
    example: { service: "search", quantity: 3 },
    answer: Use,
    errors: [
      "not_found",
      "conflict",
      "insufficient_credits",
      "credits_on_hold",
      "free_budget_spent",
      "spend_limit_exceeded",
      ...OF_CHARGED_BY_APP,
    ],
    async actOfApp(asked) {
      const { service, quantity } = asked.body
      return deps.metering.track({ ...reporterOfApp(deps, asked, "metering"), service, quantity })
    },
    act({ manager, body, once, context }) {
      const user = payerOf(deps, manager, body.user)
      const { page, requireIn, keyId, mode } = manager
      const isOwn = user.id === page.session.userId
      return deps.metering.track({
        requestId: context.requestId,
        startMs: context.startMs,
        service: body.service,
        quantity: body.quantity,
        user,
        // An admin charges people, not their teams.
        payer: isOwn ? manager.owner : principal(user.id),
        keyId: isOwn ? keyId : null,
        mode: isOwn ? mode : "live",
        actor: page.ctx("").actor,
        requireIn(tx) {
          requireIn(tx)
          return null
        },
        once: once!,
      })
    },
  })
}

function payerOf({ identity }: MeteringRoutesDeps, { page, isAdmin }: Manager, asked: string | undefined) {
  const own = { id: page.session.userId, publicId: page.session.publicId }
  if (asked === undefined || asked === own.publicId) return own
  const other = isAdmin ? identity.userByPublicId(asked) : null
  ensure(other, "not_found", "There is no such person.", { param: "user" })
  return { id: other.id, publicId: other.publicId }
}

const summaryOf = ({ usage, clock }: MeteringRoutesDeps, { page, mode }: Manager, days: number) =>
  usage.summary(page.session.userId, mode, clock.now(), days)

function summaryRoute(deps: MeteringRoutesDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/metering/summary"],
    operationId: "getUsageSummary",
    summary: "Summarize use",
    description: "Today and this month (UTC), and the month by what it was spent on.",
    tag: "Metering",
    query: Range,
    answer: t.Object({
      today: t.Object(Sums),
      month: t.Object(Sums),
      by_scope: t.Array(t.Object({ scope: t.String(), ...Sums })),
    }),
    act({ manager, query }) {
      const { today, month, byScope } = summaryOf(deps, manager, query.days ?? DAYS_DEFAULT)
      const by_scope = byScope.map((one) => ({ scope: one.scope, ...sumsOf(one) }))
      return { today: sumsOf(today), month: sumsOf(month), by_scope }
    },
  })
}

function byModelRoute({ usage, clock }: MeteringRoutesDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/metering/by-model"],
    operationId: "getUsageByModel",
    summary: "List use by model or service, dearest first",
    tag: "Metering",
    query: Range,
    answer: t.Object({
      data: t.Array(t.Object({ model: t.String(), kind: t.String({ description: "chat, metering, …" }), ...Sums })),
    }),
    act({ manager, query }) {
      const today = dayOf(clock.now())
      const { page, mode } = manager
      const rows = usage.byModel(page.session.userId, mode, today - (query.days ?? DAYS_DEFAULT) + 1, today)
      return { data: rows.map((row: ModelUse) => ({ model: row.model, kind: row.endpoint, ...sumsOf(row) })) }
    },
  })
}

function byDateRoute(deps: MeteringRoutesDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/metering/by-date"],
    operationId: "getUsageByDate",
    summary: "List use by day or month, oldest first",
    tag: "Metering",
    query: t.Object({ ...Range.properties, by: t.Optional(t.Union([t.Literal("day"), t.Literal("month")])) }, CLOSED),
    answer: t.Object({
      data: t.Array(
        t.Object({ date: t.String({ description: "2026-11-26, or 2026-11" }), calls: t.Integer(), charged: Amount }),
      ),
    }),
    act({ manager, query }) {
      const { days } = summaryOf(deps, manager, query.days ?? DAYS_DEFAULT)
      const chars = query.by === "month" ? 7 : 10
      const byDate = Map.groupBy(days, ({ day }) => atOf(day * DAY_MS).slice(0, chars))
      const data = [...byDate].map(([date, group]) => ({
        date,
        calls: group.reduce((sum, one) => sum + one.calls, 0),
        charged: amount(nano(group.reduce((sum, one) => sum + one.collectedNano, 0))),
      }))
      return { data }
    },
  })
}

function freeTierRoute({ ledger, plans, clock }: MeteringRoutesDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/metering/free-tier"],
    operationId: "getFreeTier",
    summary: "Read what is free",
    description: "The credits that a day gives, what is left of them, and when the next are due.",
    tag: "Metering",
    answer: t.Object({
      plan: t.String(),
      daily: Amount,
      granted: Amount,
      used: Amount,
      left: Amount,
      is_due: t.Boolean(),
      due_at: At,
      expires_at: maybe(At),
    }),
    act({ manager }) {
      const { owner, mode, page } = manager
      const plan = plans.planOf(page.session.userId)
      const lots = ledger.wallet(owner, mode).lots.filter((lot) => lot.bucket === "daily")
      const granted = lots.reduce((sum, lot) => sum + lot.grantedNano, 0)
      const left = lots.reduce((sum, lot) => sum + lot.remainingNano - lot.heldNano, 0)
      const { isDue, dueAtMs } = ledger.claimStatus(owner, mode)
      const ends = lots.flatMap((lot) => lot.expiresMs ?? [])
      return {
        plan: plan.code,
        daily: amount(plan.dailyClaimNano),
        granted: amount(nano(granted)),
        used: amount(nano(granted - left)),
        left: amount(nano(left)),
        is_due: isDue,
        due_at: atOf(Math.max(dueAtMs, isDue ? clock.now() : 0)),
        expires_at: ends.length === 0 ? null : atOf(Math.min(...ends)),
      }
    },
  })
}

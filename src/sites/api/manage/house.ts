// GET /api/v1/admin/analytics: what /admin/analytics shows, for programs. What each figure is, `analytics` says.
import { Type as t } from "@sinclair/typebox"
import {
  HOUSE_DEFINITIONS as D,
  type HouseFigures,
  type HousePart,
  meanLatencyMs,
  nameOfDay,
  type Span,
  spanBefore,
} from "../../../analytics/index.ts"
import { AppError } from "../../../app/index.ts"
import { type AdminDeps, firstTokenOf, houseOf, modelName, monthName, revenueOf } from "../../admin/index.ts"
import { daysAsked } from "../../base/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, amount, maybe } from "./schemas.ts"

export type HouseDeps = Parameters<typeof houseOf>[0] & Pick<AdminDeps, "clock">

const count = (description: string) => t.Integer({ description })
const Figures = {
  calls: count(D.calls),
  errors: count(D.errors),
  average_latency_ms: maybe(t.Integer({ description: D.latency })),
  first_token_ms: maybe(t.Integer({ description: D.firstToken })),
  input_tokens: count("Tokens of the questions."),
  output_tokens: count("Tokens of the answers, thinking included."),
  used: Amount,
  upstream: Amount,
  developers: Amount,
  revenue: Amount,
}
const People = {
  refused: count(D.refused),
  active_users: count(D.activeUsers),
  new_users: count(D.newUsers),
}
const TOTALS = { ...Figures, ...People, money_in: Amount, refunds: Amount }
const totalsSchema = (description: string) => t.Object(TOTALS, { description })
const codes = (description: string) =>
  t.Array(t.Object({ code: t.String({ description: "The code of the error" }), calls: t.Integer() }), { description })

const figuresOf = (row: Omit<HousePart, "key">) => ({
  calls: row.calls,
  errors: row.errors,
  average_latency_ms: meanLatencyMs(row),
  first_token_ms: firstTokenOf(row),
  input_tokens: row.inputTokens,
  output_tokens: row.outputTokens,
  used: amount(row.collectedNano),
  upstream: amount(row.upstreamNano),
  developers: amount(row.earnedNano),
  revenue: amount(revenueOf(row)),
})
const totalsOf = (
  row: HouseFigures,
  money: { in: Parameters<typeof amount>[0]; refunds: Parameters<typeof amount>[0] },
) => ({
  ...figuresOf(row),
  refused: row.refused,
  active_users: row.activeUsers,
  new_users: row.newUsers,
  money_in: amount(money.in),
  refunds: amount(money.refunds),
})

const House = t.Object({
  object: t.Literal("analytics"),
  time_zone: t.Literal("UTC"),
  from: t.String({ description: "The first UTC day", examples: ["2026-10-28"] }),
  to: t.String({ description: "The last UTC day", examples: ["2026-11-26"] }),
  totals: totalsSchema("Of all days shown"),
  previous: totalsSchema("Of as many days before"),
  churned: count(D.churn),
  days: t.Array(t.Object({ day: t.String({ description: "A UTC day" }), ...TOTALS, free_credits: Amount }), {
    description: "Each day, the oldest first",
  }),
  models: t.Array(t.Object({ model: t.String({ description: "As calls named it" }), ...Figures }), {
    description: "By model, the most credits first",
  }),
  upstreams: t.Array(
    t.Object({ id: maybe(t.String({ description: "The upstream; null: none, or one that is gone" })), ...Figures }),
    { description: "By upstream, the most credits first" },
  ),
  failures: codes("Calls that failed, by kind"),
  refusals: codes("Calls that were refused, by reason"),
  hours: t.Array(t.Array(t.Integer()), { description: `${D.peak} Monday first.` }),
  cohorts: t.Array(
    t.Object({
      month: t.String(),
      people: t.Integer({ description: "Who signed up in that month" }),
      active: t.Array(t.Integer()),
    }),
    {
      description: D.cohorts,
    },
  ),
})

function told(house: Awaited<ReturnType<typeof houseOf>>, span: Span) {
  const { report, parts, cohorts, moneyIn, moneyOn, upstreams } = house
  const codes = (refused: 0 | 1) =>
    parts.errors.filter((row) => row.refused === refused).map(({ code, calls }) => ({ code, calls }))
  return {
    object: "analytics",
    time_zone: "UTC",
    from: nameOfDay(span.from),
    to: nameOfDay(span.to),
    totals: totalsOf(report.totals, moneyIn(span)),
    previous: totalsOf(report.before, moneyIn(spanBefore(span))),
    churned: report.churned,
    days: report.days.map((row) => ({
      day: nameOfDay(row.day),
      ...totalsOf(row, moneyOn(row.day)),
      free_credits: amount(row.freeNano),
    })),
    models: parts.models.map((row) => ({ model: modelName(row), ...figuresOf(row) })),
    upstreams: parts.upstreams.map((row) => ({
      id: upstreams.get(Number(row.key))?.publicId ?? null,
      ...figuresOf(row),
    })),
    failures: codes(0),
    refusals: codes(1),
    hours: parts.hours,
    cohorts: cohorts.map(({ monthMs, people, active }) => ({ month: monthName(monthMs), people, active })),
  }
}

export const houseRoute = (deps: HouseDeps): ManageRoute =>
  route({
    method: "get",
    paths: ["/api/v1/admin/analytics"],
    operationId: "getHouseAnalytics",
    summary: "Read what the whole house did",
    description: "Live mode, UTC days. Each figure is what the reference of figures says it is.",
    tag: "Admin",
    admin: "admin:settings",
    query: t.Object(
      {
        range: t.Optional(
          t.Union(
            ["7d", "30d", "90d", "custom"].map((one) => t.Literal(one)),
            { description: "How many UTC days, today included; `custom` with `from` and `to`. 30d by default" },
          ),
        ),
        from: t.Optional(t.String({ maxLength: 10, description: "The first UTC day of a custom range" })),
        to: t.Optional(t.String({ maxLength: 10, description: "The last UTC day of a custom range" })),
      },
      { additionalProperties: false },
    ),
    answer: House,
    errors: ["invalid_request"],
    async act({ query }) {
      const asked = daysAsked(new URLSearchParams(query as Record<string, string>), deps.clock.now())
      if (asked.error !== undefined) throw new AppError("invalid_request", asked.error, { param: "from" })
      return told(await houseOf(deps, asked.span), asked.span)
    },
  })

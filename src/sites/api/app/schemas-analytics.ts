// Figures of an app as the API tells them. What each figure is, `analytics` says.
import { type Static, type TProperties, Type as t } from "@sinclair/typebox"
import { DEFINITIONS as D, ROWS_MAX, SPAN_DAYS_MAX } from "../../../analytics/index.ts"
import { Amount } from "../../../gateway/index.ts"

const orNull = <T extends Parameters<typeof t.Union>[0][number]>(schema: T, description: string) =>
  t.Union([schema, t.Null()], { description })
const count = (description: string) => t.Integer({ minimum: 0, description })
const Day = (description: string) => t.String({ description, examples: ["2026-11-26"] })
const Ratio = t.String({ pattern: "^-?\\d+\\.\\d{4}$", examples: ["0.0125"] })

const USAGE = {
  calls: count(D.calls),
  errors: count(D.errors),
  refused: count(D.refused),
  errorRate: orNull(Ratio, `${D.errorRate} A decimal, 1 for all; null where nothing was asked.`),
  activeUsers: count(D.activeUsers),
  inputTokens: count(D.inputTokens),
  outputTokens: count(D.outputTokens),
  averageLatencyMs: orNull(t.Integer({ minimum: 0 }), `${D.latency} Milliseconds; null where there was no call.`),
}
export type UsageFiguresJson = Static<ReturnType<typeof t.Object<typeof USAGE>>>

const REVENUE = {
  calls: count(D.calls),
  activeUsers: count(D.activeUsers),
  charged: { ...Amount, description: D.charge } as typeof Amount,
  developerShare: { ...Amount, description: D.revenue } as typeof Amount,
  developerShareCents: t.Integer({ description: "The same in cents, rounded down: to show, never to compute with" }),
  perActiveUser: orNull(Amount, `${D.perUser} Null where nobody was active.`),
}
export type RevenueFiguresJson = Static<ReturnType<typeof t.Object<typeof REVENUE>>>

const NEW = count(D.newUsers)
const NEW_BY_DAY = orNull(t.Integer({ minimum: 0 }), `${D.newUsers} Null where rows are no days.`)

const answer = (object: string, figures: TProperties, more: TProperties, description: string) =>
  t.Object(
    {
      object: t.Literal(object),
      timeZone: t.Literal("UTC"),
      from: Day("The first UTC day"),
      to: Day("The last UTC day; today is not over"),
      by: t.String({ description: "What rows are parted by", examples: ["day"] }),
      totals: t.Object({ ...figures, newUsers: NEW }, { description: "Of all these days" }),
      previous: t.Object(
        { from: Day("The first of them"), to: Day("The last of them"), ...figures, newUsers: NEW },
        { description: "Of as many days before, to compare with" },
      ),
      data: t.Array(
        t.Object({
          key: t.String({ description: "The day, endpoint, model or scope", examples: ["2026-11-26"] }),
          ...figures,
          newUsers: NEW_BY_DAY,
        }),
        { description: `Every day in order; else the ones with the most calls first, ${ROWS_MAX} at most` },
      ),
      ...more,
    },
    { description },
  )

export const AppUsage = answer("app.usage", USAGE, {}, "What your app did, exact to the last call; days are UTC")
export const AppRevenue = answer(
  "app.revenue",
  REVENUE,
  {
    change: orNull(
      Ratio,
      "How much more your share is than before: 0.5 for half as much again; null where it was none",
    ),
  },
  "What your app earned, exact to the last call; days are UTC",
)

/** What both may be asked; none of it must. */
export const FIGURES_QUERY = {
  range: t.String({ default: "30d", description: "`7d`, `30d` or `90d`, today included" }),
  from: t.String({ description: `In place of a range: the first UTC day, within ${SPAN_DAYS_MAX} days of \`to\`` }),
  to: t.String({ description: "The last UTC day; today by default" }),
  by: t.String({
    default: "day",
    description:
      "What rows are parted by: `day`, `endpoint`, `model`, `scope`, `payer` (who paid the provider: `platform` for credits, `own` by a key of the person’s own there, `cache` nobody; empty: refused)",
  }),
  endpoint: t.String({ description: "Only this endpoint, such as `chat`" }),
  model: t.String({ description: "Only this model, as calls named it" }),
  scope: t.String({ description: "Only this kind of model, such as `llm`" }),
} as const

// Plans by API (seed 001 calls them tiers): all side by side, and the move to another one. What a move costs at once is told first, and taken
// only with the amount that was told.
import { Type as t } from "@sinclair/typebox"
import { ensure, randomSecret, sha256Hex } from "../../../app/index.ts"
import type { Billing, Buyer, Months, PlannedChange } from "../../../billing/index.ts"
import { percentText } from "../../../http/index.ts"
import type { Plan, Plans } from "../../../plans/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { Amount, At, amount, atOf, Cents, centsOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface TierRoutesDeps {
  plans: Pick<Plans, "list" | "standingOf" | "planByCode">
  billing: Billing
}

const CLOSED = { additionalProperties: false }
const Interval = t.Union([t.Literal("month"), t.Literal("year")], { description: "`month` or `year`" })
const monthsOf = (interval: "month" | "year" | undefined): Months => (interval === "year" ? 12 : 1)
const intervalOf = (months: Months): "month" | "year" => (months === 12 ? "year" : "month")

const Tier = t.Object({
  tier: t.String({ description: "The code of the plan", examples: ["professional"] }),
  name: t.String({ description: "As people see it" }),
  description: t.String({ description: "One sentence for the comparison" }),
  price: Amount,
  priceCents: Cents,
  yearly_price: maybe(Amount),
  daily: Amount,
  monthly: Amount,
  rollover_max: Amount,
  markup_percent: t.String({ description: "Above the price of a model, through a person’s own API key" }),
  free_models_only: t.Boolean({ description: "A person’s own API keys reach free models only" }),
  own_provider_keys: t.Boolean({ description: "Calls may use keys that the person holds at providers" }),
  credits_or_keys: t.Boolean({ description: "Monthly credits or own provider keys, the person’s choice" }),
  model_choice: t.Boolean({ description: "A model of the person’s choice for each capability" }),
  priority_support: t.Boolean({ description: "Questions are answered first" }),
  teams: t.Boolean({ description: "Wallets that several people share" }),
  is_sold: t.Boolean({ description: "It can be paid for here" }),
  is_current: t.Boolean({ description: "The plan that counts for whoever asks" }),
})

export const tierRoutes = (deps: TierRoutesDeps): ManageRoute[] => [compareRoute(deps), switchRoute(deps)]

const tierOf = ({ billing }: TierRoutesDeps, plan: Plan, present: Plan) => ({
  tier: plan.code,
  name: plan.name,
  description: plan.description,
  price: amount(plan.priceNano),
  priceCents: centsOf(plan.priceNano),
  yearly_price: plan.yearlyNano === null ? null : amount(plan.yearlyNano),
  daily: amount(plan.dailyClaimNano),
  monthly: amount(plan.monthlyNano),
  rollover_max: amount(plan.rolloverMaxNano),
  markup_percent: percentText(plan.markupPaidBp),
  free_models_only: plan.freeModelsOnly,
  own_provider_keys: plan.byokAllowed,
  credits_or_keys: plan.eitherOr,
  model_choice: plan.overrides,
  priority_support: plan.prioritySupport,
  teams: plan.teams,
  is_sold: billing.plans.isSold(plan, 1) || billing.plans.isSold(plan, 12),
  is_current: plan.id === present.id,
})

function compareRoute(deps: TierRoutesDeps): ManageRoute {
  return route({
    method: "get",
    paths: ["/api/v1/tiers/compare"],
    operationId: "compareTiers",
    summary: "Compare tiers",
    description: "Every plan that takes people, and how one’s own stands.",
    tag: "Tiers",
    answer: t.Object({
      data: t.Array(Tier),
      current: t.String({ description: "The code of the plan that counts", examples: ["starter"] }),
      source: t.String({ description: "`free`, `assigned` (by an admin) or `subscription`" }),
      next: maybe(t.String({ description: "The plan after this period, where it is another one" })),
      period_end: maybe(At),
    }),
    act({ manager }) {
      const standing = deps.plans.standingOf(manager.page.session.userId)
      const shown = deps.plans.list().filter((plan) => plan.active || plan.id === standing.plan.id)
      return {
        data: shown.map((plan) => tierOf(deps, plan, standing.plan)),
        current: standing.plan.code,
        source: standing.source,
        next: standing.pendingPlan?.code ?? null,
        period_end: standing.period ? atOf(standing.period.endMs) : null,
      }
    },
  })
}

const Switched = t.Object({
  object: t.Literal("tier_switch"),
  outcome: t.Union(
    ["checkout", "confirm", "switched", "scheduled", "kept", "unchanged"].map((one) => t.Literal(one)),
    {
      description:
        "`checkout`: to be paid on a page; `confirm`: send it again with `confirm`; `switched`: at once; `scheduled`: at the end of what is paid",
    },
  ),
  tier: t.String({ description: "The code of the plan that was asked for", examples: ["professional"] }),
  interval: Interval,
  effective_at: maybe(At),
  due: maybe(Amount),
  due_at: maybe(At),
  checkout_url: maybe(t.String({ description: "Where a person pays" })),
})

const BODY = t.Object(
  {
    tier: t.String({ minLength: 1, maxLength: 64, description: "The code of a plan; `free` ends what is paid for" }),
    interval: t.Optional(Interval),
    choice: t.Optional(
      t.Union([t.Literal("credits"), t.Literal("byok")], {
        description: "`credits` or `byok`, of a plan with this choice",
      }),
    ),
    confirm: t.Optional(
      t.Object(
        {
          due: t.Object(
            { nano: t.String({ pattern: "^\\d{1,16}$", description: "Whole nano-dollars, as they were told" }) },
            { ...CLOSED, description: "What it costs now, as it was told" },
          ),
          due_at: t.String({ format: "date-time", description: "The `due_at` that was told" }),
        },
        { ...CLOSED, description: "`due` (its `nano`) and `due_at` of the answer with `outcome: confirm`" },
      ),
    ),
  },
  CLOSED,
)

function switchRoute(deps: TierRoutesDeps): ManageRoute {
  return route({
    method: "post",
    paths: ["/api/v1/tiers/switch"],
    operationId: "switchTier",
    summary: "Switch tier",
    description: [
      "Who pays for nothing yet gets `checkout` and the address of a page to pay on. To a dearer plan `confirm` says what it costs now: send the same again with `confirm`.",
      "A cheaper plan, or `free`, begins at the end of what is paid (`scheduled`). The present plan keeps it (`kept`).",
    ].join("\n\n"),
    tag: "Tiers",
    once: "optional",
    body: BODY,
    example: { tier: "professional" },
    answer: Switched,
    errors: ["not_found", "conflict", "unavailable"],
    async act({ manager, body, once }) {
      const months = monthsOf(body.interval)
      const { page } = manager
      // The same key with another body is another act: `confirm` may come under the key of what it confirms.
      const key = once ? sha256Hex(`${once.key} ${once.bodyHash()}`) : randomSecret(18)
      const wanted = { planCode: body.tier, months, buyer: buyerOf(manager), key }
      const planned = await plannedFor(deps, manager, wanted)
      if (planned.kind === "subscribe") {
        const choice = body.choice ?? null
        const signup = await deps.billing.plans.subscribe(page.ctx("subscribed to a plan"), { ...wanted, choice })
        return { ...answerOf(planned), outcome: "checkout", checkout_url: signup.payUrl }
      }
      if (planned.kind === "now" && !body.confirm) return { ...answerOf(planned), outcome: "confirm" }
      const { confirm } = body
      // Where nothing is taken now, what was told a moment ago is what is done, or nothing.
      const seen = confirm
        ? { atMs: Date.parse(confirm.due_at), dueNano: Number(confirm.due.nano) }
        : { seal: planned.seal }
      const done = await deps.billing.plans.change(page.ctx("changed their plan"), { ...wanted, seen })
      return answerOf(done)
    },
  })
}

const buyerOf = ({ page }: Manager): Buyer => {
  const { userId, publicId } = page.session
  return { id: userId, publicId, email: page.user.email }
}

/** @throws AppError conflict: a key of test mode buys nothing */
async function plannedFor(
  { billing }: TierRoutesDeps,
  { mode, page }: Manager,
  wanted: { planCode: string; months: Months },
): Promise<PlannedChange> {
  ensure(mode === "live", "conflict", "A key of test mode changes no plan.")
  return await billing.plans.preview(page.session.userId, wanted)
}

const OUTCOME = {
  subscribe: "checkout",
  now: "switched",
  later: "scheduled",
  end: "scheduled",
  keep: "kept",
  same: "unchanged",
}

function answerOf(planned: PlannedChange) {
  const isNow = planned.kind === "now"
  return {
    object: "tier_switch",
    outcome: OUTCOME[planned.kind],
    tier: planned.plan.code,
    interval: intervalOf("months" in planned ? planned.months : 1),
    effective_at: "atMs" in planned ? atOf(planned.atMs) : null,
    due: isNow ? amount(planned.now.dueNano) : null,
    due_at: isNow ? atOf(planned.now.atMs) : null,
    checkout_url: null,
  }
}

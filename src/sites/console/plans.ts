// Plans for money: all side by side, what a change would cost before it is confirmed, the end of one, and the way to card and payments.
import { PayPage } from "../../../views/console/credits/buy.tsx"
import { EndPlanPage, PlanChangePage, SignupPage } from "../../../views/console/credits/plan-change.tsx"
import { PlansPage } from "../../../views/console/credits/plans.tsx"
import { dateText, usdText } from "../../../views/ui/format.ts"
import type { FormView } from "../../../views/ui/index.ts"
import { ensure, type Nano, randomSecret } from "../../app/index.ts"
import { type Buyer, COUPON_LIMITS, type OwnSubscription, type PlannedChange } from "../../billing/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { PageRequest, Status } from "../base/index.ts"
import { CODE_CHARS_MAX, lookedUp, redeemerOf, withError } from "./coupon-code.ts"
import { monthsOf, offersOf, perOf, planNow, pointsOf, shownPlans, tablesOf } from "./plan-words.ts"
import type { ConsoleDeps, ConsoleSite } from "./site.ts"

type Deps = Pick<ConsoleDeps, "billing" | "plans">

const PLANS = "/credits/plans"

/** What a code takes off the first invoice, or why it does not. */
type PlanCoupon = { code: string; off: Nano } | { refusal: string }

const CHANGE_FORM = form(
  {
    to: field.hidden({ label: "Plan", optional: true }),
    by: field.hidden({ label: "Paid by", optional: true }),
    /** What was shown: whoever confirms has seen this price. */
    seen: field.sealed({ label: "Shown" }),
    choice: field.choice({
      label: "What the plan gives you",
      control: "radios",
      wrong: "Choose one of the two.",
      options: [
        { value: "credits", label: "Monthly credits", help: "New credits when each month begins." },
        {
          value: "byok",
          label: "Own provider keys",
          help: "Your calls use keys that you hold at AI providers, and they bill you.",
        },
      ],
    }),
    code: field.text({
      name: "coupon",
      label: "Coupon",
      help: "If you have a code that takes something off the first payment.",
      mono: true,
      autocomplete: "off",
      optional: true,
      max: CODE_CHARS_MAX,
      long: "A code is shorter than that.",
    }),
    key: field.formKey(),
  },
  { submit: "Confirm" },
)

const SUBMIT: Record<PlannedChange["kind"], (planned: PlannedChange) => string> = {
  subscribe: () => "Continue to payment",
  now: (planned) => (planned.kind === "now" ? `Pay ${usdText(planned.now.dueNano)} and move up` : ""),
  later: ({ plan }) => `Move to ${plan.name} then`,
  keep: ({ plan }) => `Stay on ${plan.name}`,
  same: () => "Nothing to change",
  end: () => "End the plan",
}

const buyerOf = (page: PageRequest): Buyer => {
  const { userId, publicId } = page.session
  return { id: userId, publicId, email: page.user.email }
}

export function plansRoutes(site: ConsoleSite, deps: Deps): void {
  site.get(PLANS, (page) => plansPage(deps, page))
  changeRoute(site, deps)
  endRoutes(site, deps)
  signupRoute(site, deps)
}

function plansPage(deps: Deps, page: PageRequest): Response {
  const { plans, billing } = deps
  const { userId } = page.session
  const own = billing.plans.ownOf(userId)
  const isYearly = plans.list().some((plan) => billing.plans.isSold(plan, 12))
  const asked = new URL(page.request.url).searchParams.get("by")
  const by = isYearly ? perOf(asked === null ? (own?.months ?? 1) : monthsOf(asked)) : "month"
  const { plan } = plans.standingOf(userId)
  const code = codeOf(new URL(page.request.url).searchParams.get("coupon") ?? "")
  const props = {
    now: planNow(deps, userId),
    offers: offersOf(deps, userId, by, code),
    code,
    tables: tablesOf(shownPlans(plans.list(), [plan]), plan),
    by: isYearly ? by : null,
    isTest: billing.isTest,
  }
  return page.render((frame) => PlansPage({ frame, ...props }))
}

/** As it stands in an address. */
const codeOf = (typed: string): string => typed.trim().slice(0, CODE_CHARS_MAX)

/** A change with the code that goes along, and what that does. */
type Planned = PlannedChange & { code: string; offer: PlanCoupon | null }

/** @throws AppError for all but what is wrong with the code */
async function offerOf(
  deps: Deps,
  page: PageRequest,
  planned: PlannedChange,
  code: string,
): Promise<PlanCoupon | null> {
  if (page.request.method !== "GET" || code === "" || planned.kind !== "subscribe") return null
  const { coupon, refusal } = await lookedUp(deps, page, code)
  if (!coupon) return { refusal: refusal?.message ?? "" }
  const sold = { subject: `plan:${planned.plan.code}`, priceNano: planned.priceNano }
  const offer = deps.billing.coupons.offer(coupon, sold)
  return "objection" in offer ? { refusal: offer.objection } : { code: coupon.code, off: offer.discountNano }
}

function changeRoute(site: ConsoleSite, deps: Deps): void {
  const { billing } = deps
  site.form("/credits/plans/change", {
    async load(page, _, sent): Promise<Planned> {
      const wanted = { planCode: sent("to"), months: monthsOf(sent("by")) }
      const planned = await billing.plans.preview(page.session.userId, wanted)
      ensure(
        planned.kind !== "end",
        "not_found",
        "There is nothing to choose here. End your plan on the page of plans.",
      )
      const code = codeOf(sent("coupon"))
      return { ...planned, code, offer: await offerOf(deps, page, planned, code) }
    },
    form: CHANGE_FORM,
    adapt: (form, planned) =>
      planned.kind !== "subscribe"
        ? form.with({ choice: null, code: null })
        : planned.plan.eitherOr
          ? form
          : form.with({ choice: null }),
    present: (planned) => ({
      to: planned.plan.code,
      by: planned.kind === "end" ? "month" : perOf(planned.months),
      seen: planned.seal,
      choice: "credits" as const,
      code: planned.code,
      key: randomSecret(18),
    }),
    async act(page, values, planned) {
      const wanted = { planCode: planned.plan.code, months: monthsOf(values.by), buyer: buyerOf(page), key: values.key }
      if (planned.kind === "subscribe")
        return await toPayment(deps, page, { ...wanted, choice: values.choice, coupon: typedCode(page, values.code) })
      const seen = values.seen === "" ? null : { seal: values.seen }
      const done = await billing.plans.change(page.ctx("changed their plan"), { ...wanted, seen })
      return { to: PLANS, say: doneWords(done) }
    },
    show: changePage,
  })
}

/** A code that waits with a plan, and until when. */
const heldOf = (use: { code: string; createdMs: number } | null) =>
  use ? { code: use.code, untilMs: use.createdMs + COUPON_LIMITS.reservedMs } : undefined

const typedCode = (page: PageRequest, code: string) => (code === "" ? undefined : { code, ip: redeemerOf(page).ip })

async function toPayment(
  { billing }: Deps,
  page: PageRequest,
  input: Parameters<Deps["billing"]["plans"]["subscribe"]>[1],
): Promise<Response | { to: string }> {
  const signup = await billing.plans.subscribe(page.ctx("subscribed to a plan"), input)
  if (signup.payUrl === null) return { to: `/credits/signups/${signup.publicId}` }
  const props = { location: signup.payUrl, host: new URL(signup.payUrl).host }
  return page.render((frame) => PayPage({ frame, ...props }))
}

function doneWords(done: PlannedChange): string {
  const { plan } = done
  if (done.kind === "now") return `You are on ${plan.name} now. ${usdText(done.now.dueNano)} were charged.`
  if (done.kind === "later") return `${plan.name} begins on ${dateText(done.atMs)}. Nothing changes before.`
  if (done.kind === "keep") return `${plan.name} goes on.`
  return `You are on ${plan.name}, as before.`
}

function changePage(page: PageRequest, view: FormView, planned: Planned, status: Status): Response {
  ensure(planned.kind !== "end", "not_found", "There is nothing to choose here.")
  const { kind, plan, months, priceNano, offer } = planned
  const props = {
    kind,
    name: plan.name,
    price: priceNano,
    per: perOf(months),
    points: pointsOf(plan, months),
    atMs: "atMs" in planned ? planned.atMs : null,
    due:
      planned.kind === "now"
        ? {
            lines: planned.now.lines.map(({ text, amountNano }) => ({ text, amount: amountNano })),
            tax: planned.now.taxNano,
            total: planned.now.dueNano,
            credit: planned.now.creditNano,
          }
        : null,
    isRestart: planned.kind === "now" && planned.isRestart,
    coupon: offer && "off" in offer ? offer : null,
    form: {
      ...withError(view, offer && "refusal" in offer ? offer.refusal : null, "coupon"),
      submit: SUBMIT[kind](planned),
    },
  }
  return page.render((frame) => PlanChangePage({ frame, ...props }), status)
}

function endRoutes(site: ConsoleSite, deps: Deps): void {
  const { billing } = deps
  const load = (page: PageRequest): OwnSubscription => {
    const own = billing.plans.ownOf(page.session.userId)
    ensure(own, "not_found", "You pay for no plan. All plans are under Credits, Plans.")
    return own
  }
  site.form("/credits/subscription/end", {
    load,
    form: button("End plan", true),
    async act(page) {
      const own = await billing.plans.end(page.ctx("ended their plan"), buyerOf(page), randomSecret(9))
      return { to: PLANS, say: `${own.plan.name} ends on ${dateText(own.endsMs ?? own.periodEndMs)}.` }
    },
    show(page, view, { plan, periodEndMs }, status) {
      const props = { name: plan.name, endMs: periodEndMs, monthly: plan.monthlyNano, form: view }
      return page.render((frame) => EndPlanPage({ frame, ...props }), status)
    },
  })
  site.post("/credits/subscription/renewal", {
    load,
    form: button("Keep plan"),
    async act(page) {
      const own = await billing.plans.resume(page.ctx("kept their plan"), buyerOf(page), randomSecret(9))
      return { to: PLANS, say: `${own.plan.name} goes on, and renews on ${dateText(own.periodEndMs)}.` }
    },
    back: () => PLANS,
  })
  site.post("/credits/subscription/portal", {
    form: button("Card and payments"),
    async act(page) {
      const location = await billing.plans.portal(buyerOf(page))
      const props = { location, host: new URL(location).host, isPortal: true }
      return page.render((frame) => PayPage({ frame, ...props }))
    },
    back: () => PLANS,
  })
}

function signupRoute(site: ConsoleSite, { billing, plans }: Deps): void {
  site.post("/credits/signups/:signup/end", {
    form: button("Give it up"),
    load(page, { signup: publicId }: { signup: string }) {
      const known = billing.plans.signup(page.session.userId, publicId)
      ensure(known, "not_found", "There is no such subscription. All plans are under Credits, Plans.")
      return known
    },
    async act(page, _, { publicId }) {
      await billing.plans.giveUp(buyerOf(page), publicId)
      return { to: PLANS, say: "It is given up, and nothing was charged." }
    },
    back: ({ publicId }) => `/credits/signups/${publicId}`,
  })
  site.get("/credits/signups/:signup", async (page, { signup: publicId }) => {
    const known = billing.plans.signup(page.session.userId, publicId)
    ensure(known, "not_found", "There is no such subscription. All plans are under Credits, Plans.")
    const signup = await billing.plans.refreshSignup(known)
    const isBack = new URL(page.request.url).searchParams.has("paid")
    const props = {
      id: signup.publicId,
      name: plans.list().find(({ id }) => id === signup.planId)?.name ?? "Your plan",
      state: signup.state === "open" && isBack ? ("waiting" as const) : signup.state,
      payUrl: signup.payUrl,
      held: signup.state === "open" ? heldOf(billing.coupons.useOf(`signup:${signup.publicId}`)) : undefined,
    }
    return page.render((frame) => SignupPage({ frame, ...props }))
  })
}

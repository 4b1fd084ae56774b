// /developer/payouts: what is there, asking for it, and test money.
import { modeHref } from "../../../../views/portal/mode-switch.tsx"
import { PayoutsPage, type PayoutsProps } from "../../../../views/portal/payouts/home.tsx"
import type { FormView } from "../../../../views/ui/index.ts"
import { randomSecret, type UserId } from "../../../app/index.ts"
import { field, form } from "../../../http/index.ts"
import { MONTHLY_DAY, methodName, PAYOUT_LIMITS, taxNumberName } from "../../../payouts/index.ts"
import type { PageRequest, Status } from "../../base/index.ts"
import { earningsShown } from "../app-pages.ts"
import { modeOf, modeQuery } from "../mode.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { rowOf } from "./words.ts"

const PATH = "/developer/payouts"

const ASK = form(
  {
    amount: field.dollars({ label: "Amount", optional: true, positive: true }),
    key: field.formKey(),
  },
  { submit: "Ask for a payout" },
)
const MONTHLY = form(
  {
    monthly: field.choice({
      label: "Monthly",
      control: "hidden",
      options: [
        { value: "on", label: "On" },
        { value: "off", label: "Off" },
      ],
    }),
  },
  { submit: "Save" },
)
const TEST = form({ key: field.formKey() }, { submit: "Pay test money out" })

export function payoutHomeRoutes(site: PortalSite, deps: PortalDeps): void {
  const { payouts, store } = deps
  site.get(PATH, (page) => home(deps, page, {}))
  site.post(PATH, {
    form: ASK,
    async act(page, { amount, key }) {
      const asking = { userId: page.holder.id, amountNano: amount, key }
      const made = await store.write(page.ctx("asked for a payout"), (tx) => payouts.requestIn(tx, asking))
      return { to: `${PATH}/${made.publicId}`, say: "Your payout is asked for. You get a mail when it is approved." }
    },
    show: (page, ask, _, status) => home(deps, page, { ask }, status),
  })
  site.post(`${PATH}/schedule`, {
    form: MONTHLY,
    async act(page, { monthly }) {
      const choice = { userId: page.holder.id, on: monthly === "on" }
      await store.write(page.ctx("chose monthly payouts"), (tx) => payouts.turnMonthlyIn(tx, choice))
      return { to: PATH, say: choice.on ? "A payout is asked for each month." : "You ask for each payout yourself." }
    },
    back: () => PATH,
  })
  site.post(`${PATH}/test`, {
    form: TEST,
    async act(page, { key }) {
      const asking = { userId: page.holder.id, key }
      const made = await store.write(page.ctx("paid test money out"), (tx) => payouts.testPayoutIn(tx, asking))
      return { to: `${PATH}/${made.publicId}`, say: "The test payout went through. Nothing was sent." }
    },
    back: () => modeHref(PATH, "test"),
  })
}

function home(deps: PortalDeps, page: PageRequest, sent: { ask?: FormView }, status?: Status): Response {
  const { payouts, clock } = deps
  const userId = page.holder.id
  const { searchParams } = new URL(page.request.url)
  const mode = modeOf(searchParams)
  const asked = /^\d{1,15}$/.exec(searchParams.get("before") ?? "")?.[0]
  const found = payouts.ordersOf(userId, asked === undefined ? null : Number(asked), mode)
  const rows = found.slice(0, PAYOUT_LIMITS.rows)
  const method = payouts.methodOf(userId)
  const earnings = earningsShown(deps, page, mode)
  const tax = payouts.taxNumberOf(userId)
  const key = randomSecret(18)
  const props: Omit<PayoutsProps, "frame"> = {
    now: clock.now(),
    mode,
    earnings,
    method: method && {
      name: methodName(method),
      currency: method.currency,
      usableMs: method.usableMs > clock.now() ? method.usableMs : null,
      isUnproved: method.confirmedMs === null,
      isStripe: method.kind === "stripe",
    },
    taxNumber: tax && taxNumberName(tax),
    refusal: payouts.refusalOf(userId),
    most: payouts.mostOf(userId),
    form: sent.ask ?? ASK.show({ action: PATH, present: { key } }),
    schedule: scheduleShown(deps, userId),
    payouts: rows.map(rowOf),
    test: { ...payouts.testEarningsOf(userId), form: TEST.show({ action: `${PATH}/test`, present: { key } }) },
    firstHref: asked === undefined ? undefined : modeHref(PATH, mode),
    nextHref:
      found.length > rows.length
        ? `${PATH}?${new URLSearchParams({ ...modeQuery(mode), before: String(rows.at(-1)!.id) })}`
        : undefined,
  }
  return page.render((frame) => PayoutsPage({ frame, ...props }), status)
}

function scheduleShown({ payouts, settings }: PortalDeps, userId: UserId): PayoutsProps["schedule"] {
  const day = settings.get(MONTHLY_DAY)
  const isOn = payouts.isMonthly(userId)
  if (day === 0 && !isOn) return null
  const view = MONTHLY.show({ action: `${PATH}/schedule`, present: { monthly: isOn ? "off" : "on" } })
  return { day, isOn, form: { ...view, submit: isOn ? "Ask myself" : "Ask for me each month", ids: "schedule" } }
}

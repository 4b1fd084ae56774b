// /admin/billing/events: what the payment service sent, replayed or set aside.
import {
  AdminEventAsidePage,
  AdminEventPage,
  AdminEventsPage,
  type EventState,
  eventPath,
} from "../../../views/admin/billing/events.tsx"
import { withQuery } from "../../../views/ui/index.ts"
import { ensure } from "../../app/index.ts"
import { BILLING_LIMITS, type BillingEvent } from "../../billing/index.ts"
import { button, field, form } from "../../http/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { AdminDeps, AdminSite } from "./site.ts"

type Deps = Pick<AdminDeps, "billing" | "clock" | "store">

const LIST = "/admin/billing/events"
const ASIDE_FORM = form({ reason: field.reason() }, { submit: "Set aside" })
const STATES: readonly EventState[] = ["applied", "ignored", "parked"]
const SAID: Record<EventState, string> = {
  applied: "It was applied.",
  ignored: "It is not of interest here; nothing was to be done.",
  parked: "It is parked still.",
}

export function billingEventRoutes(site: AdminSite, { billing, clock, store }: Deps): void {
  const load = (_: unknown, { event: id }: { event: string }): BillingEvent => {
    const event = billing.event(id)
    ensure(event, "not_found", "There is no such event. They are listed under Billing.")
    return event
  }
  site.get(LIST, (page) => list({ billing, clock }, page))
  site.get(`${LIST}/:event`, (page, params) => {
    const props = { event: rowOf(load(page, params)), isOn: billing.isOn }
    return page.render((frame) => AdminEventPage({ frame, ...props }))
  })
  site.post(`${LIST}/:event/replay`, {
    summary: "Replay an event of the payment service",
    load,
    form: button("Replay"),
    async act(page, _, { eventId }) {
      const { state, note } = await billing.replay(page.ctx("replayed an event"), eventId)
      const say = state === "parked" && note !== null ? `${SAID.parked} Why: ${note}.` : SAID[state]
      const result = { state }
      if (state === "parked") return { to: eventPath(eventId), say, tone: "error" as const, result }
      return { to: eventPath(eventId), say, result }
    },
    back: ({ eventId }) => eventPath(eventId),
  })
  site.form(`${LIST}/:event/setting-aside`, {
    summary: "Set an event aside that was settled by hand",
    load,
    form: ASIDE_FORM,
    async act(page, { reason }, { eventId }) {
      await store.write(page.ctx(reason), (tx) => billing.setAsideIn(tx, eventId))
      return { to: eventPath(eventId), say: "The event is set aside." }
    },
    show: (page, shown, event, status) => {
      const props = { event: rowOf(event), isOn: billing.isOn, form: shown }
      return page.render((frame) => AdminEventAsidePage({ frame, ...props }), status)
    },
  })
}

function list({ billing, clock }: Pick<Deps, "billing" | "clock">, page: PageRequest): Response {
  const params = new URL(page.request.url).searchParams
  const state = STATES.find((one) => one === params.get("state")) ?? null
  const before = params.get("before") ?? undefined
  const found = billing.events(state, BILLING_LIMITS.eventsPage + 1, before)
  const shown = found.slice(0, BILLING_LIMITS.eventsPage)
  const last = found.length > shown.length ? shown.at(-1) : undefined
  const props = {
    now: clock.now(),
    parked: billing.countParked(),
    state: state ?? ("all" as const),
    events: shown.map(rowOf),
    olderHref: last && withQuery(LIST, { ...(state ? { state } : {}), before: last.eventId }),
    isFirst: before === undefined,
  }
  return page.render((frame) => AdminEventsPage({ frame, ...props }))
}

const rowOf = ({ eventId, ...event }: BillingEvent) => ({ ...event, id: eventId })

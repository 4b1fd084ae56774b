// What people do in the house while it may die: each by a public verb, and each may be done again, as a page does that is loaded again.
import { nano } from "../../../src/app/index.ts"
import type { App } from "../../../src/compose.ts"
import type { User } from "../../../src/identity/index.ts"

/** Writes of these are counted, beside those that the processor's words cause. */
export const CTX = { actor: "cli", requestId: "kill", reason: "a person's act" }

/** @param kept what the act before answered: a page that is still open */
export type HouseAct = (app: App, person: User, kept: unknown) => Promise<unknown>

const DEARER = { planCode: "professional", months: 1 } as const
const lastOrder = (app: App, person: User) => app.billing.ordersOf(person.id, 1)[0]

export const HOUSE_ACTS: Record<string, HouseAct> = {
  async buy(app, person) {
    const order = await app.billing.buy(CTX, { buyer: person, slug: "plus", key: "the-form" })
    return order.sessionId
  },
  async return(app, person) {
    const order = lastOrder(app, person)
    return order ? (await app.billing.refresh(order)).state : null
  },
  async subscribe(app, person) {
    const input = { buyer: person, planCode: "starter", months: 1, choice: null, key: "the-form" } as const
    return (await app.billing.plans.subscribe(CTX, input)).sessionId
  },
  /** What it costs is shown… */
  async look(app, person) {
    const seen = await app.billing.plans.preview(person.id, DEARER)
    return seen.kind === "now" ? { atMs: seen.now.atMs, dueNano: seen.now.dueNano } : null
  },
  /** …and confirmed: the same form again. */
  async upgrade(app, person, kept) {
    const input = { ...DEARER, buyer: person, key: "the-form", seen: kept as { atMs: number; dueNano: number } }
    return (await app.billing.plans.change(CTX, input)).kind
  },
  async refund(app, person) {
    const paymentKey = `order:${lastOrder(app, person)!.publicId}`
    const input = { paymentKey, amountNano: nano(10_000_000_000), reason: "Asked for", key: paymentKey }
    return (await app.billing.refunds.refund(CTX, input)).state
  },
}

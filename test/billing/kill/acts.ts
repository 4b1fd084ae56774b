// What people do in the house while it may die: each by a public verb, and each may be done again, as a page does that is loaded again.
import { credits, nano } from "../../../src/app/index.ts"
import type { App } from "../../../src/compose.ts"
import type { User } from "../../../src/identity/index.ts"

/** Writes of these are counted, beside those that the processor's words cause. */
export const CTX = { actor: "cli", requestId: "kill", reason: "a person's act" }

/** Writes of these are not. */
const ASIDE = { ...CTX, requestId: "aside" }
const TERMS = { belowNano: credits(100), amountNano: nano(10_000_000_000), monthNano: nano(20_000_000_000) }

/** @param kept what the act before answered: a page that is still open */
export type HouseAct = (app: App, person: User, kept: unknown) => Promise<unknown>

const DEARER = { planCode: "professional", months: 1 } as const
const lastOrder = (app: App, person: User) => app.billing.ordersOf(person.id, 1)[0]

export const HOUSE_ACTS: Record<string, HouseAct> = {
  async buy(app, person) {
    const order = await app.billing.buy(CTX, { buyer: person, slug: "plus", key: "the-form" })
    return order.sessionId
  },
  /** The page to save a card on. */
  card: (app, person) => app.billing.recharges.beginCard(CTX, person, "the-form"),
  async "runs low"(app, person) {
    const { billing, store, ledger, outbox } = app
    const owner = { kind: "principal", id: person.id } as const
    const to = { owner, mode: "live" } as const
    const bonus = { ...to, type: "bonus", bucket: "bonus", paid: false, key: `some:${person.publicId}` } as const
    // Each once, by its key: after a death nothing falls that memory could notice.
    await store.write(ASIDE, (tx) => void ledger.grantIn(tx, { ...bonus, amountNano: credits(200) }))
    if (!billing.recharges.of(person.id).rule) await billing.recharges.turnOn(ASIDE, person.id, TERMS)
    const less = { ...to, amountNano: nano(-credits(150)), key: `low:${person.publicId}` }
    await store.write(ASIDE, (tx) => void ledger.adjustIn(tx, less))
    await store.write(ASIDE, () => {})
    await outbox.flush()
    await billing.recharges.lookAt(person.id - 1, 1)
    await outbox.flush()
    return billing.ordersOf(person.id, 9).map(({ state }) => state)
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
  async suspend(app, person) {
    await app.identity.suspend(CTX, { userId: person.id, reason: "Looked at" })
    await app.outbox.flush()
    return null
  },
  async reinstate(app, person) {
    await app.identity.unsuspend(CTX, { userId: person.id, reason: "All is well" })
    await app.outbox.flush()
    return null
  },
  async refund(app, person) {
    const paymentKey = `order:${lastOrder(app, person)!.publicId}`
    const input = { paymentKey, amountNano: nano(10_000_000_000), reason: "Asked for", key: paymentKey }
    return (await app.billing.refunds.refund(CTX, input)).state
  },
}

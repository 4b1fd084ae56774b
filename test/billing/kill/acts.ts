// What people do in the house while it may die: each by a public verb, and each may be done again, as a page does that is loaded again.
import type { App } from "../../../src/compose.ts"
import type { User } from "../../../src/identity/index.ts"

/** Writes of these are counted, beside those that the processor's words cause. */
export const CTX = { actor: "cli", requestId: "kill", reason: "a person's act" }

export type HouseAct = (app: App, person: User) => Promise<unknown>

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
}

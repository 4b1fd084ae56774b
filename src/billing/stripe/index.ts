// The door of Stripe: the only folder that knows its client, which is loaded where a key is set.
import type { Processor, StripeOptions } from "./types.ts"

export { dashboardUrl } from "./dashboard.ts"
export { EVENT_TYPES } from "./event-types.ts"
export { PORTAL_TERMS } from "./portal.ts"
export * from "./types.ts"

export const createStripe = async (options: StripeOptions): Promise<Processor> =>
  (await import("./client.ts")).createStripe(options)

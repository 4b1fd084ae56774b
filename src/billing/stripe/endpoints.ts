// Where the processor sends its events.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"
import { API_VERSION } from "./version.ts"

export interface EndpointFacts {
  /** `we_…` */
  id: string
  url: string
  events: readonly string[]
  isEnabled: boolean
  /** Made by a server like this one; others are made by people, and left alone. */
  isMade: boolean
}

export interface EndpointInput {
  url: string
  events: readonly string[]
}

/** @throws ProcessorError */
export interface EndpointCalls {
  endpoints(): Promise<EndpointFacts[]>
  /** @returns with the signing secret, which is told once */
  createEndpoint(input: EndpointInput, key: string): Promise<EndpointFacts & { secret: string }>
  /** Its secret stays. */
  changeEndpoint(id: string, input: EndpointInput): Promise<EndpointFacts>
  deleteEndpoint(id: string): Promise<void>
}

const MADE = { made_by: "purser" }
/** More than an account may have. */
const ALL = 100

export const endpointCalls = (stripe: Stripe, asked: Asked): EndpointCalls => ({
  async endpoints() {
    return (await asked(stripe.webhookEndpoints.list({ limit: ALL }))).data.map(readEndpoint)
  },
  async createEndpoint({ url, events }, idempotencyKey) {
    const made = await asked(
      stripe.webhookEndpoints.create(
        { url, enabled_events: named(events), api_version: API_VERSION, metadata: MADE },
        { idempotencyKey },
      ),
    )
    return { ...readEndpoint(made), secret: made.secret! }
  },
  async changeEndpoint(id, { url, events }) {
    const terms = { url, enabled_events: named(events), disabled: false }
    return readEndpoint(await asked(stripe.webhookEndpoints.update(id, terms)))
  },
  async deleteEndpoint(id) {
    await asked(stripe.webhookEndpoints.del(id))
  },
})

const named = (events: readonly string[]) => [...events] as Stripe.WebhookEndpointCreateParams.EnabledEvent[]

const readEndpoint = (one: Stripe.WebhookEndpoint): EndpointFacts => ({
  id: one.id,
  url: one.url,
  events: one.enabled_events,
  isEnabled: one.status === "enabled",
  isMade: one.metadata.made_by === MADE.made_by,
})

// Webhooks: signed as Stripe signs them, sent again until they are taken; and, where a test asks for it, twice, late, in another order, or never.
import { createHmac } from "node:crypto"
import { type Route, route } from "./http.ts"
import { EXPAND, none, PAGED, pageOf } from "./lists.ts"
import { fields, flag, list, metadata, orNone, text } from "./shape.ts"
import type { StripeEvent, WebhookEndpoint } from "./types.ts"
import type { World } from "./world.ts"

/** What a test does to deliveries; without it each is sent once, at once, in order. */
export interface Delivery {
  /** How often each is sent beside the first time. */
  duplicates?: number
  /** Those are never sent. */
  drops?(event: StripeEvent): boolean
  /** ms before each. */
  delay?(event: StripeEvent): number
  /** Kept until `send` or `flush`. */
  holds?: boolean
  /** In place of fetch, such as a server's own handler. */
  fetch?(request: Request): Promise<Response>
  /** Waits between tries of what was not taken, ms. */
  retries?: readonly number[]
}

export class Webhooks {
  delivery: Delivery = {}
  /** Not sent yet, oldest first; only with `holds`. */
  held: StripeEvent[] = []
  /** What was answered, oldest first; 0 = nothing. */
  readonly answers: { type: string; id: string; status: number }[] = []
  private readonly running = new Set<Promise<void>>()
  private last: Promise<void> = Promise.resolve()

  constructor(
    private readonly world: World,
    given: { url: string; secret: string } | null,
  ) {
    if (given) this.listen(given)
    world.onEvent = (event) => this.take(event)
  }

  /** An endpoint that gets everything. */
  listen({ url, secret }: { url: string; secret: string }): void {
    makeEndpoint(this.world, { url, enabled_events: ["*"] }, secret)
  }

  private take(event: StripeEvent): void {
    if (this.delivery.drops?.(event)) return
    if (this.delivery.holds) this.held.push(event)
    else this.begin(event)
  }

  private begin(event: StripeEvent): void {
    const delay = this.delivery.delay?.(event)
    // One after the other, unless a test wants otherwise.
    const sent =
      delay === undefined ? this.last.then(() => this.deliver(event)) : Bun.sleep(delay).then(() => this.deliver(event))
    if (delay === undefined) this.last = sent
    this.running.add(sent)
    void sent.finally(() => this.running.delete(sent))
  }

  /** Resolves once everything that was begun is taken or given up. */
  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running)
  }

  /** Sends what was held, in this order; side by side when asked to. */
  async flush(events: readonly StripeEvent[] = this.held, options: { parallel?: boolean } = {}): Promise<void> {
    const all = [...events]
    this.held = this.held.filter((event) => !all.includes(event))
    if (options.parallel) await Promise.all(all.map((event) => this.deliver(event)))
    else for (const event of all) await this.deliver(event)
  }

  /** Once more, as its dashboard does on a click. */
  async resend(id: string): Promise<number> {
    const event = this.world.events.find((one) => one.id === id)
    if (!event) throw new Error(`no event ${id}`)
    return await this.send(event)
  }

  private async deliver(event: StripeEvent): Promise<void> {
    const { duplicates = 0, retries = [50, 200, 1_000] } = this.delivery
    for (let copy = 0; copy <= duplicates; copy++) {
      let status = await this.send(event)
      for (const wait of retries) {
        if (status >= 200 && status < 300) break
        await Bun.sleep(wait)
        status = await this.send(event)
      }
    }
  }

  private async send(event: StripeEvent): Promise<number> {
    let status = 200
    for (const endpoint of this.world.all<WebhookEndpoint>("webhook_endpoint")) {
      if (endpoint.status !== "enabled") continue
      if (!endpoint.enabled_events.includes("*") && !endpoint.enabled_events.includes(event.type)) continue
      status = await this.post(endpoint, event)
      this.answers.push({ type: event.type, id: event.id, status })
    }
    return status
  }

  private async post(endpoint: WebhookEndpoint, event: StripeEvent): Promise<number> {
    const body = JSON.stringify(event)
    const request = new Request(endpoint.url, {
      method: "POST",
      headers: {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "stripe-signature": signature(body, SECRETS.get(endpoint)!, Math.floor(this.world.options.now() / 1_000)),
      },
      body,
    })
    try {
      const answer = await (this.delivery.fetch ?? fetch)(request)
      await answer.arrayBuffer()
      return answer.status
    } catch {
      return 0
    }
  }
}

/** @param at seconds */
export const signature = (body: string, secret: string, at: number): string =>
  `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`

const SECRETS = new WeakMap<WebhookEndpoint, string>()

function makeEndpoint(
  world: World,
  sent: {
    url: string
    enabled_events: string[]
    api_version?: string
    description?: string | null
    metadata?: Record<string, string>
  },
  secret: string,
): WebhookEndpoint {
  const endpoint: WebhookEndpoint = {
    id: world.id("we"),
    object: "webhook_endpoint",
    created: world.now(),
    livemode: false,
    api_version: sent.api_version ?? null,
    description: sent.description ?? null,
    enabled_events: sent.enabled_events,
    metadata: sent.metadata ?? {},
    status: "enabled",
    url: sent.url,
  }
  SECRETS.set(endpoint, secret)
  return world.add(endpoint)
}

export const webhookRoutes = (world: World): Route[] => [
  route(
    "POST",
    "/v1/webhook_endpoints",
    fields(
      { url: text, enabled_events: list(text) },
      { api_version: text, description: orNone(text), metadata, connect: flag, ...EXPAND },
    ),
    (sent) => {
      const secret = `whsec_${world.id("fake").slice(5)}`
      // Told once, as by Stripe.
      return { ...makeEndpoint(world, sent, secret), secret }
    },
  ),
  route("GET", "/v1/webhook_endpoints", fields({}, PAGED), (sent) =>
    pageOf(world.all<WebhookEndpoint>("webhook_endpoint"), sent, "/v1/webhook_endpoints"),
  ),
  route("GET", "/v1/webhook_endpoints/:id", none, (_, { id }) => world.find<WebhookEndpoint>("webhook_endpoint", id!)),
  route(
    "POST",
    "/v1/webhook_endpoints/:id",
    fields(
      {},
      { url: text, enabled_events: list(text), disabled: flag, description: orNone(text), metadata, ...EXPAND },
    ),
    (sent, { id }) => {
      const endpoint = world.find<WebhookEndpoint>("webhook_endpoint", id!)
      if (sent.url) endpoint.url = sent.url
      if (sent.enabled_events) endpoint.enabled_events = sent.enabled_events
      if (sent.disabled !== undefined) endpoint.status = sent.disabled ? "disabled" : "enabled"
      return endpoint
    },
  ),
  route("DELETE", "/v1/webhook_endpoints/:id", none, (_, { id }) => {
    world.remove(world.find<WebhookEndpoint>("webhook_endpoint", id!))
    return { id, object: "webhook_endpoint", deleted: true }
  }),
  route("GET", "/v1/events", fields({}, { ...PAGED, type: text, types: list(text), delivery_success: flag }), (sent) =>
    pageOf(
      world.events.filter(
        ({ type }) => (!sent.type || type === sent.type) && (!sent.types || sent.types.includes(type)),
      ),
      sent,
      "/v1/events",
    ),
  ),
  route("GET", "/v1/events/:id", none, (_, { id }) => {
    const event = world.events.find((one) => one.id === id)
    return event ?? world.find("event", id!)
  }),
]

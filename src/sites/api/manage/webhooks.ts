// Webhook endpoints by API: a person's own, and with `app` those of an app they made. Deliveries are read and sent again.
import { Type as t } from "@sinclair/typebox"
import { ensure } from "../../../app/index.ts"
import type { Oauth } from "../../../oauth/index.ts"
import type { Store } from "../../../store/index.ts"
import {
  type Delivery,
  type Endpoint,
  WEBHOOK_LIMITS,
  type WebhookOwner,
  type Webhooks,
} from "../../../webhooks/index.ts"
import { refuseUnconfirmed } from "../../base/index.ts"
import { type ManageRoute, route } from "./route.ts"
import { At, atOf, maybe } from "./schemas.ts"
import type { Manager } from "./who.ts"

export interface WebhookRoutesDeps {
  webhooks: Webhooks
  oauth: Pick<Oauth, "clientsOf">
  store: Pick<Store, "write">
}

const App = t.Optional(
  t.String({ maxLength: 64, description: "An app of yours, `cli_…`; without it: your own events" }),
)
const OfApp = t.Object({ app: App }, { additionalProperties: false })
const Events = maybe(t.Array(t.String({ maxLength: 60 }), { minItems: 1, description: "Events; null = all" }))

const Hook = t.Object(
  {
    object: t.Literal("webhook_endpoint"),
    id: t.String({ examples: ["whe_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    mode: t.Union([t.Literal("live"), t.Literal("test")]),
    url: t.String({ description: "Where events are sent", examples: ["https://example.com/hooks"] }),
    description: t.String({ description: "What its owner wrote of it" }),
    events: t.Union([t.Array(t.String({ examples: ["balance.low"] })), t.Null()], {
      description: "Events; null = all",
    }),
    state: t.Union(
      ["on", "owner", "gone", "failing", "overflow"].map((one) => t.Literal(one)),
      {
        description: "`on`, or why it is off",
      },
    ),
    created_at: At,
  },
  { description: "A webhook endpoint; its secret is shown once, when it is made" },
)

const Sent = t.Object(
  {
    object: t.Literal("webhook_delivery"),
    id: t.String({ examples: ["whd_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    event: t.String({ description: "Header `webhook-id`", examples: ["evt_01K9ZT4M2Q8V6X3B7N5RJDHWCE"] }),
    type: t.String({ description: "Kind of event", examples: ["balance.low"] }),
    state: t.Union(["waiting", "delivered", "failed", "dropped"].map((one) => t.Literal(one))),
    tries: t.Integer({ description: "How often it was sent" }),
    status: maybe(t.Integer({ description: "Of the last answer" })),
    created_at: At,
  },
  { description: "An event on its way to an endpoint" },
)

const hookOf = (endpoint: Endpoint) => ({
  object: "webhook_endpoint",
  id: endpoint.publicId,
  mode: endpoint.mode,
  url: endpoint.url,
  description: endpoint.description,
  events: endpoint.types,
  state: endpoint.offBecause ?? "on",
  created_at: atOf(endpoint.createdMs),
})

const sentOf = (delivery: Delivery) => ({
  object: "webhook_delivery",
  id: delivery.publicId,
  event: delivery.eventId,
  type: delivery.type,
  state: delivery.state,
  tries: delivery.tries,
  status: delivery.status,
  created_at: atOf(delivery.createdMs),
})

const NewHook = t.Object(
  {
    app: App,
    url: t.String({ minLength: 8, maxLength: WEBHOOK_LIMITS.urlCharsMax, description: "Where events are sent, https" }),
    description: t.Optional(t.String({ maxLength: WEBHOOK_LIMITS.descriptionCharsMax, description: "For you" })),
    events: t.Optional(Events),
  },
  { additionalProperties: false },
)
const BASE = "/api/v1/webhooks"
const shared = { tag: "Webhooks", errors: ["not_found"] } as const

export const webhookRoutes = (deps: WebhookRoutesDeps): ManageRoute[] => [
  ...endpointRoutes(deps),
  ...deliveryRoutes(deps),
]

type Whose = (manager: Manager, app: string | undefined) => WebhookOwner

function endpointRoutes(deps: WebhookRoutesDeps): ManageRoute[] {
  const { webhooks, store } = deps
  const whose: Whose = (manager, app) => ownerOf(deps, manager, app)
  return [
    route({
      ...shared,
      method: "get",
      paths: [BASE],
      operationId: "listWebhooks",
      summary: "List webhook endpoints",
      query: OfApp,
      answer: t.Object({ object: t.Literal("list"), data: t.Array(Hook) }),
      act: ({ manager, query }) => ({ object: "list", data: webhooks.of(whose(manager, query.app)).map(hookOf) }),
    }),
    route({
      ...shared,
      method: "post",
      paths: [BASE],
      operationId: "createWebhook",
      summary: "Add a webhook endpoint",
      description: "The secret is in this answer alone.",
      body: NewHook,
      example: { url: "https://example.com/hooks", events: ["balance.low"] },
      answer: t.Object({
        ...Hook.properties,
        secret: t.String({ description: "What signs, shown once", examples: ["whsec_…"] }),
      }),
      errors: ["not_found", "conflict", "confirmation_required"],
      async act({ manager, body }) {
        const at = manager.confirmAt()
        if (at !== null) refuseUnconfirmed(manager.page, at)
        const owner = whose(manager, body.app)
        const input = {
          url: body.url,
          description: body.description ?? "",
          types: Array.isArray(body.events) ? body.events : null,
          mode: manager.mode,
        }
        const { endpoint, secret } = await webhooks.create(manager.page.ctx("added by API"), owner, input)
        return { ...hookOf(endpoint), secret }
      },
    }),
    route({
      ...shared,
      method: "delete",
      paths: [`${BASE}/:webhook`],
      operationId: "removeWebhook",
      summary: "Remove a webhook endpoint",
      query: OfApp,
      answer: Hook,
      async act({ manager, params, query }) {
        const owner = whose(manager, query.app)
        const endpoint = webhooks.endpoint(owner, params.webhook ?? "")
        const ctx = manager.page.ctx("removed by API")
        await store.write(ctx, (tx) => webhooks.removeIn(tx, owner, endpoint.publicId))
        return hookOf(endpoint)
      },
    }),
  ]
}

function deliveryRoutes(deps: WebhookRoutesDeps): ManageRoute[] {
  const { webhooks, store } = deps
  const whose: Whose = (manager, app) => ownerOf(deps, manager, app)
  return [
    route({
      ...shared,
      method: "get",
      paths: [`${BASE}/:webhook/deliveries`],
      operationId: "listWebhookDeliveries",
      summary: "List what was sent to an endpoint",
      description: "The newest 100.",
      query: OfApp,
      answer: t.Object({ object: t.Literal("list"), data: t.Array(Sent) }),
      act({ manager, params, query }) {
        const endpoint = webhooks.endpoint(whose(manager, query.app), params.webhook ?? "")
        return { object: "list", data: webhooks.deliveries(endpoint.id, { rows: 100 }).map(sentOf) }
      },
    }),
    route({
      ...shared,
      method: "post",
      paths: [`${BASE}/:webhook/deliveries/:webhook_delivery/resend`],
      operationId: "resendWebhook",
      summary: "Send an event again",
      body: OfApp,
      example: {},
      answer: Sent,
      errors: ["not_found", "conflict"],
      async act({ manager, params, body }) {
        const owner = whose(manager, body.app)
        const endpoint = webhooks.endpoint(owner, params.webhook ?? "")
        const id = params.webhook_delivery ?? ""
        const ctx = manager.page.ctx("sent again by API")
        await store.write(ctx, (tx) => webhooks.resendIn(tx, owner, endpoint.publicId, id))
        return sentOf(webhooks.delivery(endpoint.id, id)!)
      },
    }),
  ]
}

/** @throws AppError not_found */
function ownerOf({ oauth }: WebhookRoutesDeps, { page }: Manager, app: string | undefined): WebhookOwner {
  const { userId } = page.session
  if (app === undefined) return { userId, client: null }
  const client = oauth.clientsOf(userId).find(({ publicId }) => publicId === app)
  ensure(client, "not_found", "You have no such app.")
  return { userId, client }
}

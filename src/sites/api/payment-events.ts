// POST /webhooks/stripe: what the processor of payments sends. It is answered 200 once it is applied and, where there is a replica, held by
// it; else 503, and the processor sends it again. The names that seed 004 has for it are the same route.
import { Type as t } from "@sinclair/typebox"
import { Elysia } from "elysia"
import { BILLING_LIMITS, type Billing } from "../../billing/index.ts"
import { contextOf, readBody } from "../../http/index.ts"
import { ALWAYS, refusalsOf } from "../base/index.ts"

const PAYMENT_EVENTS_PATH = "/webhooks/stripe"
const SAID_PATH = "/api/v1/stripe/webhook"
const OTHER_PATHS = [SAID_PATH, "/api/ai-api/stripe/webhook"]
const BODY = { bytesMax: BILLING_LIMITS.eventBytesMax, deadlineMs: BILLING_LIMITS.eventBodyMs }
const NO_STORE = { "cache-control": "no-store" }

export function paymentEventsSite({ billing }: { billing: Pick<Billing, "receive"> }) {
  const take = async ({ request }: { request: Request }): Promise<Response> => {
    // As it came: the signature is over these bytes.
    const body = new TextDecoder().decode(await readBody(request, BODY))
    const signature = request.headers.get("stripe-signature") ?? ""
    const received = await billing.receive(body, signature, contextOf(request).requestId)
    if (received === "taken") return Response.json({ received: true }, { headers: NO_STORE })
    return Response.json({ received: false }, { status: 503, headers: { ...NO_STORE, "retry-after": "30" } })
  }
  const site = new Elysia()
  for (const path of [PAYMENT_EVENTS_PATH, ...OTHER_PATHS])
    site.post(path, take, { parse: "none", detail: { hide: true } })
  return site
}

const PROBLEM = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }
const CODES = ["invalid_request", "body_too_large", "body_timeout", "conflict"] as const

/** For the document. */
export const describePaymentEvents = (): Record<string, Record<string, object>> => ({
  [SAID_PATH]: {
    post: {
      operationId: "receivePaymentEvent",
      summary: "Take an event of the payment service",
      description:
        "For Stripe alone, which signs what it sends in `stripe-signature`; the same as `/webhooks/stripe`. An event is a hint to ask: it is answered when what follows from it is done, and repeats change nothing.",
      tags: ["Payments"],
      security: [],
      parameters: [
        {
          name: "stripe-signature",
          in: "header",
          required: true,
          schema: t.String(),
          description: "Over the body as it is, at most five minutes old",
          example: "t=1767225600,v1=5257a869…",
        },
      ],
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: t.Object(
              {
                id: t.String({ minLength: 1, description: "The event", examples: ["evt_1Q2w3E4r"] }),
                type: t.String({
                  minLength: 1,
                  description: "What happened",
                  examples: ["checkout.session.completed"],
                }),
              },
              { additionalProperties: true, description: "An event, as Stripe sends it" },
            ),
            example: { id: "evt_1Q2w3E4r", type: "checkout.session.completed" },
          },
        },
      },
      responses: {
        "200": {
          description: "It is done",
          content: {
            "application/json": {
              schema: t.Object({ received: t.Boolean({ description: "Always true", examples: [true] }) }),
            },
          },
        },
        ...refusalsOf([...ALWAYS, ...CODES], PROBLEM),
      },
    },
  },
})

// POST /webhooks/stripe: what the processor of payments sends. It is answered 200 once it is applied and, where there is a replica, held by
// it; else 503, and the processor sends it again.
import { Elysia } from "elysia"
import { BILLING_LIMITS, type Billing } from "../../billing/index.ts"
import { contextOf, readBody } from "../../http/index.ts"

export const PAYMENT_EVENTS_PATH = "/webhooks/stripe"
const BODY = { bytesMax: BILLING_LIMITS.eventBytesMax, deadlineMs: BILLING_LIMITS.eventBodyMs }
const NO_STORE = { "cache-control": "no-store" }

export function paymentEventsSite({ billing }: { billing: Pick<Billing, "receive"> }) {
  return new Elysia().post(
    PAYMENT_EVENTS_PATH,
    async ({ request }) => {
      // As it came: the signature is over these bytes.
      const body = new TextDecoder().decode(await readBody(request, BODY))
      const signature = request.headers.get("stripe-signature") ?? ""
      const received = await billing.receive(body, signature, contextOf(request).requestId)
      if (received === "taken") return Response.json({ received: true }, { headers: NO_STORE })
      return Response.json({ received: false }, { status: 503, headers: { ...NO_STORE, "retry-after": "30" } })
    },
    { parse: "none", detail: { hide: true } },
  )
}

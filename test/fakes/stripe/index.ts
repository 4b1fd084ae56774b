// A Stripe that speaks HTTP like the real one, for tests and the demo: requests are checked against an allow-list, answered once per
// idempotency key, and followed by signed webhooks. Time is the house's; `tick` brings what is due.
import { balanceRoutes } from "./balance.ts"
import { catalogRoutes } from "./catalog.ts"
import { checkoutRoutes, completeSession, type Paid, type Paying, sessionSettled } from "./checkout.ts"
import { clockRoutes, livesBy } from "./clocks.ts"
import { connectRoutes } from "./connect.ts"
import { customerRoutes } from "./customers.ts"
import { closeDispute, dispute, disputeRoutes, warn } from "./disputes.ts"
import { catchUp } from "./due.ts"
import { Http, type Trouble } from "./http.ts"
import { invoiceRoutes } from "./invoices.ts"
import { pageOf } from "./pages.ts"
import { paymentRoutes, settleLater } from "./payments.ts"
import { portalRoutes } from "./portal.ts"
import { failRefund, refund, refundRoutes } from "./refunds.ts"
import { scheduleRoutes } from "./schedules.ts"
import { subscriptionRoutes } from "./subscriptions.ts"
import { taxRoutes } from "./tax.ts"
import type { Charge, Dispute, EarlyFraudWarning, PaymentIntent, Refund, Session } from "./types.ts"
import { Webhooks, webhookRoutes } from "./webhooks.ts"
import { World, type WorldOptions } from "./world.ts"

export { book } from "./balance.ts"
export type * from "./types.ts"
export { signature } from "./webhooks.ts"
export type { Paid, Paying, Trouble }

export interface FakeStripeOptions extends WorldOptions {
  secretKey: string
  /** An endpoint that is there from the start; others are made through the API. */
  webhook?: { url: string; secret: string }
}

export type FakeStripe = ReturnType<typeof createFakeStripe>

export function createFakeStripe(options: FakeStripeOptions) {
  const world = new World(options)
  const routes = [
    customerRoutes,
    catalogRoutes,
    checkoutRoutes,
    paymentRoutes,
    refundRoutes,
    disputeRoutes,
    subscriptionRoutes,
    scheduleRoutes,
    invoiceRoutes,
    portalRoutes,
    webhookRoutes,
    clockRoutes,
    connectRoutes,
    balanceRoutes,
    taxRoutes,
  ].flatMap((of) => of(world))
  const http = new Http(world, routes, options.secretKey)
  const webhooks = new Webhooks(world, options.webhook ?? null)
  const base = new URL(options.origin).pathname.replace(/\/$/, "")
  return {
    world,
    webhooks,
    asked: http.asked,
    /** Answers what is asked of the API or of its pages. */
    fetch(request: Request): Promise<Response> {
      const path = new URL(request.url).pathname.slice(base.length)
      return path.startsWith("/v1/") ? http.answer(rebased(request, base)) : pageOf(world, request, path)
    },
    listen: (endpoint: { url: string; secret: string }) => webhooks.listen(endpoint),
    /** Orders what goes wrong next. */
    trouble: (trouble: Trouble) => void http.troubles.push({ ...trouble, times: trouble.times ?? 1 }),
    /** Keys of idempotent requests are remembered for a day; then they are new. */
    forgetKeys: () => http.forgetKeys(),
    /** …and takes the orders back. */
    calm: () => void http.troubles.splice(0),
    /** Brings what is due by now. */
    tick: () => catchUp(world, world.now(), (customer) => livesBy(world, customer) === null),
    pay: (session: string, paying: Paying): Paid =>
      completeSession(world, world.find<Session>("checkout.session", session), paying),
    /** What a bank says of money that was on its way. */
    settle(intent: string, isPaid: boolean): void {
      const found = world.find<PaymentIntent>("payment_intent", intent)
      settleLater(world, found, isPaid)
      sessionSettled(world, found, isPaid)
    },
    /** Pays what has been on its way for so many seconds. */
    settleOlder(seconds: number): void {
      for (const intent of world.all<PaymentIntent>("payment_intent"))
        if (intent.status === "processing" && world.now() - intent.created >= seconds) {
          settleLater(world, intent, true)
          sessionSettled(world, intent, true)
        }
    },
    /** By the operator, in Stripe's dashboard. */
    refund: (charge: string, amount?: number): Refund =>
      refund(world, world.find<Charge>("charge", charge), amount === undefined ? {} : { amount }),
    failRefund: (id: string) => failRefund(world, world.find<Refund>("refund", id)),
    dispute: (charge: string, amount?: number): Dispute => dispute(world, world.find<Charge>("charge", charge), amount),
    /** A bank asks before it takes. */
    question: (charge: string): Dispute => dispute(world, world.find<Charge>("charge", charge), undefined, true),
    /** Nothing can be done any more about what was warned of. */
    warningOver(id: string): void {
      const made = world.find<EarlyFraudWarning>("radar.early_fraud_warning", id)
      made.actionable = false
      world.emit("radar.early_fraud_warning.updated", made)
    },
    closeDispute: (id: string, isWon: boolean) => closeDispute(world, world.find<Dispute>("dispute", id), isWon),
    warn: (charge: string) => warn(world, world.find<Charge>("charge", charge)),
  }
}

/** The same request without the path that the fake stands under. */
function rebased(request: Request, base: string): Request {
  if (base === "") return request
  const url = new URL(request.url)
  url.pathname = url.pathname.slice(base.length)
  return new Request(url, request)
}

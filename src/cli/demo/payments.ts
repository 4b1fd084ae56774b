// The demo's processor of payments: a Stripe of its own on this machine, so that buying works with a browser and no account.
import { createFakeStripe } from "../../../test/fakes/stripe/index.ts"

export const DEMO_SECRET_KEY = "sk_test_demo"
export const DEMO_WEBHOOK_SECRET = "whsec_demo"

/** A bank that takes days answers after this. */
const BANK_MS = 15_000

export interface Payments {
  url: string
  stop(): void
}

/** @param purserUrl where webhooks go */
export function startPayments(port: number, purserUrl: string): Payments {
  const url = `http://127.0.0.1:${port}`
  const webhook = { url: `${purserUrl}/webhooks/stripe`, secret: DEMO_WEBHOOK_SECRET }
  const stripe = createFakeStripe({ now: Date.now, origin: url, secretKey: DEMO_SECRET_KEY, webhook })
  const server = Bun.serve({ hostname: "127.0.0.1", port, fetch: stripe.fetch })
  const timer = setInterval(() => {
    stripe.tick()
    stripe.settleOlder(BANK_MS / 1_000)
  }, 1_000)
  return {
    url,
    stop() {
      clearInterval(timer)
      server.stop(true)
    },
  }
}

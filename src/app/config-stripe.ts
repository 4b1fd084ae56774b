// Settings of the processor of payments.
import type { Setting, SettingsReader } from "./settings-reader.ts"

export interface StripeConfig {
  /** null = an admin may enter one; without any, no credits are sold. */
  secretKey: string | null
  /** null = the server makes the endpoint itself, once an admin has asked for it. */
  webhookSecret: string | null
  /** Another origin in place of Stripe's; null = Stripe. */
  apiBase: string | null
}

export const STRIPE_SETTINGS = {
  stripeSecretKey: {
    flag: "",
    env: "PURSER_STRIPE_SECRET_KEY",
    help: "Stripe's secret key, sk_live_… or sk_test_…; it may be entered under /admin/billing instead",
    fallback: "",
    secret: true,
  },
  stripeWebhookSecret: {
    flag: "",
    env: "PURSER_STRIPE_WEBHOOK_SECRET",
    help: "signing secret of a webhook endpoint that was made by hand, whsec_…",
    fallback: "",
    secret: true,
  },
  stripeApiBase: {
    flag: "stripe-api-base",
    env: "PURSER_STRIPE_API_BASE",
    help: "another server in place of Stripe's, for tests",
    fallback: "",
  },
} as const satisfies Record<string, Setting>

type Reader = SettingsReader<keyof typeof STRIPE_SETTINGS>

export function readStripe(read: Reader): { stripe: StripeConfig } {
  const secretKey = read.optional("stripeSecretKey")
  const webhookSecret = read.optional("stripeWebhookSecret")
  const apiBase = read.optional("stripeApiBase")
  if (secretKey !== null && !/^(sk|rk)_(live|test)_\w+$/.test(secretKey))
    read.wrong("stripeSecretKey", "give a secret key of Stripe, sk_live_… or sk_test_…")
  if (webhookSecret !== null && !/^whsec_\w+$/.test(webhookSecret))
    read.wrong("stripeWebhookSecret", "give the signing secret of the endpoint, whsec_…")
  if (apiBase !== null && !(URL.canParse(apiBase) && /^https?:$/.test(new URL(apiBase).protocol)))
    read.wrong("stripeApiBase", `"${apiBase}" is not an address such as http://127.0.0.1:12111`)
  return { stripe: { secretKey, webhookSecret, apiBase } }
}

// The processor's own pages for customers, with what they may do there.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"

/** Names what is allowed below: whoever changes that changes this. */
export const PORTAL_TERMS = "2"

/** @throws ProcessorError */
export interface PortalCalls {
  /** @returns `bpc_…` */
  createPortalConfiguration(input: { returnUrl: string }, key: string): Promise<string>
  /** @returns its address */
  createPortal(input: { customerId: string; returnUrl: string; configuration: string }): Promise<string>
}

/** Cards, papers, whom it is billed to, and an end of the plan where what is paid ends; another plan is chosen here alone. */
const FEATURES = {
  customer_update: { enabled: true, allowed_updates: ["name", "address", "tax_id"] },
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true, mode: "at_period_end", proration_behavior: "none" },
  subscription_update: { enabled: false },
} satisfies Stripe.BillingPortal.ConfigurationCreateParams.Features

export const portalCalls = (stripe: Stripe, asked: Asked): PortalCalls => ({
  async createPortalConfiguration({ returnUrl }, idempotencyKey) {
    const input = { features: FEATURES, default_return_url: returnUrl, metadata: { made_by: "purser" } }
    return (await asked(stripe.billingPortal.configurations.create(input, { idempotencyKey }))).id
  },
  async createPortal({ customerId, returnUrl, configuration }) {
    const input = { customer: customerId, return_url: returnUrl, configuration }
    return (await asked(stripe.billingPortal.sessions.create(input))).url
  },
})

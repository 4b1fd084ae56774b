// People as the processor knows them.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"

/** @throws ProcessorError */
export interface CustomerCalls {
  /** @returns `cus_…` */
  createCustomer(input: { userId: string; email: string }, key: string): Promise<string>
}

export const customerCalls = (stripe: Stripe, asked: Asked): CustomerCalls => ({
  async createCustomer({ userId, email }, idempotencyKey) {
    const made = await asked(stripe.customers.create({ email, metadata: { user: userId } }, { idempotencyKey }))
    return made.id
  },
})

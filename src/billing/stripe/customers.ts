// People as the processor knows them.
import type Stripe from "stripe"
import type { Asked } from "./client.ts"
import { ProcessorError } from "./types.ts"

/** @throws ProcessorError */
export interface CustomerCalls {
  /** @returns `cus_…` */
  createCustomer(input: { userId: string; email: string }, key: string): Promise<string>
  /** Whether there is, or was, such a customer in the account of the key. */
  knowsCustomer(id: string): Promise<boolean>
}

export const customerCalls = (stripe: Stripe, asked: Asked): CustomerCalls => ({
  async createCustomer({ userId, email }, idempotencyKey) {
    const made = await asked(stripe.customers.create({ email, metadata: { user: userId } }, { idempotencyKey }))
    return made.id
  },
  async knowsCustomer(id) {
    try {
      await asked(stripe.customers.retrieve(id))
      return true
    } catch (error) {
      if (error instanceof ProcessorError && error.kind === "gone") return false
      throw error
    }
  },
})

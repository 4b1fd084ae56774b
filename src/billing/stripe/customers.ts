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
  /** Whether there still is. */
  hasCustomer(id: string): Promise<boolean>
  /** Ends every subscription of theirs at once, then deletes who they are; one that is gone already is fine. */
  forgetCustomer(customerId: string): Promise<void>
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
  async hasCustomer(id) {
    try {
      return (await asked(stripe.customers.retrieve(id))).deleted !== true
    } catch (error) {
      if (error instanceof ProcessorError && error.kind === "gone") return false
      throw error
    }
  },
  async forgetCustomer(customer) {
    try {
      const { data } = await asked(stripe.subscriptions.list({ customer, limit: 100 }))
      for (const { id } of data) await asked(stripe.subscriptions.cancel(id, { invoice_now: false, prorate: false }))
      await asked(stripe.customers.del(customer))
    } catch (error) {
      if (!(error instanceof ProcessorError) || error.kind !== "gone") throw error
    }
  },
})

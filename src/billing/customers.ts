// People as the processor knows them: made when first needed, once.
import type { UserId } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { customerOf, insertCustomer, takeCustomers } from "./store.ts"
import type { BillingDeps, BillingDepsOn, Buyer } from "./types.ts"

/** @returns `cus_…` @throws ProcessorError */
export async function customerFor(
  { store, processor }: BillingDepsOn,
  ctx: WriteContext,
  buyer: Buyer,
): Promise<string> {
  const { isTest } = processor
  const known = customerOf(store.read, buyer.id, isTest)
  if (known) return known
  const customerId = await processor.createCustomer(
    { userId: buyer.publicId, email: buyer.email },
    `customer:${buyer.publicId}`,
  )
  return await store.write(ctx, (tx) => {
    insertCustomer(tx, { userId: buyer.id, isTest, customerId, createdMs: tx.now })
    return customerOf(tx, buyer.id, isTest)!
  })
}

export const FORGET_TOPIC = "forget-customer"

/** Who they are at the processor, and what they pay for there: both end with the message that this leaves. @returns how many rows went */
export function forgetCustomersIn({ outbox }: Pick<BillingDeps, "outbox">, tx: Tx, userId: UserId): number {
  const gone = takeCustomers(tx, userId)
  for (const { customerId, isTest } of gone)
    outbox.enqueueIn(tx, { topic: FORGET_TOPIC, subject: customerId, payload: { customer: customerId, isTest } })
  return gone.length
}

/** @throws Error while the key that knows them is not there: it is tried again, and the operator sees it */
export async function forgetCustomer(
  { processor }: Pick<BillingDeps, "processor">,
  { customer, isTest }: { customer: string; isTest: boolean },
): Promise<void> {
  if (processor?.isTest !== isTest)
    throw new Error(`${customer} is known to a ${isTest ? "test" : "live"} key, which is not set: delete it at Stripe`)
  await processor.forgetCustomer(customer)
}

// People as the processor knows them: made when first needed, once.
import type { WriteContext } from "../store/index.ts"
import { customerOf, insertCustomer } from "./store.ts"
import type { BillingDepsOn, Buyer } from "./types.ts"

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

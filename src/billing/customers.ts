// People as the processor knows them: made when first needed, once.
import type { WriteContext } from "../store/index.ts"
import { scopeOn } from "./scope.ts"
import { customerOf, insertCustomer } from "./store.ts"
import type { BillingDepsOn, Buyer } from "./types.ts"

/** @returns `cus_…` @throws ProcessorError */
export async function customerFor(deps: BillingDepsOn, ctx: WriteContext, buyer: Buyer): Promise<string> {
  const { store, processor } = deps
  const scope = scopeOn(deps)
  const known = customerOf(store.read, buyer.id, scope)
  if (known) return known
  const customerId = await processor.createCustomer(
    { userId: buyer.publicId, email: buyer.email },
    `customer:${buyer.publicId}`,
  )
  return await store.write(ctx, (tx) => {
    insertCustomer(tx, { ...scope, userId: buyer.id, customerId, createdMs: tx.now })
    return customerOf(tx, buyer.id, scope)!
  })
}

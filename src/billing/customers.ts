// People as the processor knows them: made when first needed, once.
import type { UserId } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { scopeOn } from "./scope.ts"
import { customerOf, insertCustomer, takeCustomers } from "./store.ts"
import type { BillingDeps, BillingDepsOn, Buyer } from "./types.ts"

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

export const FORGET_TOPIC = "forget-customer"

export interface Forgotten {
  /** `cus_…` */
  customer: string
  isTest: boolean
  /** `acct_…`; empty where nobody knows. */
  account?: string
}

/** Who they are at the processor, and what they pay for there: both end with the message that this leaves. @returns how many rows went */
function forgetCustomersIn({ outbox }: Pick<BillingDeps, "outbox">, tx: Tx, userId: UserId): number {
  const gone = takeCustomers(tx, userId)
  for (const { customerId: customer, isTest, account } of gone)
    outbox.enqueueIn(tx, { topic: FORGET_TOPIC, subject: customer, payload: { customer, isTest, account } })
  return gone.length
}

/** @throws Error while the key that knows them is not there: it is tried again, and the operator sees it */
async function forgetCustomer(
  { processor, account }: Pick<BillingDeps, "processor" | "account">,
  { customer, isTest, account: of = "" }: Forgotten,
): Promise<void> {
  if (processor?.isTest !== isTest)
    throw new Error(`${customer} is known to a ${isTest ? "test" : "live"} key, which is not set: delete it at Stripe`)
  // Another account says that there is nobody: that would look as if they were forgotten.
  if (of !== "" && of !== account) throw new Error(`${customer} is known to ${of} alone: delete it there`)
  await processor.forgetCustomer(customer)
}

export const customerVerbs = (deps: BillingDeps) => ({
  forgetIn: (tx: Tx, userId: UserId): number => forgetCustomersIn(deps, tx, userId),
  forget: (who: Forgotten): Promise<void> => forgetCustomer(deps, who),
})

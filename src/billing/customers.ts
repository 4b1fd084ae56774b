// People as the processor knows them: made when first needed, once.
import type { UserId } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { scopeOn } from "./scope.ts"
import { customerOf, insertCustomer, replaceCustomer, takeCustomers } from "./store.ts"
import { ProcessorError } from "./stripe/index.ts"
import type { BillingDeps, BillingDepsOn, Buyer } from "./types.ts"

/**
 * Does something with this person as the processor knows them. Somebody whom the operator deleted there is made anew, once: they could never
 * buy again otherwise. Keys of what is done must name the customer, since an answer is kept for the one who is gone, too.
 * @throws ProcessorError
 */
export async function withCustomer<T>(
  deps: BillingDepsOn,
  ctx: WriteContext,
  buyer: Buyer,
  act: (customerId: string) => Promise<T>,
): Promise<T> {
  const customerId = customerOf(deps.store.read, buyer.id, scopeOn(deps)) ?? (await newCustomer(deps, ctx, buyer, null))
  try {
    return await act(customerId)
  } catch (error) {
    const isGone =
      error instanceof ProcessorError && error.kind === "gone" && !(await deps.processor.hasCustomer(customerId))
    if (!isGone) throw error
    deps.log.warn("billing.customer_gone", { user: buyer.publicId, customer: customerId })
    return await act(await newCustomer(deps, ctx, buyer, customerId))
  }
}

/** @param gone who they were before @returns `cus_…` */
async function newCustomer(deps: BillingDepsOn, ctx: WriteContext, buyer: Buyer, gone: string | null): Promise<string> {
  const customerId = await deps.processor.createCustomer(
    { userId: buyer.publicId, email: buyer.email },
    `customer:${buyer.publicId}${gone === null ? "" : `:after:${gone}`}`,
  )
  return await deps.store.write(ctx, (tx) => {
    const scope = scopeOn(deps)
    if (gone !== null) replaceCustomer(tx, gone, customerId)
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

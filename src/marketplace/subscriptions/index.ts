// The door of `subscriptions`: who subscribed to which plan, what they pay, and what their publisher earns.
import { PrincipalId, type UserId } from "../../app/index.ts"
import type { OrmReader, Tx, WriteContext } from "../../store/index.ts"
import type { ProductPlans } from "../plans/index.ts"
import { cancelIn, changePlanIn, payNowIn, quoteChange, resumeIn } from "./change.ts"
import { type CallVerbs, type Core, mineIn, shown } from "./core.ts"
import { covered } from "./covered.ts"
import { SUBSCRIPTION_LIMITS as L } from "./limits.ts"
import { banIn, moveIn, resetQuotaIn, revokeIn, unbanIn } from "./moderate.ts"
import { billOverages } from "./overages.ts"
import { billsOfConsumer, billsOfMine, consumer, consumersOf, glanceOf, glancesOf, mine } from "./reads.ts"
import { billOfConsumer, billOfInvoice, leftOf, refundBillIn } from "./refund.ts"
import { endIn, renewDue, stepIn } from "./renew.ts"
import * as rows from "./store.ts"
import { overageLines } from "./store-overages.ts"
import { type RevenueFilter, revenueRows, unbilledOverages } from "./store-revenue.ts"
import { quoteSubscribe, subscribeIn } from "./subscribe.ts"
import { tellTrialEnds } from "./trials.ts"
import type {
  Bill,
  ChangeInput,
  ConsumerRef,
  MoveInput,
  RefundBill,
  Subscribed,
  SubscribeInput,
  SubscriptionRef,
  SubscriptionShown,
} from "./types.ts"

export type { CallVerbs } from "./core.ts"

export { accessOf } from "./rules.ts"
export type { SoldProduct } from "./store.ts"
export type { RevenueFilter } from "./store-revenue.ts"
export type * from "./types.ts"

type Deps = Omit<Core, "plans" | "calls">

/** @param calls asked for late: calls stand on subscriptions. Reads take the mutation's reader where they are asked inside one. */
export const createSubscriptions = (deps: Deps, plans: ProductPlans, calls: () => CallVerbs) => {
  const core: Core = { ...deps, plans, calls }
  const { read } = deps.store
  return {
    ...writes(core),
    ...reads(core),
    byId: (id: number, reader: OrmReader = read) => rows.byId(reader, id),
    byPublicId: (publicId: string, reader: OrmReader = read) => rows.byPublicId(reader, publicId),
    /** The living one; null = none. */
    openOf: (userId: UserId, productId: number, reader: OrmReader = read) => rows.openOf(reader, userId, productId),
    ofUser: (userId: UserId) => rows.ofUser(read, userId, L.perPersonMax).map((row) => shown(core, read, row)),
    ofProduct: (productId: number, beforeId = Number.MAX_SAFE_INTEGER) =>
      rows.ofProduct(read, productId, beforeId, L.pageRows).map((row) => shown(core, read, row)),
    shown: (row: NonNullable<ReturnType<typeof rows.byId>>, reader: OrmReader = read) => shown(core, reader, row),
    /** The jobs. @returns whether more is due */
    renewDue: (limit: number) => renewDue(core, limit),
    billOverages: (limit: number) => billOverages(core, limit),
    tellTrialEnds: (limit: number) => tellTrialEnds(core, limit),
    dropForms: () =>
      deps.store.write(
        { actor: "system:renew-api-subscriptions", requestId: "job_renew-api-subscriptions", reason: "old forms" },
        (tx) => rows.dropForms(tx, tx.now - L.formLifeMs),
      ),
  }
}

const writes = (core: Core) => ({
  /** The same with a charge of the card first, where credits are short and its person allows that. @throws AppError as `subscribeIn` */
  subscribe: (ctx: WriteContext, input: SubscribeInput): Promise<Subscribed> =>
    covered(core, ctx, {
      payerId: input.payerId ?? PrincipalId(input.userId),
      needNano: () => quoteSubscribe(core, core.store.read, input, core.clock.now()).nowNano,
      act: (tx) => subscribeIn(core, tx, input),
    }),
  /** As above. @throws AppError as `changePlanIn` */
  changePlan: (ctx: WriteContext, input: ChangeInput): Promise<SubscriptionShown> => {
    const mineNow = mineIn(core.store.read, input.userId, input.subscription)
    return covered(core, ctx, {
      payerId: mineNow.payerId,
      needNano: () => quoteChange(core, core.store.read, mineNow, input.planId, core.clock.now()).nowNano,
      act: (tx) => changePlanIn(core, tx, input),
    })
  },
  /** Its first key is shown once. @throws AppError insufficient_credits, conflict, not_found; nothing is written then */
  subscribeIn: (tx: Tx, input: SubscribeInput) => subscribeIn(core, tx, input),
  /** Up now, down with the next period; to its own plan: what was planned is taken back. @throws AppError as above */
  changePlanIn: (tx: Tx, input: ChangeInput) => changePlanIn(core, tx, input),
  /** With the end of the period. @throws AppError not_found */
  cancelIn: (tx: Tx, ref: SubscriptionRef) => cancelIn(core, tx, ref),
  resumeIn: (tx: Tx, ref: SubscriptionRef) => resumeIn(core, tx, ref),
  payNowIn: (tx: Tx, ref: SubscriptionRef) => payNowIn(core, tx, ref),
  /** What time asks for, of one. */
  stepIn: (tx: Tx, ref: SubscriptionRef) => stepIn(core, tx, mineIn(tx, ref.userId, ref.subscription)),

  /** All of somebody who is over, at once and without a letter. */
  endAllIn(tx: Tx, userId: UserId): void {
    for (const row of rows.openOfUser(tx, userId)) endIn(core, tx, row, null)
  },

  banIn: (tx: Tx, ref: ConsumerRef & { reason: string }) => banIn(core, tx, ref),
  unbanIn: (tx: Tx, ref: ConsumerRef) => unbanIn(core, tx, ref),
  revokeIn: (tx: Tx, ref: ConsumerRef & { reason: string }) => revokeIn(core, tx, ref),
  moveIn: (tx: Tx, ref: MoveInput) => moveIn(core, tx, ref),
  resetQuotaIn: (tx: Tx, ref: ConsumerRef) => resetQuotaIn(core, tx, ref),
  /** What a bill took, whole or in part; once a key. @throws AppError validation_failed, conflict; nothing is written then */
  refundBillIn: (tx: Tx, input: RefundBill) => refundBillIn(core, tx, input),
})

const reads = (core: Core) => ({
  /** What subscribing costs now. @throws AppError not_found, conflict */
  quoteSubscribe: (input: Pick<SubscribeInput, "userId" | "payerId" | "planId">, reader: OrmReader = core.store.read) =>
    quoteSubscribe(core, reader, input, core.clock.now()),
  /** What a change costs now. @throws AppError not_found, conflict */
  quoteChange: ({ userId, subscription, planId }: ChangeInput, reader: OrmReader = core.store.read) =>
    quoteChange(core, reader, mineIn(reader, userId, subscription), planId, core.clock.now()),
  /** What its calls were charged above the plan in this period, line by line. */
  overagesOf: (row: NonNullable<ReturnType<typeof rows.byId>>) =>
    overageLines(core.store.read, row.id, row.periodStartMs),
  /** All of a person's, living ones first. */
  glancesOf: (userId: UserId) => glancesOf(core, userId),
  /** @throws AppError not_found */
  mine: (userId: UserId, publicId: string) => mine(core, userId, publicId),
  glanceOf: (row: NonNullable<ReturnType<typeof rows.byId>>) => glanceOf(core, row),
  billsOf: (userId: UserId, publicId: string) => billsOfMine(core, userId, publicId),
  /** Bills of a consumer, for the publisher. @throws AppError not_found */
  billsOfConsumer: (ownerId: PrincipalId, publicId: string) => billsOfConsumer(core, ownerId, publicId),
  /** @throws AppError not_found */
  billOfConsumer: (ownerId: PrincipalId, subscription: string, billId: number) =>
    billOfConsumer(core.store.read, ownerId, subscription, billId),
  /** What the invoice of a product is for. @throws AppError not_found */
  billOfInvoice: (invoice: string) => billOfInvoice(core.store.read, invoice),
  /** n$ that can still be given back of a bill. */
  leftOfBill: (bill: Bill) => leftOf(core.store.read, bill),
  /** @throws AppError not_found */
  consumer: (ownerId: PrincipalId, publicId: string) => consumer(core, ownerId, publicId),
  consumersOf: (productId: number, beforeId: number | null = null) => consumersOf(core, productId, beforeId),
  /** Consumers of a product that did not end. */
  countLiving: (productId: number): number => rows.countLiving(core.store.read, productId),
  revenue: (filter: RevenueFilter) => revenueRows(core.store.read, filter),
  unbilledOverages: (ownerId: PrincipalId) => unbilledOverages(core.store.read, ownerId),
})

export type Subscriptions = ReturnType<typeof createSubscriptions>

// The nouns of subscriptions: prices of plans, ways to a subscription, subscriptions, and what a change of one would do.
import type { Nano, UserId } from "../../app/index.ts"
import type { Delivery } from "../../part/index.ts"
import type { Plan, PlanChoice } from "../../plans/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { InvoiceFacts, SubscriptionFacts, SubscriptionStatus } from "../stripe/index.ts"
import type { Buyer } from "../types.ts"
import type { billingPlanInvoices, billingPrices, billingSignups, billingSubscriptions } from "./tables.ts"

/** Of a price. */
export type Months = 1 | 12

/** open: a page to pay on is there, or soon will be. */
export type SignupState = "open" | "done" | "expired"

export type Signup = typeof billingSignups.$inferSelect
export type PriceRow = typeof billingPrices.$inferSelect
export type SubscriptionRow = typeof billingSubscriptions.$inferSelect
export type PlanInvoice = typeof billingPlanInvoices.$inferSelect

/** A subscription with all that was asked for it, as the processor knew them together. */
export interface Snapshot {
  /** When it was asked, among all that this process asked: what was asked before it is older. */
  turn: number
  subscription: SubscriptionFacts
  /** Newest first. */
  invoices: readonly InvoiceFacts[]
}

/** A person's subscription, for pages. */
export interface OwnSubscription {
  id: string
  plan: Plan
  months: Months
  priceNano: Nano
  status: SubscriptionStatus
  periodEndMs: number
  /** Where it ends for good. */
  endsMs: number | null
  /** What it becomes at the end of the period. */
  next: { plan: Plan; months: Months; priceNano: Nano } | null
  /** The last payment failed. */
  isFailing: boolean
  /** Until when the plan counts; null = nothing that counts is paid. */
  untilMs: number | null
  /** Since then nothing is charged, as its person is suspended; null = it is charged. */
  pausedMs: number | null
}

/** What somebody wants in place of what they have. */
export interface Wanted {
  planCode: string
  months: Months
}

/** What wanting a plan does. Amounts n$; below 0: given back. `seal`: that this was shown, for whoever confirms it. */
export type PlannedChange = { seal: string } & (
  | { kind: "subscribe"; plan: Plan; months: Months; priceNano: Nano }
  | { kind: "now"; plan: Plan; months: Months; priceNano: Nano; now: NowDue; isRestart: boolean }
  | { kind: "later"; plan: Plan; months: Months; priceNano: Nano; atMs: number }
  | { kind: "end"; plan: Plan; atMs: number }
  /** It goes on as it is; what was planned no longer comes. */
  | { kind: "keep"; plan: Plan; months: Months; priceNano: Nano; atMs: number }
  | { kind: "same"; plan: Plan; months: Months; priceNano: Nano; atMs: number }
)

/** What was shown before it was confirmed: the seal of the page, or, by programs, what it costs and since when that is counted. */
export type Seen = { seal: string } | { atMs: number; dueNano: number }

export interface NowDue {
  lines: { text: string; amountNano: Nano }[]
  taxNano: Nano
  dueNano: Nano
  /** Left over for later invoices. */
  creditNano: Nano
  /** What is left of the period was counted from then. */
  atMs: number
}

export interface SubscribeInput extends Wanted {
  buyer: Buyer
  choice: PlanChoice | null
  /** A code as it was typed: off the first payment. */
  coupon?: { code: string; ip: string } | undefined
  /** Of the form: the same one is the same page. */
  key: string
}

export interface ChangeInput extends Wanted {
  buyer: Buyer
  key: string
  /** Refused where it is no longer so, and where nothing was seen of what costs something. */
  seen: Seen | null
}

/** Verbs of plans that are paid for. */
export interface PlanSales {
  /** Whether this plan can be paid for. */
  isSold(plan: Plan, months: Months): boolean
  /** n$; null = not sold so. */
  priceOf(plan: Plan, months: Months): Nano | null
  ownOf(userId: UserId): OwnSubscription | null
  /** @throws AppError not_found, conflict, unavailable */
  subscribe(ctx: WriteContext, input: SubscribeInput): Promise<Signup>
  signup(userId: UserId, publicId: string): Signup | null
  /** Its page is closed and what it holds is free. @throws AppError not_found, conflict where it is paid, unavailable */
  giveUp(buyer: Buyer, publicId: string): Promise<Signup>
  /** Asks what became of it, at most every few seconds. Never rejects for the processor's silence. */
  refreshSignup(signup: Signup): Promise<Signup>
  /** Nothing is changed. @throws AppError not_found, conflict, unavailable */
  preview(userId: UserId, wanted: Wanted): Promise<PlannedChange>
  /** @returns what was done @throws AppError as `preview`; conflict where it costs another amount than was seen, or is not paid */
  change(ctx: WriteContext, input: ChangeInput): Promise<PlannedChange>
  /** Nothing new at the end of the period, or no longer. @throws AppError conflict, unavailable */
  end(ctx: WriteContext, buyer: Buyer, key: string): Promise<OwnSubscription>
  resume(ctx: WriteContext, buyer: Buyer, key: string): Promise<OwnSubscription>
  /** Where cards and invoices are looked after. @throws AppError conflict for who never paid, unavailable */
  portal(buyer: Buyer): Promise<string>
  /** In the write that suspends or reinstates somebody: nothing is charged for their plan meanwhile. */
  collectionIn(tx: Tx, userId: UserId): void
  /** In the write that begins to erase somebody: nothing is charged any more. */
  cancelAllIn(tx: Tx, userId: UserId): void
  /** The messages of the two. @throws what makes them come again */
  collect(delivery: Delivery): Promise<void>
  cancel(delivery: Delivery): Promise<void>
  /** One sentence for whoever's payment failed. */
  noticeOf(userId: UserId): string | undefined
  /** Mails for those whose days of grace end; the job. @returns how many were told */
  remind(): Promise<number>
}

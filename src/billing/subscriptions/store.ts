// SQL of subscriptions. Decides nothing.
import { eq } from "drizzle-orm"
import type { UserId } from "../../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import type { Scope } from "../scope.ts"
import { billingPlanInvoices, billingPortals, billingPrices, billingSignups, billingSubscriptions } from "./tables.ts"
import type { PlanInvoice, PriceRow, Signup, SubscriptionRow } from "./types.ts"

/** Of the mode of the key: test and live know different ones; and of how tax is meant, which stands with a price. */
export const priceFor = (
  reader: Reader,
  { isTest, account }: Scope,
  wanted: Pick<PriceRow, "planId" | "months" | "priceNano" | "tax">,
): PriceRow | null =>
  findRow(
    reader,
    billingPrices,
    "plan_id = ? AND months = ? AND price_nano = ? AND tax = ? AND is_test = ? AND account_id = ?",
    wanted.planId,
    wanted.months,
    wanted.priceNano,
    wanted.tax,
    Number(isTest),
    account,
  )

export const priceById = (reader: Reader, priceId: string): PriceRow | null =>
  findRow(reader, billingPrices, "price_id = ?", priceId)

export const productOf = (reader: Reader, planId: number, { isTest, account }: Scope): string | null =>
  findRow(
    reader,
    billingPrices,
    "plan_id = ? AND is_test = ? AND account_id = ? ORDER BY id DESC LIMIT 1",
    planId,
    Number(isTest),
    account,
  )?.productId ?? null

/** Made before anybody knew whose the key was: it is of the account that named it now. */
export function claimPrice(tx: Tx, priceId: string, { account }: Scope): PriceRow | null {
  tx.run("UPDATE billing_prices SET account_id = ? WHERE price_id = ?", account, priceId)
  return priceById(tx, priceId)
}

export const insertPrice = (tx: Tx, row: Omit<PriceRow, "id">): number => insertRow(tx, billingPrices, row)

export const insertSignup = (tx: Tx, row: Omit<Signup, "id">): number => insertRow(tx, billingSignups, row)

export function saveSignup(tx: Tx, { id, publicId: _, userId: __, createdMs: ___, ...rest }: Signup): void {
  tx.drizzle.update(billingSignups).set(rest).where(eq(billingSignups.id, id)).run()
}

export const signupById = (reader: Reader, publicId: string): Signup | null =>
  findRow(reader, billingSignups, "public_id = ?", publicId)

export const signupBySession = (reader: Reader, sessionId: string): Signup | null =>
  findRow(reader, billingSignups, "session_id = ?", sessionId)

export const signupByForm = (reader: Reader, userId: UserId, formKey: string): Signup | null =>
  findRow(reader, billingSignups, "user_id = ? AND form_key = ?", userId, formKey)

const SIGNUP = columnsOf(billingSignups)

export const openSignups = (reader: Reader, userId: UserId): Signup[] =>
  reader.all<Signup>(`SELECT ${SIGNUP} FROM billing_signups WHERE user_id = ? AND state = 'open' ORDER BY id`, userId)

/** Those that were asked about longest ago. */
export const waitingSignups = (reader: Reader, before: number, limit: number): Signup[] =>
  reader.all<Signup>(
    `SELECT ${SIGNUP} FROM billing_signups
     WHERE state = 'open' AND COALESCE(asked_ms, created_ms) <= ? ORDER BY asked_ms LIMIT ?`,
    before,
    limit,
  )

export const subscriptionById = (reader: Reader, subscriptionId: string): SubscriptionRow | null =>
  findRow(reader, billingSubscriptions, "subscription_id = ?", subscriptionId)

const SUBSCRIPTION = columnsOf(billingSubscriptions)

/** Those of a key of this mode and account: others' are nobody's under it. Without a key, all. */
const OF_KEY = (mode: string, account: string): string =>
  `(${mode} IS NULL OR EXISTS (
     SELECT 1 FROM billing_prices AS p WHERE p.price_id = s.price_id AND p.is_test = ${mode} AND p.account_id = ${account}))`

/** Newest first, by when they were made at the processor. @param scope of the key; null = there is none */
export const subscriptionsOf = (reader: Reader, userId: UserId, scope: Scope | null): SubscriptionRow[] =>
  reader.all<SubscriptionRow>(
    `SELECT ${SUBSCRIPTION} FROM billing_subscriptions AS s WHERE user_id = ?1 AND ${OF_KEY("?2", "?3")}
     ORDER BY created_ms DESC, subscription_id DESC`,
    userId,
    scope && Number(scope.isTest),
    scope?.account ?? null,
  )

export const insertSubscription = (tx: Tx, row: Omit<SubscriptionRow, "id">): number =>
  insertRow(tx, billingSubscriptions, row)

export function saveSubscription(tx: Tx, { id, subscriptionId: _, userId: __, ...rest }: SubscriptionRow): void {
  tx.drizzle.update(billingSubscriptions).set(rest).where(eq(billingSubscriptions.id, id)).run()
}

/** Those that something is awaited of, and all others once in a while; asked longest ago first. */
export const subscriptionsToAsk = (
  reader: Reader,
  scope: Scope,
  { soon, seldom, now, limit }: { soon: number; seldom: number; now: number; limit: number },
) =>
  reader.all<SubscriptionRow>(
    `SELECT ${SUBSCRIPTION} FROM billing_subscriptions AS s
     WHERE status <> 'ended' AND asked_ms <= ?1
       AND (asked_ms <= ?2 OR status <> 'active' OR period_end_ms <= ?3 OR paid_until_ms < period_end_ms)
       AND ${OF_KEY("?5", "?6")}
     ORDER BY asked_ms LIMIT ?4`,
    soon,
    seldom,
    now,
    limit,
    Number(scope.isTest),
    scope.account,
  )

/** The processor's own pages, as they are to be. */
export const portalOf = (reader: Reader, { isTest, account }: Scope, terms: string): string | null =>
  findRow(reader, billingPortals, "is_test = ? AND account_id = ? AND terms = ?", Number(isTest), account, terms)
    ?.configurationId ?? null

/** The last one counts. */
export function savePortal(tx: Tx, { isTest, account, terms, configurationId }: Scope & PortalTerms): void {
  tx.run(
    "DELETE FROM billing_portals WHERE is_test = ? AND account_id = ? AND terms = ?",
    Number(isTest),
    account,
    terms,
  )
  insertRow(tx, billingPortals, { isTest, accountId: account, terms, configurationId, createdMs: tx.now })
}

interface PortalTerms {
  terms: string
  configurationId: string
}

/** Those whose last payment failed. */
export const failingSubscriptions = (reader: Reader, limit: number): SubscriptionRow[] =>
  reader.all<SubscriptionRow>(
    `SELECT ${SUBSCRIPTION} FROM billing_subscriptions
     WHERE status <> 'ended' AND unpaid_invoice IS NOT NULL AND rested_ms IS NULL ORDER BY id LIMIT ?`,
    limit,
  )

export const planInvoiceById = (reader: Reader, invoiceId: string): PlanInvoice | null =>
  findRow(reader, billingPlanInvoices, "invoice_id = ?", invoiceId)

export const planInvoiceByIntent = (reader: Reader, paymentIntentId: string): PlanInvoice | null =>
  findRow(reader, billingPlanInvoices, "payment_intent_id = ?", paymentIntentId)

export const insertPlanInvoice = (tx: Tx, row: Omit<PlanInvoice, "id">): number =>
  insertRow(tx, billingPlanInvoices, row)

export const isEverPaid = (reader: Reader, subscriptionId: string): boolean =>
  reader.get("SELECT 1 FROM billing_plan_invoices WHERE subscription_id = ? LIMIT 1", subscriptionId) !== null

export const userByCustomer = (reader: Reader, customerId: string): UserId | null =>
  reader.get<{ userId: UserId }>("SELECT user_id AS userId FROM billing_customers WHERE customer_id = ?", customerId)
    ?.userId ?? null

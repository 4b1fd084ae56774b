// The nouns of billing: credits that are sold for money, orders, and what the processor of payments told. Money moves through the ledger's
// verbs alone; the processor stands behind one port.
import type { Clock, Ids, Keyring, Log, Nano, UserId } from "../app/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { Plans } from "../plans/index.ts"
import type { Replica } from "../replica/index.ts"
import type { ReadWorker, Store, Tx, WriteContext } from "../store/index.ts"
import type { CaughtUp } from "./catch-up.ts"
import type { Connection, ConnectionVerbs } from "./connection/index.ts"
import type { CouponDeps, Coupons } from "./coupons/index.ts"
import type { Forgotten } from "./customers.ts"
import type { BillingDetails } from "./details/index.ts"
import type { CreditInput, CreditNote, Invoice, InvoiceDeps, InvoiceLine, Invoices, Party } from "./invoices/index.ts"
import type { NewPayment } from "./manual.ts"
import type { Recharges } from "./recharge/types.ts"
import type { RefundLedger, Refunds } from "./refunds/index.ts"
import type { StatementDeps, StatementVerbs } from "./statement/index.ts"
import type { Processor } from "./stripe/index.ts"
import type { PlanSales } from "./subscriptions/index.ts"

/** What an admin may change of a package. */
export interface PackageTerms {
  name: string
  /** n$, whole cents. Paid credits are worth what was paid. */
  priceNano: Nano
  /** Credits on top, a lot of their own that was not paid for. */
  bonusNano: Nano
  /** How long the bonus lives; null = for ever. */
  bonusDays: number | null
}
export interface NewPackage extends PackageTerms {
  slug: string
}
export interface CreditPackage extends NewPackage {
  id: number
  active: boolean
  sortOrder: number
  createdMs: number
  /** Hand it back to `editPackage` so that two editors do not overwrite each other. */
  updatedMs: number
}
/** What is left out stays. */
export type EditPackage = Partial<PackageTerms> & { slug: string; active?: boolean; seenMs?: number | undefined }

/** open: a page to pay on is there, or soon will be. pending: the bank takes days. paid, failed, expired: over. */
export type OrderState = "open" | "pending" | "paid" | "failed" | "expired"

/** From the shelf, by a saved card when the balance runs low, or written down by an admin. */
export type OrderKind = "package" | "recharge" | "manual"

/** Whatever is paid once. Amounts n$, whole cents. */
export interface Order {
  id: number
  publicId: string
  kind: OrderKind
  userId: UserId
  /** Empty where it is of no package. */
  packageSlug: string
  /** What was bought, as its page and its invoice call it. */
  packageName: string
  /** What the credits are worth. */
  priceNano: Nano
  /** Off the price, by a coupon. */
  discountNano: Nano
  /** As the processor says. */
  taxNano: Nano
  /** Of what was paid; cumulative. */
  refundedNano: Nano
  /** The tax lies within the price. */
  taxInclusive?: boolean
  /** The customer owes the tax. */
  reverseCharge?: boolean
  /** What its invoice says that stands nowhere else: `OrderPaper` as JSON. */
  paper?: string | null
  bonusNano: Nano
  bonusDays: number | null
  formKey: string
  state: OrderState
  sessionId: string | null
  /** Where it is paid. */
  payUrl: string | null
  paymentIntentId: string | null
  chargeId: string | null
  transactionId: string | null
  createdMs: number
  updatedMs: number
  askedMs: number | null
  paidMs: number | null
}

/** What the invoice of an order says that stands nowhere else. */
export interface OrderPaper {
  /** Whom it is billed to, where that is not the account. */
  buyer?: Partial<Party>
  /** The processor is asked for the tax: on top of the price, or within it. */
  tax?: "exclusive" | "inclusive"
  /** The page to pay on asks for address and tax id. */
  asksWho?: true
  /** What was counted before a saved card was charged: `taxcalc_…`, cents, and whether the buyer owes it. */
  taxed?: { id: string; cents: number; isReverse?: true }
  /** When the money came, where that was before it was written down. */
  receivedMs?: number
  notes?: string[]
}

/** What became of an event, and why it is parked. */
export type Noted = Pick<BillingEvent, "state" | "note">

export type EventState = "applied" | "ignored" | "parked"

export interface BillingEvent {
  eventId: string
  type: string
  objectId: string
  state: EventState
  note: string | null
  createdMs: number
  receivedMs: number
}

/** Internal id for rows, public id for the audit log. */
export interface Buyer {
  id: UserId
  publicId: string
  email: string
}

/** "late" = it is applied, and the replica is not known to have it: the sender is to try again. */
export type Received = "taken" | "late"

export interface BillingDeps extends InvoiceDeps {
  store: Store
  clock: Clock
  /** The machine's, which signatures of others are as old as by; default: the same. */
  wall?: Clock
  ids: Ids
  log: Log
  ledger: Pick<Ledger, "grantIn" | "wallet" | "walletIn" | "watchIn" | "fallen"> &
    RefundLedger &
    StatementDeps["ledger"]
  plans: Pick<Plans, "list" | "planByCode" | "payIn" | "keepIn" | "paidOf" | "paidOfIn"> & CouponDeps["plans"]
  /** Who answers for a wallet: of a team its owner, under the address that its people share. */
  identity: Pick<Identity, "userById" | "isSuspended" | "requireActiveIn">
  /** Who stands on papers: the same, as they are. */
  buyers: Pick<Identity, "userById">
  mails: Pick<Mails, "queueIn">
  keyring: Pick<Keyring, "hmac" | "hmacs">
  outbox: Pick<Outbox, "enqueueIn">
  replica: Pick<Replica, "holds">
  /** Of this moment; null = nothing is sold here: no key is set. */
  readonly processor: Processor | null
  /** Whose key it is: `acct_…`; empty where nobody knows. */
  readonly account: string
  /** Where what takes long is done. */
  reads: Pick<ReadWorker, "ask">
  /** Of this server, without a trailing slash. */
  baseUrl: string
}

/** What billing is made of: the processor is that of the connection. */
export type BillingGiven = Omit<BillingDeps, "processor" | "account"> & { connection: Connection }

/** Where something is sold. */
export type BillingDepsOn = BillingDeps & { processor: Processor; coupons: Coupons }

/** What credits paid for in the marketplace. */
export interface ProductInvoice {
  userId: UserId
  /** `market:<bill>` */
  key: string
  lines: readonly InvoiceLine[]
}

export interface BuyInput {
  buyer: Buyer
  slug: string
  key: string
  coupon?: { code: string; ip: string } | undefined
}

export interface Billing {
  /** Whether anything can be bought. Changes while the server runs. */
  readonly isOn: boolean
  /** Its key is one of the processor's test mode: credits that nobody pays for. */
  readonly isTest: boolean
  /** What names the card of a charge, whoever pays with it; null = it was no card, or nobody can be asked. @throws ProcessorError */
  cardOfCharge(chargeId: string): Promise<string | null>
  connection: ConnectionVerbs
  statement: StatementVerbs
  invoices: Invoices
  /**
   * Money that came by another road, written down by an admin: an order of its own kind, its credits and its invoice in one. Without a
   * day the invoice asks for the money, and the credits come with `receiveIn`. The same key again is the same order.
   * @throws AppError validation_failed with a message per field, not_found
   */
  recordIn(tx: Tx, input: NewPayment): Order
  /** The money of such an invoice came: the credits follow. @throws AppError not_found, conflict, validation_failed */
  receiveIn(tx: Tx, input: { invoice: string; paidMs: number }): Order
  /** It will not come. @throws AppError not_found, conflict */
  giveUpIn(tx: Tx, input: { invoice: string }): Order
  /** Of an API that was paid with credits: once a key, paid when it is issued. */
  productInvoiceIn(tx: Tx, input: ProductInvoice): Invoice
  /** What of an invoice went back; null where there is none, or nothing of it is left. */
  creditNoteIn(tx: Tx, input: CreditInput): CreditNote | null

  /** By sort order. */
  packages(): CreditPackage[]
  packageBySlug(slug: string): CreditPackage | null
  /** @throws AppError validation_failed with a message per field, conflict when there are too many */
  createPackageIn(tx: Tx, input: NewPackage): CreditPackage
  /** @throws AppError not_found, validation_failed, conflict */
  editPackageIn(tx: Tx, input: EditPackage): CreditPackage

  /**
   * An order and its page to pay on. The same key again is the same order.
   * With a coupon: what it takes off is reserved until the order is paid or nobody paid; an order of the same person that waits
   * with its last use gives it up.
   * @throws AppError not_found, conflict when nothing is sold, unavailable when the processor does not answer, those of `Coupons.look`
   */
  buy(ctx: WriteContext, input: BuyInput): Promise<Order>
  /** Its page to pay on is closed, and what it holds is free. @throws AppError not_found, conflict where it does not wait, unavailable */
  giveUpOrder(ctx: WriteContext, buyer: Buyer, publicId: string): Promise<Order>
  /** Codes that give credits, a period of a plan, or something off a price. */
  coupons: Coupons

  /** What a payer wants on invoices; null: what their account says. */
  detailsOf(ownerId: UserId): BillingDetails | null
  /** Empty everywhere: none any more. @throws AppError validation_failed with a message per field, forbidden */
  setDetailsIn(tx: Tx, ownerId: UserId, details: BillingDetails): void

  /** Leaves a message that ends who they are at the processor. @returns how many keys of it knew them */
  forgetIn(tx: Tx, userId: UserId): number
  /** Cards, rules and pages to pay on of a payer that is no more, and who they are at the processor; papers stay. @returns how many rows went */
  eraseIn(tx: Tx, userId: UserId, rows: number): number
  /** Whether an order waits that would still bring credits. */
  isPayingIn(tx: Tx, userId: UserId): boolean
  /** Delivers it. @throws Error, ProcessorError: it is tried again */
  forget(who: Forgotten): Promise<void>

  /** Of this person. */
  order(userId: UserId, publicId: string): Order | null
  /** Newest first. */
  ordersOf(userId: UserId, limit: number): Order[]
  /** Asks the processor what became of it, at most every few seconds, and does what follows. Never rejects for its silence. */
  refresh(order: Order): Promise<Order>
  /** The same for all that wait; the job. @returns how many were asked about */
  reconcile(): Promise<number>

  /** Plans that are paid for. */
  plans: PlanSales

  recharges: Recharges

  /** Money that goes back, by us or by a bank. */
  refunds: Refunds

  /**
   * After a restore: asks about everything that waits, and for payments of orders that are not here. Nothing where nothing is sold.
   * @param sinceMs the last commit of what was restored
   */
  catchUp(sinceMs: number): Promise<CaughtUp>

  /**
   * What the processor sends.
   * @throws AppError invalid_request for what it did not sign, unavailable when what it is about cannot be asked
   */
  receive(body: string, signature: string, requestId: string): Promise<Received>
  /** Newest first. @param before an event that a page ended with */
  events(state: EventState | null, limit: number, before?: string): BillingEvent[]
  event(eventId: string): BillingEvent | null
  countParked(): number
  /**
   * Asks for an event once more and applies it as if it had just come.
   * @throws AppError not_found; conflict when the processor has it no more; unavailable when it does not answer
   */
  replay(ctx: WriteContext, eventId: string): Promise<BillingEvent>
  /** A parked one that was settled by hand. @throws AppError not_found, conflict */
  setAsideIn(tx: Tx, eventId: string): BillingEvent
}

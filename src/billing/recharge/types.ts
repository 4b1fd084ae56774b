// The nouns of auto-recharge: a saved card, the rule of a person, and what an order of kind `recharge` has beside other orders.
import type { Nano, UserId } from "../../app/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { Buyer, Order } from "../types.ts"

export interface Card {
  id: number
  /** `card_…` */
  publicId: string
  userId: UserId
  /** `pm_…` */
  methodId: string
  /** `cus_…` that it is a card of; null = saved before this was kept. */
  customerId: string | null
  brand: string
  last4: string
  expMonth: number
  expYear: number
  createdMs: number
  removedMs: number | null
  warnedMs: number | null
}

/** card: the last one was removed. declined: the bank refused three times. expired: the card did. */
export type OffWhy = "card" | "declined" | "expired"

export interface RechargeTerms {
  /** Below this, n$; held credits count as there. */
  belowNano: Nano
  /** So much is bought, n$, whole cents. */
  amountNano: Nano
  /** Never more in a UTC month, n$. */
  monthNano: Nano
}

export interface AutoRecharge extends RechargeTerms {
  userId: UserId
  active: boolean
  offWhy: OffWhy | null
  /** Its person is suspended. */
  paused: boolean
  /** In a row. */
  failures: number
  notBeforeMs: number | null
  toldMonthMs: number | null
  createdMs: number
  updatedMs: number
}

export type Trouble = "declined" | "authentication"

export interface Recharge {
  orderId: number
  cardId: number
  /** From here on money may have been taken. */
  attemptedMs: number | null
  trouble: Trouble | null
  code: string | null
  /** Pages that its person asked for, to pay it themselves. */
  pages: number
}

/** What a person sees of it. */
export interface RechargeView {
  rule: AutoRecharge | null
  /** Of a team: its owner is suspended, so nothing is charged. */
  isHeld: boolean
  /** Newest first: the first is charged. */
  cards: Card[]
  /** Of this UTC month, charged or about to be, n$. */
  monthUsedNano: Nano
  /** Tax comes on top of what is bought. */
  addsTax: boolean
  /** The one that waits. */
  open: (Order & { trouble: Trouble | null }) | null
}

export interface Recharges {
  of(userId: UserId): RechargeView
  /** What an order of kind `recharge` has beside others. */
  detail(order: Order): { card: Card; trouble: Trouble | null; code: string | null } | null
  /** On, with these terms; looks at the wallet at once. @throws AppError validation_failed, conflict without a card */
  turnOn(ctx: WriteContext, userId: UserId, terms: RechargeTerms): Promise<AutoRecharge>
  turnOff(ctx: WriteContext, userId: UserId): Promise<void>

  /** A page to save a card on. @returns its address @throws AppError unavailable, conflict past so many cards */
  beginCard(ctx: WriteContext, buyer: Buyer, key: string): Promise<string>
  /** Back from that page. @returns the card; null = nothing was saved, or it is somebody else's page */
  saveCard(ctx: WriteContext, userId: UserId, sessionId: string): Promise<Card | null>
  card(userId: UserId, publicId: string): Card | null
  /** @returns whether auto-recharge is off because of it @throws AppError not_found */
  removeCard(ctx: WriteContext, userId: UserId, publicId: string): Promise<{ turnedOff: boolean }>

  /**
   * The person pays it on a page of their own. A second press is the same page.
   * @throws AppError not_found, conflict when it is over or another one waits, unavailable
   */
  payNow(ctx: WriteContext, buyer: Buyer, orderId: string): Promise<Order>

  /** The message of an order that is to be charged. @throws what makes it come again */
  charge(orderId: string): Promise<void>
  /** The message of a card that was removed. */
  detach(methodId: string): Promise<void>
  /** A slice of the rules that are on, after this person: the job. @returns the last one; null = no more */
  lookAt(afterUserId: number, rows: number): Promise<number | null>
  /** Tells of cards that expire; the job. */
  warnOfCards(): Promise<number>
  /** n$ that a charge of now would bring, where bought credits are short; 0 = nothing is charged. */
  brings(userId: UserId): Nano
  /**
   * Bought credits are short for something that its person agreed to: their rule is asked, whatever its threshold says.
   * @returns whether a recharge is under way
   */
  needIn(tx: Tx, userId: UserId): boolean
  suspendIn(tx: Tx, userId: UserId, isSuspended: boolean): void
}

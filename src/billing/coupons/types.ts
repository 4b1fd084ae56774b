// Words of coupons: what a code gives, on which terms, and each use of it.
import type { Ids, Keyring, Nano, UserId } from "../../app/index.ts"
import type { Ledger } from "../../ledger/index.ts"
import type { Plans } from "../../plans/index.ts"
import type { KeysetPage, Place, Store, Tx, WriteContext } from "../../store/index.ts"
import type { Processor } from "../stripe/index.ts"

/** credits, or one period of a plan, at once; a share of a price, or an amount off it, at the next checkout. */
export type CouponKind = "credits" | "plan" | "percent" | "amount"

/** What it gives: never changed, since people were told. */
export interface CouponGift {
  kind: CouponKind
  /** n$: of credits, or off a price in whole cents; else 0. */
  amountNano: Nano
  /** Of credits: how long they live; null = for ever. */
  creditDays: number | null
  /** Whole percent off a price. */
  percent: number | null
  planCode: string | null
}
/** On which terms; an admin may change them. */
export interface CouponTerms {
  /** For admins: what it is for. */
  note: string
  /** Null = any number of times. */
  maxUses: number | null
  perPerson: number | null
  /** n$ that a purchase has to cost at least. */
  minimumNano: Nano
  /** `package:plus`, `plan:pro`; none = whatever is sold. */
  onlyFor: readonly string[]
  /** It works before this moment. */
  expiresMs: number | null
}
export interface NewCoupon extends CouponGift, CouponTerms {
  /** Empty = one is made that nobody can guess. */
  code: string
}
export interface Coupon extends NewCoupon {
  id: number
  publicId: string
  endedMs: number | null
  /** Uses that are reserved or redeemed. */
  taken: number
  redeemed: number
  /** n$ that those which were redeemed gave. */
  costNano: Nano
  createdMs: number
  /** Hand it back to `editIn` so that two editors do not overwrite each other. */
  updatedMs: number
}
/** What is left out stays. */
export type EditCoupon = Partial<CouponTerms> & { code: string; seenMs?: number | undefined }

export type CouponState = "active" | "used_up" | "expired" | "ended"

export type UseState = "reserved" | "redeemed" | "released"

export interface CouponUse {
  id: number
  publicId: string
  couponId: number
  userId: UserId
  state: UseState
  /** `order:ord_…` of a purchase, `form:…` of a form without one. */
  ref: string
  /** `package:plus`, `plan:pro`; null where nothing was bought. */
  subject: string | null
  /** n$: credits that were given, the price of the month, or what came off a price. */
  costNano: Nano
  transactionId: string | null
  createdMs: number
  decidedMs: number | null
}

export interface HeldUse {
  code: string
  /** `order:ord_…`, `signup:sgn_…`: what holds it. */
  ref: string
  /** What is bought: `package:plus`, `plan:pro`. */
  subject: string | null
  createdMs: number
  /** Then it is free again. */
  untilMs: number
}

/** Who types a code. */
export interface Redeemer {
  id: UserId
  publicId: string
  /** Of the request; wrong codes are counted by network too. */
  ip: string
}

/** Something that is sold: `package:plus`, `plan:pro`. */
export interface Sold {
  subject: string
  priceNano: Nano
}

export interface CouponDeps {
  store: Store
  ids: Ids
  keyring: Pick<Keyring, "hmac">
  ledger: Pick<Ledger, "grantIn">
  plans: Pick<Plans, "assignIn" | "cancelIn" | "standingOfIn" | "planByCode">
  processor: Processor | null
}

export interface Coupons {
  /** Newest first. */
  page(place: Place | null, limit: number): KeysetPage<Coupon>
  /** As an admin names it: by its code, in any case. */
  byCode(code: string): Coupon | null
  stateOf(coupon: Coupon): CouponState
  /** Newest first. */
  usesOf(coupon: Coupon, place: Place | null, limit: number): KeysetPage<CouponUse>
  /** What a purchase took off by a coupon, if it did. */
  useOf(ref: string): (CouponUse & { code: string }) | null

  /** @throws AppError validation_failed with a message per field, conflict when there are too many */
  createIn(tx: Tx, input: NewCoupon): Coupon
  /** @throws AppError not_found, validation_failed, conflict */
  editIn(tx: Tx, input: EditCoupon): Coupon
  /** For good; whoever pays with it right now still may. @throws AppError not_found */
  endIn(tx: Tx, code: string): Coupon

  /**
   * What a code is, for somebody who typed it. Wrong ones are counted, and unknown, ended and used-up ones are answered alike.
   * @throws AppError validation_failed, rate_limit_exceeded
   */
  look(ctx: WriteContext, by: Redeemer, code: string): Promise<Coupon>
  /** What it takes off something, n$, whole cents; or why it is not for that, in words. */
  offer(coupon: Coupon, sold: Sold): { discountNano: Nano } | { objection: string }
  /** What is reserved for purchases of somebody that are not paid yet, newest first. */
  heldBy(userId: UserId): HeldUse[]
  /** Whether `redeem` was done under this key. */
  hasRedeemed(by: Redeemer, key: string): boolean
  /**
   * Credits, or a period of a plan, at once. The same key again is the same use.
   * @throws AppError those of `look`, conflict
   */
  redeem(ctx: WriteContext, by: Redeemer, input: { code: string; key: string }): Promise<Redeemed>

  /**
   * Takes a use for a purchase that is not paid yet. The same `ref` again is the same use.
   * @throws AppError conflict, validation_failed
   */
  reserveIn(tx: Tx, input: { coupon: Coupon; userId: UserId; ref: string; sold: Sold }): CouponUse
  /** It was paid, also where the use was released before; `costNano`: what really came off. Nothing for a ref without a use. */
  redeemedIn(tx: Tx, ref: string, costNano?: Nano): void
  /** Nobody paid: somebody else may use it. */
  releasedIn(tx: Tx, ref: string): void
  /** The same as the processor's own discount, made when first needed. @returns its id @throws ProcessorError */
  atProcessor(coupon: Pick<Coupon, "publicId" | "code" | "kind" | "percent" | "amountNano">): Promise<string>

  /** Tries that are forgotten. @returns how many */
  purge(ctx: WriteContext, rows: number): Promise<number>
}

export interface Redeemed {
  use: CouponUse
  coupon: Coupon
  /** It had been done before under the same key. */
  already: boolean
}

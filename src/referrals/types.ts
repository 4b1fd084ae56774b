// Words of referrals: a person brings another, and is given credits when that one buys some.
import type { Keyring, Nano, UserId } from "../app/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"

export type ReferralState = "joined" | "rewarded" | "refused" | "taken_back"
export type MarkKind = "address" | "device" | "network" | "card"

/** Why nobody is rewarded, in the order in which it is looked at. */
export type Refusal =
  | "test"
  | "swapped"
  | "address"
  | "returning"
  | "device"
  | "network"
  | "team"
  | "card"
  | "small"
  | "cap"
  | "paid_back"
  | "gone"

export interface Referral {
  id: number
  referrerId: UserId
  userId: UserId
  state: ReferralState
  why: Refusal | null
  rewardNano: Nano
  orderId: string | null
  joinedMs: number
  decidedMs: number | null
}

export interface ReferralsDeps {
  store: Store
  keyring: Pick<Keyring, "hmac">
  identity: Pick<Identity, "userById">
  ledger: Pick<Ledger, "grantIn" | "clawBackIn">
  settings: Pick<Settings, "get">
  /** What the processor calls the card of a purchase, the same for each account that pays with it; null: no card, or not known. @throws when it cannot be asked */
  cardOf(chargeId: string): Promise<string | null>
}

/** A browser on its way. */
export interface Browser {
  browserId: string
  ip: string
}

export interface Referrals {
  /** What is given, for which purchase; null: nothing, as long as the operator has not set it. */
  terms(): { rewardNano: Nano; purchaseNano: Nano; most: number } | null
  /** The person's own link, made when it is asked for. */
  linkIn(tx: Tx, userId: UserId): string
  linkOf(userId: UserId): string | null
  /** Somebody followed a link. Nothing where it is nobody's. */
  followIn(tx: Tx, code: string, browser: Browser): void
  /** Somebody who followed a link has a new account. Accounts that were there before are nobody's new ones. */
  joinedIn(tx: Tx, userId: UserId, browser: Browser): void
  /** Purchases of those who came decide; what was paid back is taken back. @returns referrals it looked at */
  settle(ctx: WriteContext, rows: number): Promise<number>
  ofReferrer(userId: UserId, limit: number): Referral[]
  page(state: ReferralState | null, beforeId: number | null, limit: number): Referral[]
  /** Marks of whoever goes stay for a while, without a name. @returns rows */
  eraseIn(tx: Tx, person: { id: UserId; email: string }): number
  sweepIn(tx: Tx, rows: number): number
}

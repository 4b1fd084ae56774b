// Words of sponsored credits: a developer pays for their people's first calls through an app, from a pool of its own.
import type { ClientId, Nano, UserId } from "../app/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Ledger, Mode, Principal } from "../ledger/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"

export interface SponsorsDeps {
  store: Store
  ledger: Pick<
    Ledger,
    | "fundPoolIn"
    | "takeBackPoolIn"
    | "grantIn"
    | "wallet"
    | "walletIn"
    | "paidSpendableIn"
    | "paidSpendableOf"
    | "owesIn"
    | "callerUseIn"
    | "callerUseOf"
    | "usedByOthers"
  >
  oauth: Pick<Oauth, "clientById" | "clientByPublicId">
  identity: Pick<Identity, "requireActiveIn">
}

/** A developer's pool for one app of theirs. */
export interface Pool {
  owner: Principal
  clientId: ClientId
  developerId: UserId
  mode: Mode
  /** The most that it pays for one person, ever. */
  capNano: Nano
  isOn: boolean
  /** Free to pay calls. */
  leftNano: Nano
  /** Kept for calls that run. */
  heldNano: Nano
  /** What it has paid so far, less what came back, and for how many people. */
  usedNano: Nano
  people: number
}

/** One as those who look after all of them see it. */
export type LivePool = Pick<
  Pool,
  "owner" | "clientId" | "developerId" | "mode" | "isOn" | "leftNano" | "heldNano" | "usedNano"
>

export interface PoolRef {
  developerId: UserId
  /** `cli_…`, one of theirs. */
  clientPublicId: string
}

export interface SetPool extends PoolRef {
  capNano: Nano
  isOn: boolean
}

export interface MovePool extends PoolRef {
  amountNano: Nano
  /** Of this press; the same again moves nothing. */
  key: string
}

/** Whose call it is, as its token says. */
export interface SponsoredCaller {
  clientId: ClientId
  developerId: UserId | null
  userId: UserId
  mode: Mode
}

/** A pool that may pay this person's call, and how much of it. */
export interface Payer {
  owner: Principal
  /** Nothing beyond it is ever held or collected. */
  roomNano: Nano
}

/** What an app pays for one person: the first of it, and what is left. */
export interface Offer {
  capNano: Nano
  leftNano: Nano
}

export interface Sponsors {
  /** One that the developer has for this app; null: none yet. @throws AppError not_found for another's app */
  poolOf(ref: PoolRef): Pool | null
  /** @throws AppError not_found, validation_failed with formErrors */
  setIn(tx: Tx, input: SetPool): void
  /** From the developer's paid credits; in test mode from nowhere, for they are no money. @throws AppError insufficient_credits, credits_on_hold, validation_failed */
  fundIn(tx: Tx, input: MovePool): void
  /** Back to the developer's credits, as far as no call holds it. @throws AppError insufficient_credits, credits_on_hold, validation_failed */
  takeBackIn(tx: Tx, input: MovePool): void
  /** Exact within the write that holds. Null: nobody pays for them, or not now. */
  payerIn(tx: Tx, caller: SponsoredCaller): Payer | null
  /** What of it is left now, the call's own hold counted as used. */
  roomIn(tx: Tx, owner: Principal, caller: SponsoredCaller): Nano
  /** What the app pays for this person; null: nothing. */
  offerFor(clientId: ClientId, userId: UserId): Offer | null
  /** What is left in pools whose app is gone, or another's, goes back to whoever filled them. @returns pools it looked at */
  returnDue(ctx: WriteContext, rows: number): Promise<number>
  /** All that is free in this developer's pools goes back to them. @returns pools that had something */
  eraseIn(tx: Tx, developerId: UserId): number
  /** All pools, from a number on. */
  poolsAfter(after: number, rows: number): LivePool[]
  /** Whether a live pool of theirs has credits, or has them in hand for calls. */
  leftIn(tx: Tx, developerId: UserId): boolean
  /** In their pools, n$. */
  leftOf(developerId: UserId): Nano
}

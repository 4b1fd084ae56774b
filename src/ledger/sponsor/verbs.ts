// The verbs of sponsoring.
import type { Nano, PrincipalId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { findWallet } from "../books/store.ts"
import type { LedgerDeps, Mode, Principal } from "../books/types.ts"
import { callerUse, usedByOthers } from "../charges/callers.ts"
import { fundPoolIn, takeBackPoolIn } from "./sponsor.ts"
import type { CallerUse, Sponsored, SponsorInput } from "./types.ts"

export const sponsorVerbs = ({ store, ids }: LedgerDeps) => ({
  /** Paid credits of a person into a pool. @throws AppError insufficient_credits, credits_on_hold, `conflict`; nothing moved then */
  fundPoolIn: (tx: Tx, input: SponsorInput): Sponsored => fundPoolIn(tx, ids, input),
  /** Back, as credits that were bought. @throws AppError as `fundPoolIn`, also for what calls hold */
  takeBackPoolIn: (tx: Tx, input: SponsorInput): Sponsored => takeBackPoolIn(tx, ids, input),
  /** Whether this owner owes anything: what they give meanwhile is not theirs to give. */
  owesIn: (tx: Tx, owner: Principal, mode: Mode): boolean => (findWallet(tx, owner, mode)?.debtNano ?? 0) > 0,
  /** Exact inside a write: what one person used of somebody else's wallet, less what came back, and what their calls hold of it. */
  callerUseIn: (tx: Tx, owner: Principal, mode: Mode, callerId: PrincipalId): CallerUse =>
    callerUse(tx, owner, mode, callerId),
  /** The same as it is committed. */
  callerUseOf: (owner: Principal, mode: Mode, callerId: PrincipalId): CallerUse =>
    callerUse(store.read, owner, mode, callerId),
  /** What all others used of this wallet, as it is committed. */
  usedByOthers: (owner: Principal, mode: Mode): { usedNano: Nano; people: number } =>
    usedByOthers(store.read, owner, mode),
})

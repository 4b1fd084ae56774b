// Bounds of referrals, each with its reason.
import { DAY_MS, MINUTE_MS } from "../app/index.ts"

export const REFERRAL_LIMITS = {
  /** From the link to the account: who comes back after a month came by themselves. */
  visitMs: 30 * DAY_MS,
  /** Strangers write these rows: at this many no more are taken until old ones go. */
  visitsMax: 50_000,
  /** An account older than this was there before. */
  newMs: 15 * MINUTE_MS,
  /** How long marks are kept: whoever deletes an account and comes back within a year is no new person. */
  marksMs: 365 * DAY_MS,
  /** People above somebody in the chain who are looked at: longer chains of one person meet within it. */
  upMax: 5,
  /** People whom one person brought before who are looked at, newest first. */
  besideMax: 200,
  /** Reward credits live so long: a gift is to be used. */
  rewardMs: 180 * DAY_MS,
  settleEveryMs: MINUTE_MS,
} as const

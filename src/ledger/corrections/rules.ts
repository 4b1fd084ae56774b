// Decisions of refunds and reversals, pure: who bears a refund, which lots get it, as what an entry counts on its lot.

import type { LotId, Nano } from "../../app/index.ts"
import type { TransactionType } from "../books/types.ts"
import { splitByWeights } from "../holds/rules.ts"
import type { LotShift } from "../lots/store.ts"

/** The parts of what a call collected, or of what of it is not refunded yet. */
export interface Parts {
  upstreamNano: number
  developerNano: number
  platformNano: number
}

/** The upstream is paid first from what was collected, then the developer (`splitCollected`); the rest is the platform's. */
export function partsOfCollected(collectedNano: number, upstreamNano: number, developerNano: number): Parts {
  const upstream = Math.min(upstreamNano, collectedNano)
  const developer = Math.min(developerNano, collectedNano - upstream)
  return { upstreamNano: upstream, developerNano: developer, platformNano: collectedNano - upstream - developer }
}

/**
 * What is left of the parts after `backNano` was refunded, of which `revenueNano` came from revenue and `takenNano` from the
 * developer. What a matured developer kept was paid by promo, like the upstream's part.
 */
export function partsLeft(parts: Parts, backNano: number, revenueNano: number, takenNano: number): Parts {
  const leftNano = parts.upstreamNano + parts.developerNano + parts.platformNano - backNano
  const platformNano = parts.platformNano - revenueNano
  const developerNano = Math.min(parts.developerNano - takenNano, leftNano - platformNano)
  return { upstreamNano: leftNano - platformNano - developerNano, developerNano, platformNano }
}

/** A refund's share of each part that is left: in proportion, exact in sum, never more than the part. */
export function splitRefund(amountNano: Nano, left: Parts): Parts {
  const weights = { upstream: left.upstreamNano, developer: left.developerNano, platform: left.platformNano }
  return splitByWeights(amountNano, weights)
}

/** `takes`: what a call took, in the order it did, less what came back since. Last consumed, first refunded. */
export function refundTakes(
  takes: readonly { lotId: LotId; amountNano: number }[],
  amountNano: number,
): { lotId: LotId; amountNano: number }[] {
  const gives: { lotId: LotId; amountNano: number }[] = []
  let missing = amountNano
  for (const take of [...takes].reverse()) {
    const give = Math.min(take.amountNano, missing)
    if (give > 0) gives.push({ lotId: take.lotId, amountNano: give })
    missing -= give
  }
  return gives
}

/** A call's part of what its developer has earned with paid credits, for some of these; all of it for all of them. */
export function shareOfEarning(earnedNano: number, creditsNano: number, ofNano: number): number {
  return creditsNano >= ofNano ? earnedNano : Number((BigInt(earnedNano) * BigInt(creditsNano)) / BigInt(ofNano))
}

/**
 * As what an entry counts on its lot; `proof/store-sums.ts` says the same in SQL. `isOfCall`: it is about a charge or a sale, as the refund
 * of a call is and a claw-back is not. `isGrant`: the entry that made the lot.
 * A reversal moves the same figure back; only a grant's is `clawed`, for what was granted stays a fixed term.
 */
export function countsAs(type: TransactionType, isOfCall: boolean, isGrant: boolean): keyof LotShift | null {
  if (isGrant) return "clawedNano"
  if (type === "refund") return isOfCall ? "consumedNano" : "clawedNano"
  if (type === "usage" || type === "sale") return "consumedNano"
  if (type === "debt") return "clawedNano"
  if (type === "adjustment") return "voidedNano"
  return null
}

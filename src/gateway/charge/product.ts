// Charges for calls of products: known before they run, and owed only once the publisher's server was asked. Held in the body that lets
// the call through, from paid lots alone, since a part of it becomes somebody's money; settled or given back when the call has ended.
import { AppError, type KeyId, type Nano, nano, type UserId } from "../../app/index.ts"
import type { CallEnd, HoldRef, Principal } from "../../ledger/index.ts"
import type { Ticket } from "../../limits/index.ts"
import type { Tx } from "../../store/index.ts"
import { type AdmissionDeps, limitSubjectOf } from "../run/admission.ts"
import type { ChargedDeps } from "./charged.ts"
import { withTopUp } from "./refusal.ts"

/** What a call of a product costs beside its plan, and whose that is. */
export interface ProductCharge {
  requestId: string
  payer: Principal
  /** Whoever calls: of a team, one of its people. */
  callerId: UserId
  /** The account's key, where the call came through one; a product's own keys are none. */
  keyId: KeyId | null
  publisher: Principal
  totalNano: Nano
  /** The platform's part of it. */
  commissionNano: Nano
  /** `publisher/product`, as usage names it. */
  product: string
  /** `GET /weather/{city}` */
  endpoint: string
  /** Snapshot of the prices, for whoever asks later. */
  prices: string
  leaseMs: number
}

/** Credits in hand, until the call has ended. */
export interface ProductHold {
  ref: HoldRef
  charge: ProductCharge
  /** What limits on spending have in hand of it. */
  ticket: Ticket
}

/** How it ended, of what the books keep of a call. */
export type ProductCallEnd = Pick<CallEnd, "status" | "errorCode" | "end" | "latencyMs">

const SCOPE = "product"

/** @throws AppError insufficient_credits, credits_on_hold, spend_limit_exceeded; nothing is written then */
export function holdProductIn(
  deps: Pick<ChargedDeps, "ledger" | "usage" | "baseUrl"> & AdmissionDeps,
  tx: Tx,
  charge: ProductCharge,
): ProductHold {
  const { requestId, payer, callerId, keyId, publisher, totalNano, commissionNano, product, endpoint, prices } = charge
  const ticket = deps.limits.spending(
    limitSubjectOf(deps.plans, { userId: callerId, payer, keyId, clientId: null, mode: "live" }),
  )
  if (totalNano > ticket.roomIn(tx)) throw ticket.spendRefusedIn(tx, totalNano)
  try {
    const ref = deps.ledger.holdIn(tx, {
      owner: payer,
      mode: "live",
      amountNano: totalNano,
      paidOnly: true,
      callId: requestId,
      scope: SCOPE,
      callerId,
      keyId,
      routeId: deps.usage.routeIn(tx, {
        endpoint: "product",
        requested: product,
        upstreamId: null,
        model: endpoint,
        prices,
      }),
      leaseMs: charge.leaseMs,
      // Of a call whose process died nobody knows whether it was asked: it was let go, so it is owed.
      inputCostNano: totalNano,
      stage: "sent",
      developer: publisher,
      split: { upstream: 0, developer: totalNano - commissionNano, platform: commissionNano },
    })
    ticket.reserveIn(tx, totalNano)
    return { ref, charge, ticket }
  } catch (error) {
    throw error instanceof AppError ? withTopUp(error, deps.baseUrl) : error
  }
}

/** What was held is charged, exactly. */
export function settleProductIn(
  { ledger }: Pick<ChargedDeps, "ledger">,
  tx: Tx,
  { ref, ticket, charge: { totalNano, commissionNano, publisher } }: ProductHold,
  end: ProductCallEnd,
): void {
  const settled = ledger.settleIn(tx, {
    hold: ref,
    charge: {
      totalNano,
      upstreamNano: nano(0),
      developerNano: nano(totalNano - commissionNano),
      platformNano: commissionNano,
    },
    developer: publisher,
    withinHold: true,
    call: {
      ...end,
      firstTokenMs: null,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      units: { calls: 1 },
      source: "reported",
    },
  })
  ticket.settleIn(tx, { tokens: 0, chargedNano: settled.collectedNano })
}

/** @returns false when it was settled meanwhile */
export function releaseProductIn(
  { ledger }: Pick<ChargedDeps, "ledger">,
  tx: Tx,
  { ref, ticket, charge }: ProductHold,
): boolean {
  const isFree = !ledger.releaseIn(tx, ref).already
  ticket.settleIn(tx, { tokens: 0, chargedNano: isFree ? 0 : charge.totalNano })
  return isFree
}

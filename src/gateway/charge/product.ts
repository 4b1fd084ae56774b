// Charges for calls of products: known before they run, and owed only once the publisher's server was asked. Held in the body that lets
// the call through, from paid lots alone, since a part of it becomes somebody's money; settled or given back when the call has ended.
import { AppError, type Nano, nano, type PrincipalId } from "../../app/index.ts"
import type { CallEnd, HoldRef, Principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import type { ChargedDeps } from "./charged.ts"
import { withTopUp } from "./refusal.ts"

/** What a call of a product costs beside its plan, and whose that is. */
export interface ProductCharge {
  requestId: string
  payer: Principal
  callerId: PrincipalId
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
}

/** How it ended, of what the books keep of a call. */
export type ProductCallEnd = Pick<CallEnd, "status" | "errorCode" | "end" | "latencyMs">

const SCOPE = "product"

/** @throws AppError insufficient_credits, credits_on_hold */
export function holdProductIn(
  deps: Pick<ChargedDeps, "ledger" | "usage" | "baseUrl">,
  tx: Tx,
  charge: ProductCharge,
): ProductHold {
  const { requestId, payer, callerId, publisher, totalNano, commissionNano, product, endpoint, prices, leaseMs } =
    charge
  try {
    const ref = deps.ledger.holdIn(tx, {
      owner: payer,
      mode: "live",
      amountNano: totalNano,
      paidOnly: true,
      callId: requestId,
      scope: SCOPE,
      callerId,
      routeId: deps.usage.routeIn(tx, {
        endpoint: "product",
        requested: product,
        upstreamId: null,
        model: endpoint,
        prices,
      }),
      leaseMs,
      // Of a call whose process died nobody knows whether it was asked: it was let go, so it is owed.
      inputCostNano: totalNano,
      stage: "sent",
      developer: publisher,
      split: { upstream: 0, developer: totalNano - commissionNano, platform: commissionNano },
    })
    return { ref, charge }
  } catch (error) {
    throw error instanceof AppError ? withTopUp(error, deps.baseUrl) : error
  }
}

/** What was held is charged, exactly. */
export function settleProductIn(
  { ledger }: Pick<ChargedDeps, "ledger">,
  tx: Tx,
  { ref, charge: { totalNano, commissionNano, publisher } }: ProductHold,
  end: ProductCallEnd,
): void {
  ledger.settleIn(tx, {
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
}

/** @returns false when it was settled meanwhile */
export const releaseProductIn = ({ ledger }: Pick<ChargedDeps, "ledger">, tx: Tx, { ref }: ProductHold): boolean =>
  !ledger.releaseIn(tx, ref).already

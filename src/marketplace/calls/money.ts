// What a call costs beside its plan: held from paid lots in the mutation that lets it through, settled when it has ended, given back where
// the publisher's server was never reached. The books of overages are written with the hold, so that a cap holds for calls that run, too.
import { AppError, type Nano, nano } from "../../app/index.ts"
import type { ProductCallEnd, ProductHold } from "../../gateway/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import { commissionOf as bpOf } from "../catalog/decide.ts"
import { commissionOf } from "../plans/index.ts"
import type { Asked } from "./asked.ts"
import type { CallsCore } from "./core.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import type { EndpointOffered, Offer, ProductOffered, SubscriptionRow } from "./offer.ts"
import { addOverage, overageSpent } from "./store-money.ts"
import type { KeyRow } from "./types.ts"

/** One line of an invoice, as this call adds to it. */
export interface PaidPart {
  /** 0: units above the quota. Else the endpoint that has a price of its own. */
  endpointId: number
  units: number
  unitNano: Nano
}

export interface Payment {
  hold: ProductHold
  totalNano: Nano
  lines: readonly OverageLine[]
}

export interface OverageLine {
  subscriptionId: number
  periodStartMs: number
  termsId: number
  endpointId: number
  unitNano: Nano
  units: number
  nano: Nano
  commissionNano: Nano
}

interface Paying {
  asked: Pick<Asked, "requestId" | "as">
  key: Pick<KeyRow, "userId">
  subscription: SubscriptionRow
  product: ProductOffered
  endpoint: EndpointOffered
  offer: Offer
  parts: readonly PaidPart[]
}

/** @throws AppError quota_exceeded at the cap, insufficient_credits, credits_on_hold, spend_limit_exceeded */
export function payIn(core: CallsCore, tx: Tx, paying: Paying): Payment {
  const { asked, key, subscription, product, endpoint, offer } = paying
  const lines = linesOf(core, tx, paying)
  assertCap(tx, subscription, offer, lines)
  const totalNano = sumOf(lines, "nano")
  const hold = core.gateway.holdProductIn(tx, {
    requestId: asked.requestId,
    payer: principal(subscription.payerId),
    callerId: asked.as?.caller.userId ?? key.userId,
    keyId: asked.as?.caller.keyId ?? null,
    publisher: principal(product.ownerId),
    totalNano,
    commissionNano: sumOf(lines, "commissionNano"),
    product: `${product.publisherSlug}/${product.slug}`,
    endpoint: `${endpoint.method} ${endpoint.path}`,
    prices: JSON.stringify(
      lines.map(({ endpointId, units, unitNano }) => ({ of: lineName(endpointId), units, nano: unitNano })),
    ),
    leaseMs: L.totalMs + 5 * 60_000,
  })
  for (const line of lines) addOverage(tx, line, 1)
  return { hold, totalNano, lines }
}

const lineName = (endpointId: number): string => (endpointId === 0 ? "overage" : "call")

/** It was asked, so it is owed. */
export function settlePaymentIn(core: CallsCore, tx: Tx, { hold }: Payment, end: ProductCallEnd): void {
  core.gateway.settleProductIn(tx, hold, end)
}

/** It never was: as if it had not been held. */
export function givePaymentBackIn(core: CallsCore, tx: Tx, { hold, lines }: Payment): void {
  if (core.gateway.releaseProductIn(tx, hold)) for (const line of lines) addOverage(tx, line, -1)
}

function linesOf(core: CallsCore, tx: Tx, { subscription, product, offer, parts }: Paying): OverageLine[] {
  const { bp } = bpOf(core, tx, product.id)
  return parts.map(({ endpointId, units, unitNano }) => {
    const exact = BigInt(units) * BigInt(unitNano)
    if (exact > BigInt(Number.MAX_SAFE_INTEGER)) throw tooDear()
    const amount = nano(exact)
    return {
      subscriptionId: subscription.id,
      periodStartMs: subscription.periodStartMs,
      termsId: offer.termsId,
      endpointId,
      unitNano,
      units,
      nano: amount,
      commissionNano: commissionOf(amount, bp),
    }
  })
}

/** Of units above the quota alone: the price of an endpoint is no overage. */
function assertCap(
  tx: Tx,
  { id, periodStartMs }: SubscriptionRow,
  { overageCapNano }: Offer,
  lines: readonly OverageLine[],
): void {
  const more = lines.find(({ endpointId }) => endpointId === 0)
  if (overageCapNano === null || !more) return
  if (overageSpent(tx, id, periodStartMs) + more.nano > overageCapNano)
    throw new AppError(
      "quota_exceeded",
      "The units of this plan are used up, and so is the most that units above it may cost until the next bill.",
      { fields: { quota: "overage_cap" } },
    )
}

const sumOf = (lines: readonly OverageLine[], what: "nano" | "commissionNano"): Nano =>
  nano(lines.reduce((sum, line) => sum + line[what], 0))

const tooDear = (): AppError =>
  new AppError("quota_exceeded", "This call would cost more than can be charged at once.", {
    fields: { quota: "overage" },
  })

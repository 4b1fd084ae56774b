// What refunds and disputes of a payment mean for its credits: pure, so that it is the same in whatever order their events come, and however
// often. What is known of each only moves forward; from all of it follows what should be held back, and the difference is done.
import { type Nano, nano } from "../../app/index.ts"
import type { ClawThrough } from "../../ledger/index.ts"
import type { Dispute, DisputeState, Holdback, PaidLot, Refund, RefundState } from "./types.ts"

const REFUND_RANK: Record<RefundState, number> = {
  asked: 0,
  refused: 1,
  pending: 2,
  succeeded: 3,
  failed: 4,
  canceled: 4,
}

/** A refund may fail days after it succeeded; what was told before never counts again. */
export const refundState = (known: RefundState, told: RefundState): RefundState =>
  REFUND_RANK[told] > REFUND_RANK[known] ? told : known

/** Lost may turn into won, when a bank thinks again; what ended is never open again. */
const DISPUTE_RANK: Record<DisputeState, number> = { open: 0, closed: 1, lost: 2, won: 3 }

type DisputeFigures = Pick<Dispute, "state" | "withdrawnNano">

/** Of one state, the larger amount is the later one: a bank takes before it gives back, and what it gives back is won. */
export function disputeState(known: DisputeFigures, told: DisputeFigures): DisputeFigures {
  const by = DISPUTE_RANK[told.state] - DISPUTE_RANK[known.state]
  if (by !== 0) return by > 0 ? told : known
  return { state: known.state, withdrawnNano: nano(Math.max(known.withdrawnNano, told.withdrawnNano)) }
}

export const isBack = ({ state }: Pick<Refund, "state">): boolean => state === "pending" || state === "succeeded"
/** It came to nothing, at once or after it had been done. */
export const isOff = (state: RefundState): boolean => state === "failed" || state === "canceled" || state === "refused"
/** Money that is gone, or on its way. */
export const isAsked = (refund: Pick<Refund, "state">): boolean => refund.state === "asked" || isBack(refund)
/** The bank has the money. */
export const isTaken = ({ state, withdrawnNano }: DisputeFigures): boolean =>
  withdrawnNano > 0 && (state === "open" || state === "lost")

export const sumOf = (amounts: readonly Nano[]): Nano => nano(amounts.reduce((sum, one) => sum + one, 0))

/** n$ of a payment that is neither refunded, asked for, nor with a bank. */
export function leftOf(paidNano: Nano, refunds: readonly Refund[], disputes: readonly Dispute[]): Nano {
  const gone = [
    ...refunds.filter(isAsked).map(({ amountNano }) => amountNano),
    ...disputes.filter(isTaken).map(({ withdrawnNano }) => withdrawnNano),
  ]
  return nano(Math.max(0, paidNano - sumOf(gone)))
}

/** What should stand of one source. */
export type Wanted = WantedClaw | WantedFreeze

/** So many of the credits that were paid for, or of those that came on top, whichever lots they lie in. */
export interface WantedClaw {
  kind: "claw"
  source: string
  through: ClawThrough
  amountNano: Nano
  /** The bank has decided. */
  isLost: boolean
}
export interface WantedFreeze {
  kind: "freeze"
  source: string
  lotKey: string
}

interface Taken {
  source: string
  amountNano: number
  createdMs: number
  through: "cash" | "disputes"
  isLost: boolean
}

/**
 * Credits follow the money: of those that were paid for the same share as of what was paid, rounded down, and so of what came on top; with the
 * last of the money the rest. What is open at a bank freezes what is left.
 */
export function wanted(
  paidNano: Nano,
  lots: readonly PaidLot[],
  refunds: readonly Refund[],
  disputes: readonly Dispute[],
): Wanted[] {
  const taken = takenOf(paidNano, refunds, disputes)
  const claws = ([1, 0] as const).flatMap((paid) => {
    const grantedNano = lots.reduce((sum, lot) => sum + (lot.paid === paid ? BigInt(lot.grantedNano) : 0n), 0n)
    return clawsOf(paidNano, grantedNano, paid === 1, taken)
  })
  const doubts = disputes.filter(({ state, releasedMs }) => state === "open" && releasedMs === null)
  const freezes = doubts.flatMap(({ disputeId }) =>
    lots.map(({ key }): Wanted => ({ kind: "freeze", source: disputeId, lotKey: key })),
  )
  return [...claws, ...freezes]
}

/** In the order in which they were made; together never more than was paid. */
function takenOf(paidNano: Nano, refunds: readonly Refund[], disputes: readonly Dispute[]): Taken[] {
  const all: Taken[] = [
    ...refunds.filter(isBack).map(({ refundId, publicId, amountNano, createdMs }) => {
      return { source: refundId ?? publicId, amountNano, createdMs, through: "cash" as const, isLost: false }
    }),
    ...disputes.filter(isTaken).map(({ disputeId, withdrawnNano, createdMs, state }) => {
      const isLost = state === "lost"
      return { source: disputeId, amountNano: withdrawnNano, createdMs, through: "disputes" as const, isLost }
    }),
  ]
  all.sort((a, b) => a.createdMs - b.createdMs || (a.source < b.source ? -1 : 1))
  let leftNano: number = paidNano
  return all.flatMap((one) => {
    const amountNano = Math.min(one.amountNano, leftNano)
    leftNano -= amountNano
    return amountNano > 0 ? [{ ...one, amountNano }] : []
  })
}

function clawsOf(paidNano: Nano, grantedNano: bigint, isPaid: boolean, taken: readonly Taken[]): WantedClaw[] {
  let moneyNano = 0
  let clawedNano = 0
  return taken.flatMap(({ source, amountNano, through, isLost }) => {
    moneyNano += amountNano
    // Counted from the whole, so that the parts add up and the last one is the rest.
    const upTo = Number((grantedNano * BigInt(moneyNano)) / BigInt(paidNano))
    const part = upTo - clawedNano
    clawedNano = upTo
    if (part === 0) return []
    return [{ kind: "claw", source, through: isPaid ? through : "promo", amountNano: nano(part), isLost } as const]
  })
}

export type Step =
  | { do: "restore" | "settle" | "thaw"; of: Holdback }
  | { do: "freeze"; want: WantedFreeze }
  | { do: "claw"; want: WantedClaw; moreNano: Nano }

/** From what stands to what should: what was wrong ends first, freezes begin before credits are taken and end after it. */
export function stepsTo(want: readonly Wanted[], have: readonly Holdback[]): Step[] {
  const standing = have.filter(({ state }) => state !== "over")
  const freezes = want.filter((one) => one.kind === "freeze")
  const claws = want
    .filter((one) => one.kind === "claw")
    .map((one) => {
      const has = standing.filter((other) => isOf(one, other))
      return { one, has, hasNano: sumOf(has.map(({ amountNano }) => amountNano)) }
    })
  // More than should be is taken anew; less, as much more.
  const right = claws.filter(({ one, hasNano }) => hasNano <= one.amountNano)
  const kept = new Set(right.flatMap(({ has }) => has))
  const wrong = standing.filter((one) => one.kind === "claw" && !kept.has(one))
  const lost = right.filter(({ one }) => one.isLost).flatMap(({ has }) => has.filter(isUnsettled))
  const isFrozenBy = (one: WantedFreeze, { kind, source, lotKey }: Holdback) =>
    kind === "freeze" && one.source === source && one.lotKey === lotKey
  return [
    ...wrong.map((of) => ({ do: "restore", of }) as const),
    ...freezes
      .filter((one) => !standing.some((other) => isFrozenBy(one, other)))
      .map((one) => ({ do: "freeze", want: one }) as const),
    ...claws.flatMap(({ one, hasNano }) => {
      const moreNano = nano(one.amountNano - (hasNano <= one.amountNano ? hasNano : 0))
      return moreNano > 0 ? [{ do: "claw", want: one, moreNano } as const] : []
    }),
    ...lost.map((of) => ({ do: "settle", of }) as const),
    ...standing
      .filter((one) => one.kind === "freeze" && !freezes.some((other) => isFrozenBy(other, one)))
      .map((of) => ({ do: "thaw", of }) as const),
  ]
}

const isUnsettled = ({ state, through }: Holdback): boolean => state === "standing" && through === "disputes"

const isOf = (want: WantedClaw, { kind, source, through }: Holdback): boolean =>
  kind === "claw" && want.source === source && want.through === through

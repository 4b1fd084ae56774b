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

/** What should stand of one source on one lot. */
export interface Wanted {
  source: string
  kind: "claw" | "freeze"
  lotKey: string
  through: ClawThrough | ""
  amountNano: Nano
  /** The bank has decided. */
  isLost: boolean
}

interface Taken {
  source: string
  amountNano: number
  createdMs: number
  through: "cash" | "disputes"
  isLost: boolean
}

/**
 * Credits follow the money: of each lot the same share as of what was paid, rounded down; and with the last of the money the rest.
 * What is open at a bank freezes what is left.
 */
export function wanted(
  paidNano: Nano,
  lots: readonly PaidLot[],
  refunds: readonly Refund[],
  disputes: readonly Dispute[],
): Wanted[] {
  const taken = takenOf(paidNano, refunds, disputes)
  const claws = lots.flatMap((lot) => clawsOf(paidNano, lot, taken))
  const doubts = disputes.filter(({ state, releasedMs }) => state === "open" && releasedMs === null)
  const freezes = doubts.flatMap(({ disputeId }) =>
    lots.map(({ key }): Wanted => {
      return { source: disputeId, kind: "freeze", lotKey: key, through: "", amountNano: nano(0), isLost: false }
    }),
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

function clawsOf(paidNano: Nano, lot: PaidLot, taken: readonly Taken[]): Wanted[] {
  let moneyNano = 0
  let clawedNano = 0
  return taken.flatMap(({ source, amountNano, through, isLost }) => {
    moneyNano += amountNano
    // Counted from the whole, so that the parts add up and the last one is the rest.
    const upTo = Number((BigInt(lot.grantedNano) * BigInt(moneyNano)) / BigInt(paidNano))
    const part = upTo - clawedNano
    clawedNano = upTo
    if (part === 0) return []
    const way = lot.paid === 1 ? through : ("promo" as const)
    return [{ source, kind: "claw", lotKey: lot.key, through: way, amountNano: nano(part), isLost } as const]
  })
}

export type Step = { do: "restore" | "settle" | "thaw"; of: Holdback } | { do: "claw" | "freeze"; want: Wanted }

/** From what stands to what should: what was wrong ends first, freezes begin before credits are taken and end after it. */
export function stepsTo(want: readonly Wanted[], have: readonly Holdback[]): Step[] {
  const standing = have.filter(({ state }) => state !== "over")
  const wantOf = (one: Holdback) => want.find((other) => isSame(other, one))
  const over = standing.filter((one) => !wantOf(one))
  const missing = want.filter((one) => !standing.some((other) => isSame(one, other)))
  const lost = standing.filter((one) => one.state === "standing" && one.through === "disputes" && wantOf(one)?.isLost)
  return [
    ...over.filter(({ kind }) => kind === "claw").map((of) => ({ do: "restore", of }) as const),
    ...missing.filter(({ kind }) => kind === "freeze").map((one) => ({ do: "freeze", want: one }) as const),
    ...missing.filter(({ kind }) => kind === "claw").map((one) => ({ do: "claw", want: one }) as const),
    ...lost.map((of) => ({ do: "settle", of }) as const),
    ...over.filter(({ kind }) => kind === "freeze").map((of) => ({ do: "thaw", of }) as const),
  ]
}

const isSame = (want: Wanted, have: Holdback): boolean =>
  want.source === have.source &&
  want.kind === have.kind &&
  want.lotKey === have.lotKey &&
  want.through === have.through &&
  want.amountNano === have.amountNano

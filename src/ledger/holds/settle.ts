// Resolves a hold, once: charged from its lots, or given back. Never charges twice, never takes a wallet below zero.
import { type AccountId, type Ids, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { booksOf, type WalletEntry } from "../books/memory.ts"
import { chargePublicId, ensureAccount } from "../books/store.ts"
import type { LotState, OpenHold } from "../books/types.ts"
import { postCharge } from "../charges/post.ts"
import { chargeOfCall, isPaidLot, lotsOfCharge } from "../charges/store.ts"
import type { CallEnd } from "../charges/types.ts"
import { earningOfSettle } from "../earnings/earnings.ts"
import { expireLots, postExpiry } from "../lots/expire.ts"
import { rollsOver } from "../lots/rollover.ts"
import { isSpendable } from "../lots/rules.ts"
import { moveLot, unspentLots } from "../lots/store.ts"
import { findOpen, roomOfDay } from "./hold.ts"
import { assertCharge, type HeldLot, planSettle, type SettlePlan, splitCollected } from "./rules.ts"
import { deleteHold } from "./store.ts"
import type { HoldRef, Released, Settled, SettleInput } from "./types.ts"

/**
 * A second settle answers as the first did, with `already: true`; so does one after a release (nothing collected). A call is charged
 * once, whatever is held for it: of a hold for a call that has been charged everything is given back, and the answer is that charge's.
 */
export function settleIn(tx: Tx, ids: Ids, input: SettleInput): Settled {
  assertCharge(input.charge, input.developer)
  const hold = findOpen(tx, input.hold)
  return hold ? settle(tx, ids, hold, input) : answerAgain(tx, input.hold)
}

/** Gives the whole hold back; nothing is charged and no call is noted. */
export function releaseIn(tx: Tx, ids: Ids, ref: HoldRef): Released {
  const hold = findOpen(tx, ref)
  if (!hold) return { releasedNano: nano(0), balanceAfterNano: balanceNow(tx, ref.accountId, null), already: true }
  return {
    releasedNano: hold.amountNano,
    balanceAfterNano: nano(spend(tx, ids, hold, planOf(tx, ids, hold, 0))),
    already: false,
  }
}

function settle(tx: Tx, ids: Ids, hold: OpenHold, input: SettleInput): Settled {
  const { charge, developer } = input
  const wallet = booksOf(tx).wallet(tx, hold.accountId)
  const dueNano = Math.min(charge.totalNano, hold.amountNano + aboveHold(tx, wallet, hold, input))
  const plan = planOf(tx, ids, hold, dueNano)
  const { collectedNano } = plan
  let pendingId: AccountId | null = null
  const pending = () => (pendingId ??= ensureAccount(tx, developer!, wallet.mode, "pending"))
  const { developerNano } = splitCollected(charge, collectedNano)
  const earned = earningOfSettle(tx, wallet.ownerId, hold.promoCapNano, pending, developer, developerNano, plan.moves)
  const paying = plan.moves.filter((move) => move.consumedNano > 0)
  const posted = postCharge(tx, {
    hold,
    mode: wallet.mode,
    charge,
    lots: paying.map(({ lot, consumedNano }) => [lot.id, consumedNano] as const),
    collectedNano,
    earned: earned.totalNano === 0 ? null : { pendingId: pending(), ...earned },
    developerId: developer?.id ?? hold.developerId,
    call: input.call ?? wentWell(tx, hold, charge.totalNano),
  })
  if (!posted) {
    releaseIn(tx, ids, hold)
    return answerAgain(tx, hold)
  }
  const balanceAfterNano = spend(tx, ids, hold, plan)
  return {
    collectedNano: nano(collectedNano),
    uncollectedNano: nano(charge.totalNano - collectedNano),
    earnedNano: nano(earned.totalNano),
    lots: paying.map(({ lot, consumedNano }) => ({
      lotId: lot.id,
      amountNano: nano(consumedNano),
      paid: lot.paid === 1,
    })),
    balanceAfterNano: nano(balanceAfterNano),
    transactionId: posted.publicId,
    already: false,
  }
}

/** How much more than its hold a call may be collected: limits are what somebody said they would pay at most. */
function aboveHold(
  tx: Tx,
  wallet: WalletEntry,
  hold: OpenHold,
  { charge, withinHold, roomNano, dailyNano }: SettleInput,
): number {
  if (withinHold || charge.totalNano <= hold.amountNano) return 0
  const ofDay = roomOfDay(tx, wallet, hold, dailyNano ?? null)
  return Math.max(0, Math.min(ofDay, roomNano ?? Number.MAX_SAFE_INTEGER - hold.amountNano))
}

/** What is due is taken from the hold's lots, above it from what is free; the rest is given back. */
function planOf(tx: Tx, ids: Ids, hold: OpenHold, dueNano: number): SettlePlan<HeldLot> {
  const books = booksOf(tx)
  const wallet = books.wallet(tx, hold.accountId)
  if (rollsOver(tx, books.lotsOf(tx, wallet), tx.now)) {
    expireLots(tx, ids, wallet.id, wallet.mode, books.lotsOf(tx, wallet).slice())
  }
  return planSettle(lotsUnder(books.lotsOf(tx, wallet), hold), dueNano, hold.scope, tx.now)
}

/** Ends the hold and moves its lots. @returns n$ that are left to spend */
function spend(tx: Tx, ids: Ids, hold: OpenHold, plan: SettlePlan<HeldLot>): number {
  const books = booksOf(tx)
  const wallet = books.wallet(tx, hold.accountId)
  deleteHold(tx, hold)
  books.endHold(wallet, hold)
  for (const move of plan.moves) moveLot(tx, move)
  return plan.balanceAfterNano + postExpiry(tx, ids, wallet.id, wallet.mode, plan.moves).keptNano
}

function lotsUnder(lots: readonly LotState[], hold: OpenHold): HeldLot[] {
  return lots.map((lot) => ({
    ...lot,
    allocatedNano: hold.parts.find((part) => part.lotId === lot.id)?.amountNano ?? 0,
  }))
}

const wentWell = (tx: Tx, hold: OpenHold, chargeNano: number): CallEnd => ({
  status: 200,
  errorCode: null,
  end: "done",
  latencyMs: tx.now - hold.createdMs,
  firstTokenMs: null,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  source: chargeNano === 0 ? "none" : "estimated",
})

function answerAgain(tx: Tx, { accountId, callId }: HoldRef): Settled {
  const charge = chargeOfCall(tx, callId)
  const lots = charge ? lotsOfCharge(tx, charge) : []
  return {
    collectedNano: nano(charge?.collectedNano ?? 0),
    uncollectedNano: nano(charge ? charge.chargeNano - charge.collectedNano : 0),
    earnedNano: nano(charge?.earnedNano ?? 0),
    lots: lots.map(([lotId, amountNano]) => ({ lotId, amountNano: nano(amountNano), paid: isPaidLot(tx, lotId) })),
    balanceAfterNano: balanceNow(tx, accountId, charge?.scope ?? null),
    transactionId: charge && charge.chargeNano > 0 ? chargePublicId(callId) : null,
    already: true,
  }
}

function balanceNow(tx: Tx, accountId: AccountId, scope: string | null): Nano {
  let balanceNano = 0
  for (const lot of unspentLots(tx, accountId)) {
    if (isSpendable(lot, tx.now, scope)) balanceNano += lot.remainingNano - lot.heldNano
  }
  return nano(balanceNano)
}

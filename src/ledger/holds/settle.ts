// Resolves a hold, once: charged from its lots, or given back. Never charges twice, never takes a wallet below zero.
import { type AccountId, type HoldId, type Ids, invariant, type LotId, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type EntryInput, ensureAccount, platformAccount, post } from "../books/store.ts"
import { earnIn, earningOfSettle } from "../earnings/earnings.ts"
import { earningOfTransaction } from "../earnings/store.ts"
import { expireLots, postExpiry } from "../lots/expire.ts"
import { rollsOver } from "../lots/rollover.ts"
import { isSpendable } from "../lots/rules.ts"
import { moveLot, unspentLots } from "../lots/store.ts"
import { assertCharge, type HeldLot, planSettle, type SettlePlan, splitCollected } from "./rules.ts"
import { findHold, type HoldRow, lotsUnderHold, publicIdOf, resolveHold, takesOf, useLimit } from "./store.ts"
import type { Charge, Released, Settled, SettleInput } from "./types.ts"

const NO_CHARGE: Charge = { totalNano: nano(0), upstreamNano: nano(0), developerNano: nano(0), platformNano: nano(0) }

/** A second settle answers as the first did, with `already: true`; so does one after a release (nothing collected). */
export function settleIn(tx: Tx, ids: Ids, input: SettleInput): Settled {
  assertCharge(input.charge, input.developer)
  const hold = findHold(tx, input.holdId)
  invariant(hold, `there is no hold ${input.holdId}`)
  if (hold.state !== "open") return answerAgain(tx, hold)
  return resolve(tx, ids, hold, "settled", input)
}

/** Gives the whole hold back. */
export function releaseIn(tx: Tx, ids: Ids, holdId: HoldId): Released {
  const hold = findHold(tx, holdId)
  invariant(hold, `there is no hold ${holdId}`)
  if (hold.state !== "open") {
    return { releasedNano: nano(0), balanceAfterNano: balanceNow(tx, hold), already: true }
  }
  const { balanceAfterNano } = resolve(tx, ids, hold, "released", { holdId, charge: NO_CHARGE, developer: null })
  return { releasedNano: nano(hold.amountNano), balanceAfterNano, already: false }
}

function resolve(tx: Tx, ids: Ids, hold: HoldRow, state: "settled" | "released", input: SettleInput): Settled {
  const { charge, developer } = input
  let lots = lotsUnderHold(tx, hold.accountId, hold.id)
  if (rollsOver(tx, lots, tx.now)) {
    expireLots(tx, ids, hold.accountId, hold.mode, lots)
    lots = lotsUnderHold(tx, hold.accountId, hold.id)
  }
  const dueNano = input.withinHold ? Math.min(charge.totalNano, hold.amountNano) : charge.totalNano
  const plan = planSettle(lots, dueNano, hold.scope, tx.now)
  for (const move of plan.moves) moveLot(tx, move)
  let pendingId: AccountId | null = null
  const pending = () => (pendingId ??= ensureAccount(tx, developer!, hold.mode, "pending"))
  const parts = splitCollected(charge, plan.collectedNano)
  const earned = earningOfSettle(tx, hold, pending, developer, parts.developerNano, plan.moves)
  const posted =
    charge.totalNano === 0
      ? null
      : post(tx, ids, {
          type: "usage",
          mode: hold.mode,
          holdId: hold.id,
          usageId: input.links?.usageId ?? null,
          entries: usageEntries(hold, plan, parts, earned.totalNano, pending),
        })
  if (earned.totalNano > 0) earnIn(tx, pending(), earned)
  const uncollectedNano = charge.totalNano - plan.collectedNano
  resolveHold(tx, hold.id, {
    state,
    transactionId: posted?.id ?? null,
    charge,
    developerId: developer?.id ?? hold.developerId,
    collectedNano: plan.collectedNano,
    uncollectedNano,
    promoEarnedNano: earned.promoNano,
  })
  useLimit(tx, hold, plan.collectedNano)
  const { keptNano } = postExpiry(tx, ids, hold.accountId, hold.mode, plan.moves)
  return {
    collectedNano: nano(plan.collectedNano),
    uncollectedNano: nano(uncollectedNano),
    earnedNano: nano(earned.totalNano),
    lots: plan.moves
      .filter((move) => move.consumedNano > 0)
      .map(({ lot, consumedNano }) => ({ lotId: lot.id, amountNano: nano(consumedNano), paid: lot.paid === 1 })),
    balanceAfterNano: nano(plan.balanceAfterNano + keptNano),
    transactionId: posted?.publicId ?? null,
    already: false,
  }
}

/** The posting of `usage`; see the table in README.md. What the developer's part is more than `earnedNano` stays revenue. */
function usageEntries(
  hold: HoldRow,
  plan: SettlePlan<HeldLot>,
  parts: ReturnType<typeof splitCollected>,
  earnedNano: number,
  pending: () => AccountId,
): EntryInput[] {
  const entries: EntryInput[] = []
  const add = (accountId: () => AccountId, amountNano: number, lotId: LotId | null = null) => {
    if (amountNano !== 0) entries.push({ accountId: accountId(), amountNano, lotId })
  }
  for (const { lot, consumedNano } of plan.moves) {
    add(() => hold.accountId, -consumedNano, lot.id)
  }
  add(() => platformAccount(hold.mode, "uncollected"), -parts.uncollectedNano)
  add(() => platformAccount(hold.mode, "upstream_payable"), parts.upstreamNano)
  add(pending, earnedNano)
  add(() => platformAccount(hold.mode, "revenue"), parts.revenueNano + parts.developerNano - earnedNano)
  return entries
}

function answerAgain(tx: Tx, hold: HoldRow): Settled {
  const takes = hold.transactionId === null ? [] : takesOf(tx, hold.transactionId)
  const earning = hold.transactionId === null ? null : earningOfTransaction(tx, hold.transactionId)
  return {
    collectedNano: nano(hold.collectedNano),
    uncollectedNano: nano(hold.uncollectedNano),
    earnedNano: nano(earning ? earning.paid + earning.promo : 0),
    lots: takes.map((take) => ({ lotId: take.lotId, amountNano: nano(take.amountNano), paid: take.paid === 1 })),
    balanceAfterNano: balanceNow(tx, hold),
    transactionId: hold.transactionId === null ? null : publicIdOf(tx, hold.transactionId),
    already: true,
  }
}

function balanceNow(tx: Tx, hold: HoldRow): Nano {
  let balanceNano = 0
  for (const lot of unspentLots(tx, hold.accountId)) {
    if (isSpendable(lot, tx.now, hold.scope)) balanceNano += lot.remainingNano - lot.heldNano
  }
  return nano(balanceNano)
}

// Refunds a call: credits go back to the lots they came from, last consumed first. Never more than was collected. Who bears it:
// the developer's part while it is immature, the platform's from revenue, and promo the rest (the upstream's bill stays real).
import { AccountId, AppError, amountJson, type Ids, invariant, type LotId, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { balanceOfAccount, type EntryInput, platformAccount, post } from "../books/store.ts"
import type { Mode } from "../books/types.ts"
import { giveBack } from "../charges/back.ts"
import { takeBackEarningIn } from "../earnings/earnings.ts"
import { breakLots, expireDueLots } from "../lots/expire.ts"
import { isDue } from "../lots/rules.ts"
import { shiftLot } from "../lots/store.ts"
import type { LotTake } from "../lots/types.ts"
import { once } from "./once.ts"
import { partsLeft, partsOfCollected, refundTakes, splitRefund } from "./rules.ts"
import {
  type EntryRow,
  entriesAfterCharge,
  entriesOf,
  lotById,
  type TransactionRow,
  transactionByPublicId,
} from "./store.ts"
import type { RefundChargeInput, RefundedCharge } from "./types.ts"

export function refundChargeIn(tx: Tx, ids: Ids, input: RefundChargeInput): RefundedCharge {
  if (input.amountNano !== undefined) {
    assertAmount(input.amountNano, "amountNano")
    invariant(input.amountNano > 0, "a refund is above 0")
  }
  const request = { transactionId: input.transactionId, amountNano: input.amountNano ?? null }
  return once(tx, { key: input.key, verb: "refund_charge", request }, () => {
    const answer = refund(tx, ids, input)
    return { answer, amountNano: answer.refundedNano }
  })
}

function refund(tx: Tx, ids: Ids, input: RefundChargeInput): Omit<RefundedCharge, "already"> {
  const usage = transactionByPublicId(tx, input.transactionId)
  if (!usage) throw new AppError("not_found", "There is no such transaction.")
  if (usage.type !== "usage") {
    throw new AppError("conflict", "Only charges for calls can be refunded. Reverse this transaction instead.")
  }
  const charged = chargedBy(tx, usage)
  const amountNano = input.amountNano ?? charged.leftNano
  if (charged.leftNano === 0) throw new AppError("conflict", "This call is refunded in full already.")
  if (amountNano > charged.leftNano) {
    throw new AppError("conflict", "That is more than is left to refund of this call. Refund less.", {
      fields: { left: amountJson(nano(charged.leftNano)) },
    })
  }
  assertRoom(tx, charged.accountId, amountNano)

  expireDueLots(tx, ids, charged.accountId, usage.mode)
  const share = splitRefund(nano(amountNano), charged.partsLeft)
  const taken = takeBackEarningIn(tx, { chargeId: usage.id, amountNano: share.developerNano })
  const gives = refundTakes(charged.takes, amountNano)
  const promoNano = share.upstreamNano + share.developerNano - taken.takenNano
  const entries: EntryInput[] = []
  const debit = (accountId: AccountId, nano: number) => {
    if (nano > 0) entries.push({ accountId, amountNano: -nano, lotId: null })
  }
  debit(platformAccount(usage.mode, "promo"), promoNano)
  debit(platformAccount(usage.mode, "revenue"), share.platformNano)
  if (taken.accountId !== null) debit(taken.accountId, taken.takenNano)
  for (const give of gives) entries.push({ accountId: charged.accountId, ...give })
  const { mode, id: chargeId } = usage
  const { publicId } = post(tx, ids, { type: "refund", mode, key: input.key, chargeId, entries })
  for (const give of gives) shiftLot(tx, give.lotId, { consumedNano: -give.amountNano })
  giveBack(tx, chargeId, charged.accountId, amountNano)
  const expiredNano = expireGiven(tx, ids, charged.accountId, usage.mode, gives)
  const lots = gives.map(({ lotId, amountNano }): LotTake => {
    return { lotId, amountNano: nano(amountNano), paid: lotById(tx, lotId)!.paid === 1 }
  })
  return {
    transactionId: publicId,
    refundedNano: nano(amountNano),
    expiredNano: nano(expiredNano),
    fromDeveloperNano: nano(taken.takenNano),
    lots,
  }
}

/** What a call collected, from whom and for whom, and what of it is not given back yet. */
function chargedBy(tx: Tx, usage: TransactionRow) {
  const entries = entriesOf(tx, usage.id)
  const after = entriesAfterCharge(tx, usage.id)
  const sum = (rows: EntryRow[], kind: EntryRow["kind"]) =>
    rows.reduce((total, row) => total + (row.kind === kind ? row.amountNano : 0), 0)
  const collectedNano = -sum(entries, "wallet")
  const backNano = sum(after, "wallet")
  const takes = entries
    .filter((entry) => entry.kind === "wallet")
    .map(({ lotId, amountNano }) => {
      const back = after.find((row) => row.lotId === lotId)?.amountNano ?? 0
      return { lotId: lotId!, amountNano: -amountNano - back }
    })
  const parts = partsOfCollected(collectedNano, sum(entries, "upstream_payable"), sum(entries, "pending"))
  return {
    accountId: entries.find((entry) => entry.kind === "wallet")?.accountId ?? AccountId(0),
    leftNano: collectedNano - backNano,
    takes,
    partsLeft: partsLeft(parts, backNano, -sum(after, "revenue"), -sum(after, "pending")),
  }
}

/** @throws AppError `validation_failed` when credits that come back would take the wallet past 2^53 - 1 n$ */
export function assertRoom(tx: Tx, accountId: AccountId, amountNano: number): void {
  if (balanceOfAccount(tx, accountId) > Number.MAX_SAFE_INTEGER - amountNano) {
    throw new AppError("validation_failed", "A wallet cannot hold that much. Give back a smaller amount.")
  }
}

/** What came back to a lot whose time is over expires at once, and does not roll over. @returns n$ expired */
export function expireGiven(
  tx: Tx,
  ids: Ids,
  accountId: AccountId,
  mode: Mode,
  gives: readonly { lotId: LotId; amountNano: number }[],
): number {
  const lost = new Map<LotId, number>()
  for (const { lotId, amountNano } of gives) {
    if (isDue(lotById(tx, lotId)!, tx.now)) lost.set(lotId, (lost.get(lotId) ?? 0) + amountNano)
  }
  for (const [lotId, expiredNano] of lost) shiftLot(tx, lotId, { expiredNano })
  return breakLots(tx, ids, accountId, mode, lost)
}

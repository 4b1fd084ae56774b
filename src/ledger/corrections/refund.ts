// Refunds a call or a sale: credits go back to the lots they came from, last consumed first. Never more than was collected. Who bears it: the
// developer's part while it is immature (of a sale also later: it is owed), the platform's from revenue, and promo the rest.
import { AccountId, AppError, amountJson, type Ids, invariant, type LotId, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { balanceOfAccount, type EntryInput, platformAccount, post } from "../books/store.ts"
import type { Mode } from "../books/types.ts"
import { giveBack } from "../charges/back.ts"
import { payableOfPending, takeBackEarningIn } from "../earnings/earnings.ts"
import { breakLots, expireDueLots } from "../lots/expire.ts"
import { isDue } from "../lots/rules.ts"
import { shiftLot } from "../lots/store.ts"
import type { LotTake } from "../lots/types.ts"
import { once } from "./once.ts"
import { partsLeft, partsOfCollected, refundTakes, splitRefund } from "./rules.ts"
import {
  commissionOfSale,
  type EntryRow,
  entriesAfterCharge,
  entriesAfterSale,
  entriesOf,
  lotById,
  transactionByPublicId,
} from "./store.ts"
import type { RefundChargeInput, RefundedCharge } from "./types.ts"

export function refundChargeIn(tx: Tx, ids: Ids, input: RefundChargeInput): RefundedCharge {
  if (input.amountNano !== undefined) {
    assertAmount(input.amountNano, "amountNano")
    invariant(input.amountNano > 0, "a refund is above 0")
  }
  const { transactionId, amountNano = null, bySeller = false } = input
  const request = { transactionId, amountNano, ...(bySeller && { bySeller }) }
  return once(tx, { key: input.key, verb: "refund_charge", request }, () => {
    const answer = refund(tx, ids, input)
    return { answer, amountNano: answer.refundedNano }
  })
}

function refund(tx: Tx, ids: Ids, input: RefundChargeInput): Omit<RefundedCharge, "already"> {
  const paid = paidIn(tx, input.transactionId)
  const amountNano = input.amountNano ?? paid.leftNano
  if (paid.leftNano === 0) throw new AppError("conflict", "This is refunded in full already.")
  if (amountNano > paid.leftNano) {
    throw new AppError("conflict", "That is more than is left to refund of it. Refund less.", {
      fields: { left: amountJson(nano(paid.leftNano)) },
    })
  }
  const { id: chargeId, mode, accountId, isSale } = paid
  assertRoom(tx, accountId, amountNano)

  expireDueLots(tx, ids, accountId, mode)
  const share = splitRefund(nano(amountNano), paid.partsLeft)
  const matured = isSale || input.bySeller === true
  const taken = takeBackEarningIn(tx, { chargeId, amountNano: share.developerNano, matured })
  const gives = refundTakes(paid.takes, amountNano)
  const entries: EntryInput[] = []
  const debit = (accountId: AccountId, nano: number) => {
    if (nano > 0) entries.push({ accountId, amountNano: -nano, lotId: null })
  }
  debit(platformAccount(mode, "promo"), share.upstreamNano + share.developerNano - taken.takenNano)
  debit(platformAccount(mode, "revenue"), share.platformNano)
  if (taken.accountId !== null) debit(taken.accountId, taken.takenNano - taken.lateNano)
  if (taken.lateNano > 0) debit(payableOfPending(tx, taken.accountId!), taken.lateNano)
  for (const give of gives) entries.push({ accountId, ...give })
  const about = isSale ? null : chargeId
  const { publicId } = post(tx, ids, { type: "refund", mode, key: input.key, chargeId: about, entries })
  for (const give of gives) shiftLot(tx, give.lotId, { consumedNano: -give.amountNano })
  if (!isSale) giveBack(tx, chargeId, accountId, amountNano)
  const expiredNano = expireGiven(tx, ids, accountId, mode, gives)
  const lots = gives.map(({ lotId, amountNano }): LotTake => {
    return { lotId, amountNano: nano(amountNano), paid: lotById(tx, lotId)!.paid === 1 }
  })
  return {
    transactionId: publicId,
    refundedNano: nano(amountNano),
    expiredNano: nano(expiredNano),
    fromDeveloperNano: nano(taken.takenNano),
    fromPlatformNano: share.platformNano as Nano,
    lots,
  }
}

/** What a call or a sale took, from whom and for whom, and what of it is not given back yet. @throws AppError not_found, conflict */
function paidIn(tx: Tx, transactionId: string) {
  const row = transactionByPublicId(tx, transactionId)
  if (!row) throw new AppError("not_found", "There is no such transaction.")
  const isSale = row.type === "sale"
  if (!isSale && row.type !== "usage") {
    throw new AppError(
      "conflict",
      "Only charges for calls, and sales, can be refunded. Reverse this transaction instead.",
    )
  }
  const entries = entriesOf(tx, row.id)
  const after = isSale ? entriesAfterSale(tx, row.publicId) : entriesAfterCharge(tx, row.id)
  const sum = (rows: EntryRow[], ...kinds: EntryRow["kind"][]) =>
    rows.reduce((total, { kind, amountNano }) => total + (kinds.includes(kind) ? amountNano : 0), 0)
  const collectedNano = -sum(entries, "wallet")
  const backNano = sum(after, "wallet")
  const takes = entries
    .filter((entry) => entry.kind === "wallet")
    .map(({ lotId, amountNano }) => {
      const back = after.find((row) => row.lotId === lotId)?.amountNano ?? 0
      return { lotId: lotId!, amountNano: -amountNano - back }
    })
  const earnedNano = sum(entries, "pending") - (isSale ? commissionOfSale(tx, row.id) : 0)
  const parts = partsOfCollected(collectedNano, sum(entries, "upstream_payable"), earnedNano)
  return {
    id: row.id,
    mode: row.mode,
    isSale,
    accountId: entries.find((entry) => entry.kind === "wallet")?.accountId ?? AccountId(0),
    leftNano: collectedNano - backNano,
    takes,
    partsLeft: partsLeft(parts, backNano, -sum(after, "revenue"), -sum(after, "pending", "payable")),
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
  restoredClaw: string | null = null,
): number {
  const lost = new Map<LotId, number>()
  for (const { lotId, amountNano } of gives) {
    if (isDue(lotById(tx, lotId)!, tx.now)) lost.set(lotId, (lost.get(lotId) ?? 0) + amountNano)
  }
  for (const [lotId, expiredNano] of lost) shiftLot(tx, lotId, { expiredNano })
  return breakLots(tx, ids, accountId, mode, lost, restoredClaw).lostNano
}

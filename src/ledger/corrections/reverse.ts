// Undoes a transaction by its exact opposite, once. Refused when that would take credits that are spent or held, give more back than
// was taken, or move what a developer has earned for good. Nothing is ever edited.
import { type AccountId, AppError, type Ids, nano, type TransactionId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { balanceOfAccount, post } from "../books/store.ts"
import { giveBack } from "../charges/back.ts"
import { takeBackEarningIn } from "../earnings/earnings.ts"
import { dayRow, earningOfCharge, takenOfCharge } from "../earnings/store.ts"
import { expireDueLots } from "../lots/expire.ts"
import { GRANT_SOURCE, isDue } from "../lots/rules.ts"
import { shiftLot } from "../lots/store.ts"
import { assertRoom, expireGiven } from "./refund.ts"
import { countsAs } from "./rules.ts"
import {
  brokenLeft,
  type EntryRow,
  entriesAfterCharge,
  entriesOf,
  isCorrectedElsewhere,
  isRefundOfSale,
  isRepaidClaw,
  type LotFull,
  lotById,
  reversedAtMs,
  type TransactionRow,
  transactionByPublicId,
} from "./store.ts"
import type { Reversed, ReverseInput } from "./types.ts"

/** The opposite of one entry on a lot. */
interface Undo {
  lot: LotFull
  accountId: AccountId
  /** > 0 comes back to the lot. */
  amountNano: number
  isGrant: boolean
}

export function reverseIn(tx: Tx, ids: Ids, input: ReverseInput): Reversed {
  const original = transactionByPublicId(tx, input.transactionId)
  if (!original) throw new AppError("not_found", "There is no such transaction.")
  const entries = entriesOf(tx, original.id)
  if (original.reversedBy !== null) return answerAgain(tx, original, original.reversedBy)
  const undos = entries.filter((entry) => entry.lotId !== null).map((entry) => undoOf(tx, original, entry))
  assertReversible(tx, original, entries, undos)

  for (const accountId of new Set(undos.map((undo) => undo.accountId))) {
    expireDueLots(tx, ids, accountId, original.mode)
  }
  const earnedNano = sumOf(entries, "pending")
  if (earnedNano > 0) takeBackEarningIn(tx, { chargeId: original.id, amountNano: earnedNano })
  const { publicId } = post(tx, ids, {
    type: "reversal",
    mode: original.mode,
    reverses: original.id,
    chargeId: original.chargeId,
    entries: entries.map(({ accountId, lotId, amountNano }) => ({ accountId, lotId, amountNano: -amountNano })),
  })
  for (const { lot, amountNano, isGrant } of undos) {
    shiftLot(tx, lot.id, { [countsAs(original.type, original.chargeId !== null, isGrant)!]: -amountNano })
  }
  const paidBy = entries.find((entry) => entry.kind === "wallet")
  if (original.chargeId !== null && paidBy) {
    giveBack(tx, original.chargeId, paidBy.accountId, -sumOf(entries, "wallet"))
  }
  let expiredNano = 0
  for (const [accountId, back] of Map.groupBy(undos, (undo) => undo.accountId)) {
    const gives = back.filter((undo) => undo.amountNano > 0).map((u) => ({ lotId: u.lot.id, amountNano: u.amountNano }))
    expiredNano += expireGiven(tx, ids, accountId, original.mode, gives)
  }
  return { transactionId: publicId, expiredNano: nano(expiredNano), already: false }
}

const sumOf = (entries: readonly EntryRow[], kind: EntryRow["kind"]): number =>
  entries.reduce((sum, entry) => sum + (entry.kind === kind ? entry.amountNano : 0), 0)

const undoOf = (tx: Tx, original: TransactionRow, entry: EntryRow): Undo => {
  const lot = lotById(tx, entry.lotId!)!
  return { lot, accountId: entry.accountId, amountNano: -entry.amountNano, isGrant: lot.key === original.key }
}

/** What `takeBackEarningIn` would take of a usage, asked before anything is written. */
function immatureOf(tx: Tx, chargeId: TransactionId): number {
  const earning = earningOfCharge(tx, chargeId)
  if (!earning) return 0
  const taken = takenOfCharge(tx, chargeId)
  const left = (source: "paid" | "promo") =>
    dayRow(tx, earning.accountId, earning.day, source)?.matured === 0 ? earning[source] - taken[source] : 0
  return left("paid") + left("promo")
}

/** Decides before anything is written. */
function assertReversible(tx: Tx, original: TransactionRow, entries: EntryRow[], undos: Undo[]): void {
  const refuse = (why: string) => {
    throw new AppError("conflict", why, {}, original.publicId)
  }
  const { type } = original
  if (entries.length === 0) refuse("This call cost nothing: there is nothing to undo.")
  if (type === "reversal") refuse("A reversal stays as it is. Book anew what it undid.")
  if (type === "sponsor" && undos.length > 1) refuse("Take these credits back where they were given.")
  if (type === "expiry" || undos.some((undo) => countsAs(type, original.chargeId !== null, undo.isGrant) === null)) {
    refuse("Expired credits stay expired. Grant new credits instead.")
  }
  if (isCorrectedElsewhere(tx, original.key) || isRefundOfSale(tx, original.id) || isRepaidClaw(tx, original))
    refuse("This kind of transaction is corrected where it was made.")
  if (!(type in GRANT_SOURCE) && type !== "usage" && type !== "debt") {
    refuse("This kind of transaction is corrected where it was made.")
  }
  if (type === "usage" && sumOf(entriesAfterCharge(tx, original.id), "wallet") !== 0) {
    refuse("A part of this call is refunded already. Refund the rest instead.")
  }
  const earnedNano = sumOf(entries, "pending")
  if (earnedNano < 0 || sumOf(entries, "payable") !== 0)
    refuse("This moved what a developer earns. It cannot be undone here.")
  if (earnedNano > immatureOf(tx, original.id)) {
    refuse("The developer has earned a part of this call for good. Refund the call instead.")
  }
  for (const { lot, amountNano } of undos) {
    const freeNano = isDue(lot, tx.now) ? 0 : lot.remainingNano - lot.heldNano
    if (-amountNano > freeNano) refuse("These credits are spent, expired or on hold. Take back what is left instead.")
  }
  for (const [rootId, rows] of Map.groupBy(undos, ({ lot }) => lot.rolledFrom ?? lot.id)) {
    const backNano = rows.reduce((sum, row) => sum + (isVoid(original, row) ? row.amountNano : 0), 0)
    if (backNano > 0 && backNano > brokenLeft(tx, rootId))
      refuse("The money for these credits went back meanwhile. Grant new credits instead.")
  }
  for (const { accountId, kind, amountNano } of entries) {
    if (kind === "debt" && balanceOfAccount(tx, accountId) - amountNano > 0) {
      refuse("The debt is repaid already. Grant new credits instead.")
    }
  }
  for (const [accountId, rows] of Map.groupBy(undos, (undo) => undo.accountId)) {
    assertRoom(
      tx,
      accountId,
      Math.max(
        0,
        rows.reduce((sum, row) => sum + row.amountNano, 0),
      ),
    )
  }
}

/** Credits that were paid for and taken away: the house has them, until a claw-back gives them back. */
const isVoid = ({ type, chargeId }: TransactionRow, { lot, isGrant }: Undo): boolean =>
  lot.paid === 1 && countsAs(type, chargeId !== null, isGrant) === "voidedNano"

/** What had to expire again is seen from the lots: those whose time was over when they got their credits back. */
function answerAgain(tx: Tx, original: TransactionRow, reversalId: TransactionId): Reversed {
  const atMs = reversedAtMs(tx, reversalId)
  let expiredNano = 0
  for (const { lotId, amountNano } of entriesOf(tx, reversalId)) {
    if (lotId !== null && amountNano > 0 && isDue(lotById(tx, lotId)!, atMs)) expiredNano += amountNano
  }
  return { transactionId: original.reversedByPublicId!, expiredNano: nano(expiredNano), already: true }
}

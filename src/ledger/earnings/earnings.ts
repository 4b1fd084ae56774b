// What developers earn: credited to `pending` at settle by day and source, taken back while it is pending. Postings are the
// caller's; this keeps `earning_days`, so that days and books agree. Maturity: `mature.ts`.
import { type AccountId, dayOf, invariant, nano, type PrincipalId, type TransactionId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { booksOf } from "../books/memory.ts"
import { assertAmount, principal } from "../books/rules.ts"
import { ensureAccount } from "../books/store.ts"
import type { EarningSource, Mode, Owner } from "../books/types.ts"
import type { LotState } from "../lots/rules.ts"
import { maturedThrough, NO_CAP, promoThatCounts, splitEarning, TAKE_ORDER } from "./rules.ts"
import {
  addClaw,
  dayRow,
  earningOfCharge,
  earningTotals,
  immatureRows,
  ownerOfAccount,
  takenOfCharge,
} from "./store.ts"
import type { Earnings, Maturity } from "./types.ts"

/** What one settle earns its developer. `promoNano` is part of `totalNano`. */
export interface Earned {
  totalNano: number
  promoNano: number
}

/**
 * Splits the developer's part by the lots that paid and leaves out what does not count; that stays with the platform.
 * Reads only: the charge that is posted with it moves account and day.
 */
export function earningOfSettle(
  tx: Tx,
  payerId: PrincipalId,
  promoCapNano: number,
  pendingId: () => AccountId,
  developer: Owner | null,
  developerNano: number,
  moves: readonly { lot: LotState; consumedNano: number }[],
): Earned {
  if (developerNano === 0) return { totalNano: 0, promoNano: 0 }
  const lots = { paidNano: 0, promoNano: 0 }
  for (const { lot, consumedNano } of moves) lots[lot.paid === 1 ? "paidNano" : "promoNano"] += consumedNano
  const parts = splitEarning(developerNano, lots)
  if (parts.promoNano === 0 || promoCapNano === 0) return { totalNano: parts.paidNano, promoNano: 0 }
  const promoNano = promoThatCounts({
    promoNano: parts.promoNano,
    isOwnAccount: payerId === developer?.id,
    capNano: promoCapNano,
    earnedTodayNano: promoCapNano === NO_CAP ? 0 : booksOf(tx).sums.earnedOn(tx, pendingId(), dayOf(tx.now), "promo"),
  })
  return { totalNano: parts.paidNano + promoNano, promoNano }
}

/**
 * Takes back up to `amountNano` of what one usage transaction or sale earned, as far as it is still pending: promo part first, for it
 * matures last. The caller posts it in the same mutation, with type `refund` or `reversal`: `lateNano` to payable, the rest to pending.
 * @param input.chargeId row id of the charge
 * @param input.sources which parts; both by default
 * @param input.matured also what was earned for good: payable may go below zero by it
 * @returns what is taken now, what of it had matured, and the account to debit (null when nothing was ever earned)
 */
export function takeBackEarningIn(
  tx: Tx,
  input: { chargeId: TransactionId; amountNano: number; sources?: readonly EarningSource[]; matured?: boolean },
): { takenNano: number; lateNano: number; accountId: AccountId | null } {
  assertAmount(input.amountNano, "amountNano")
  const earning = earningOfCharge(tx, input.chargeId)
  if (!earning) return { takenNano: 0, lateNano: 0, accountId: null }
  const { accountId, day } = earning
  const before = takenOfCharge(tx, input.chargeId)
  let leftNano = input.amountNano
  let lateNano = 0
  for (const source of input.sources ?? TAKE_ORDER) {
    const row = dayRow(tx, accountId, day, source)
    if (!row || (row.matured === 1 && !input.matured)) continue
    const takeNano = Math.min(leftNano, earning[source] - before[source])
    if (takeNano <= 0) continue
    const late = row.matured
    invariant(late === 1 || takeNano <= row.earnedNano - row.clawedNano, "a day holds what its transactions earned")
    addClaw(tx, { chargeId: input.chargeId, accountId, day, source, amountNano: nano(takeNano), late })
    leftNano -= takeNano
    if (late === 1) lateNano += takeNano
  }
  return { takenNano: input.amountNano - leftNano, lateNano, accountId }
}

/**
 * Gives back what was taken of one charge for paid lots: to `pending` while its day is there, else to `payable`, for a matured day is
 * final. The caller posts it in the same mutation, with type `refund`.
 * @returns the account to credit
 */
export function giveBackEarningIn(tx: Tx, input: { chargeId: TransactionId; amountNano: number }): AccountId {
  const earning = earningOfCharge(tx, input.chargeId)
  invariant(earning, "what is given back was taken")
  const { accountId, day } = earning
  const late = dayRow(tx, accountId, day, "paid")?.matured ?? 1
  const amountNano = nano(-input.amountNano)
  addClaw(tx, { chargeId: input.chargeId, accountId, day, source: "paid", amountNano, late })
  return late === 0 ? accountId : payableOfPending(tx, accountId)
}

/** Where what an account has pending goes when it matures. */
export function payableOfPending(tx: Tx, pendingId: AccountId): AccountId {
  const { ownerId, mode } = ownerOfAccount(tx, pendingId)!
  return ensureAccount(tx, principal(ownerId), mode, "payable")
}

/** What a developer has coming. A day that is due but not yet moved by the job shows under today. */
export function earningsOf(sql: Reader, now: number, owner: Owner, mode: Mode, maturity: Maturity): Earnings {
  const today = dayOf(now)
  maturedThrough(today, maturity)
  const totals = earningTotals(sql, owner, mode)
  const upcoming = new Map<string, Earnings["upcoming"][number]>()
  for (const row of totals.pendingId === null ? [] : immatureRows(sql, totals.pendingId)) {
    const day = Math.max(today, row.day + (row.source === "paid" ? maturity.paidDays : maturity.promoDays))
    const key = `${day} ${row.source}`
    const amountNano = nano((upcoming.get(key)?.amountNano ?? 0) + row.leftNano)
    upcoming.set(key, { day, source: row.source, amountNano })
  }
  return {
    pendingNano: nano(totals.pendingNano),
    payableNano: nano(totals.payableNano),
    requestedNano: nano(totals.requestedNano),
    paidNano: nano(totals.paidNano),
    clawedNano: nano(totals.clawedNano),
    upcoming: [...upcoming.values()].sort((a, b) => a.day - b.day || a.source.localeCompare(b.source)),
  }
}

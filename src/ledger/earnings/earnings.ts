// What developers earn: credited to `pending` at settle by day and source, taken back while it is pending. Postings are the
// caller's; this keeps `earning_days`, so that days and books agree. Maturity: `mature.ts`.
import { type AccountId, dayOf, invariant, nano, type TransactionId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { ownerIdOf } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import type { LotState } from "../lots/rules.ts"
import { maturedThrough, promoThatCounts, splitEarning, TAKE_ORDER } from "./rules.ts"
import {
  addClaw,
  addEarned,
  dayRow,
  earningOfTransaction,
  earningTotals,
  immatureRows,
  takenOfTransaction,
} from "./store.ts"
import type { EarningSource, Earnings, Maturity } from "./types.ts"

/** What one settle earns its developer. `promoNano` is part of `totalNano`. */
export interface Earned {
  totalNano: number
  promoNano: number
}

/**
 * Splits the developer's part by the lots that paid and leaves out what does not count; that stays with the platform.
 * Reads only: `earnIn` writes once the pending account is known.
 */
export function earningOfSettle(
  tx: Tx,
  hold: { accountId: AccountId; promoCapNano: number },
  pendingId: () => AccountId,
  developer: Owner | null,
  developerNano: number,
  moves: readonly { lot: LotState; consumedNano: number }[],
): Earned {
  if (developerNano === 0) return { totalNano: 0, promoNano: 0 }
  const lots = { paidNano: 0, promoNano: 0 }
  for (const { lot, consumedNano } of moves) lots[lot.paid === 1 ? "paidNano" : "promoNano"] += consumedNano
  const parts = splitEarning(developerNano, lots)
  if (parts.promoNano === 0 || hold.promoCapNano === 0) return { totalNano: parts.paidNano, promoNano: 0 }
  const promoNano = promoThatCounts({
    promoNano: parts.promoNano,
    isOwnAccount: ownerIdOf(tx, hold.accountId) === developer?.id,
    capNano: hold.promoCapNano,
    earnedTodayNano: dayRow(tx, pendingId(), dayOf(tx.now), "promo")?.earnedNano ?? 0,
  })
  return { totalNano: parts.paidNano + promoNano, promoNano }
}

/** Adds to the developer's UTC day of this very moment: one row, two for a charge over paid and promo lots. */
export function earnIn(tx: Tx, pendingId: AccountId, earned: Earned): void {
  const add = (source: EarningSource, earnedNano: number) =>
    addEarned(tx, { accountId: pendingId, day: dayOf(tx.now), source, earnedNano: nano(earnedNano) })
  if (earned.totalNano > earned.promoNano) add("paid", earned.totalNano - earned.promoNano)
  if (earned.promoNano > 0) add("promo", earned.promoNano)
}

/**
 * Takes back up to `amountNano` of what one usage transaction earned, as far as it is still pending: promo part first, for it
 * matures last. The caller posts `pending −takenNano` in the same mutation, with type `refund` or `reversal`.
 * @param input.transactionId row id of the `usage` transaction
 * @returns what was still immature and is clawed now, and the account to debit (null when nothing was ever earned)
 */
export function takeBackEarningIn(
  tx: Tx,
  input: { transactionId: TransactionId; amountNano: number },
): { takenNano: number; accountId: AccountId | null } {
  assertAmount(input.amountNano, "amountNano")
  const earning = earningOfTransaction(tx, input.transactionId)
  if (!earning) return { takenNano: 0, accountId: null }
  const { accountId, day } = earning
  const before = takenOfTransaction(tx, input.transactionId)
  let leftNano = input.amountNano
  for (const source of TAKE_ORDER) {
    const row = dayRow(tx, accountId, day, source)
    if (!row || row.matured === 1) continue
    const takeNano = Math.min(leftNano, earning[source] - before[source])
    if (takeNano <= 0) continue
    invariant(takeNano <= row.earnedNano - row.clawedNano, "a day holds what its transactions earned")
    addClaw(tx, { transactionId: input.transactionId, accountId, day, source, amountNano: nano(takeNano) })
    leftNano -= takeNano
  }
  return { takenNano: input.amountNano - leftNano, accountId }
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

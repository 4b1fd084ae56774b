// Payouts: money that leaves. Asked for it stands in the clearing account `payouts`; it arrives (cash) or comes back (payable),
// once. Never more than is payable. Who may ask and how the money travels is not the ledger's.
import { AppError, type Ids, invariant, nano, PrincipalId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { assertAmount, principal } from "../books/rules.ts"
import { ensureAccount, platformAccount, post } from "../books/store.ts"
import type { Mode, Owner } from "../books/types.ts"
import {
  insertPayout,
  type PayoutRow,
  payableOf,
  payoutByKey,
  payoutByPublicId,
  payoutRows,
  resolvePayout,
} from "./store.ts"
import type { Payout, PayoutInput } from "./types.ts"

type Answer = Payout & { already: boolean }

/** @throws AppError `validation_failed` below the minimum or above what is payable; `conflict` for a key with other content */
export function requestPayoutIn(tx: Tx, ids: Ids, input: PayoutInput): Answer {
  const { owner, mode, amountNano } = input
  assertAmount(amountNano, "amountNano")
  assertAmount(input.minimumNano, "minimumNano")
  invariant(input.key !== "", "a payout has a key")
  const known = payoutByKey(tx, input.key)
  if (known) {
    const same = known.ownerId === owner.id && known.mode === mode && known.amountNano === amountNano
    if (same) return { ...payoutView(known), already: true }
    throw new AppError("conflict", "This payout was asked for before with other terms.", {}, input.key)
  }
  if (amountNano < Math.max(1, input.minimumNano)) throw refusal("Ask for at least the smallest payout.")
  if (amountNano > payableOf(tx, owner, mode)) throw refusal("That is more than you have available. Ask for less.")
  const publicId = ids.next("pay")
  const { id } = post(tx, ids, {
    type: "payout",
    mode,
    key: input.key,
    entries: [
      { accountId: ensureAccount(tx, owner, mode, "payable"), amountNano: -amountNano, lotId: null },
      { accountId: platformAccount(mode, "payouts"), amountNano, lotId: null },
    ],
  })
  insertPayout(tx, { publicId, ownerId: PrincipalId(owner.id), mode, amountNano, requestId: id, key: input.key })
  return { ...payoutView(payoutByKey(tx, input.key)!), already: false }
}

const refusal = (words: string) => new AppError("validation_failed", words, { formErrors: { amount: words } })

/** The money has arrived. A second call answers `already: true`. */
export const completePayoutIn = (tx: Tx, ids: Ids, payoutId: string): Answer => resolve(tx, ids, payoutId, "paid")

/** The money came back and is payable again. A second call answers `already: true`. */
export const failPayoutIn = (tx: Tx, ids: Ids, payoutId: string): Answer => resolve(tx, ids, payoutId, "failed")

function resolve(tx: Tx, ids: Ids, payoutId: string, state: "paid" | "failed"): Answer {
  const payout = payoutByPublicId(tx, payoutId)
  if (!payout) throw new AppError("not_found", "There is no such payout.")
  if (payout.state === state) return { ...payoutView(payout), already: true }
  if (payout.state !== "requested") {
    throw new AppError("conflict", `This payout is ${payout.state} already. Nothing was changed.`)
  }
  const { mode, amountNano } = payout
  const to =
    state === "paid" ? platformAccount(mode, "cash") : ensureAccount(tx, principal(payout.ownerId), mode, "payable")
  const { id } = post(tx, ids, {
    type: "payout",
    mode,
    key: `${payoutId}:${state}`,
    entries: [
      { accountId: platformAccount(mode, "payouts"), amountNano: -amountNano, lotId: null },
      { accountId: to, amountNano, lotId: null },
    ],
  })
  resolvePayout(tx, payout.id, state, id)
  return { ...payoutView(payoutByPublicId(tx, payoutId)!), already: false }
}

/** Newest first, at most 200. */
export const payoutsOf = (sql: Reader, owner: Owner, mode: Mode, limit: number): Payout[] =>
  payoutRows(sql, owner, mode, Math.max(1, Math.min(200, Math.trunc(limit)))).map(payoutView)

const payoutView = (row: PayoutRow): Payout => ({
  id: row.publicId,
  owner: principal(row.ownerId),
  mode: row.mode,
  amountNano: nano(row.amountNano),
  state: row.state,
  requestedMs: row.requestedMs,
  resolvedMs: row.resolvedMs,
})

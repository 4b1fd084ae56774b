// Sells what is neither credits nor a call: from paid lots alone to a seller's pending, the platform's part in a transaction of its own right
// behind. Balance and postings are one mutation, so that what pays for one pays once; a refusal writes nothing but what had to roll over.
import {
  AppError,
  amountJson,
  dayOf,
  type Ids,
  invariant,
  type Nano,
  nano,
  type TransactionId,
} from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { booksOf } from "../books/memory.ts"
import { assertAmount } from "../books/rules.ts"
import { type EntryInput, ensureAccount, findWallet, platformAccount, post } from "../books/store.ts"
import type { LotState, Mode, Principal } from "../books/types.ts"
import { decideHold, type HoldVerdict } from "../holds/rules.ts"
import { expireLots } from "../lots/expire.ts"
import { rollsOver } from "../lots/rollover.ts"
import { isKeyTaken, shiftLot, unspentLots } from "../lots/store.ts"
import { insertSale, lotsOfSale, type SaleRow, saleByKey } from "./store.ts"
import type { SaleInput, Sold } from "./types.ts"

/** No lot is restricted to it: what is for calls of one kind buys nothing else. */
const SCOPE = "product"

export function sellIn(tx: Tx, ids: Ids, input: SaleInput): Sold {
  assertInput(input)
  const { owner, mode, seller, amountNano, commissionNano, key } = input
  const known = saleByKey(tx, key)
  if (known) return repeat(tx, known, input)
  if (isKeyTaken(tx, key)) throw new AppError("conflict", "This key was used for something else.", {}, key)
  const verdict = decide(tx, ids, input)
  if (!verdict.ok) throw saleRefusal(verdict, amountNano)

  const accountId = ensureAccount(tx, owner, mode, "wallet")
  const pendingId = ensureAccount(tx, seller, mode, "pending")
  expireLots(tx, ids, accountId, mode, unspentLots(tx, accountId))
  for (const take of verdict.takes) shiftLot(tx, take.lot.id, { consumedNano: take.amountNano })
  const { id, publicId } = post(tx, ids, {
    type: "sale",
    mode,
    key,
    entries: [
      ...verdict.takes.map((take): EntryInput => ({ accountId, amountNano: -take.amountNano, lotId: take.lot.id })),
      { accountId: pendingId, amountNano, lotId: null },
    ],
  })
  const commissionId = commissionNano === 0 ? null : postCommission(tx, ids, input, pendingId)
  insertSale(tx, { transactionId: id, accountId, pendingId, amountNano, commissionNano, commissionId })
  const earnedNano = nano(amountNano - commissionNano)
  booksOf(tx).sums.addEarned(pendingId, dayOf(tx.now), "paid", earnedNano)
  return { transactionId: publicId, earnedNano, lots: lotsOfSale(tx, id), already: false }
}

function postCommission(
  tx: Tx,
  ids: Ids,
  { mode, commissionNano, key }: SaleInput,
  pendingId: EntryInput["accountId"],
): TransactionId {
  return post(tx, ids, {
    type: "commission",
    mode,
    key: `${key}:commission`,
    entries: [
      { accountId: pendingId, amountNano: -commissionNano, lotId: null },
      { accountId: platformAccount(mode, "revenue"), amountNano: commissionNano, lotId: null },
    ],
  }).id
}

function assertInput({ owner, seller, amountNano, commissionNano, key }: SaleInput): void {
  assertAmount(amountNano, "amountNano")
  assertAmount(commissionNano, "commissionNano")
  invariant(amountNano > 0, "a sale is above 0")
  invariant(commissionNano <= amountNano, "the commission is a part of the price")
  invariant(key !== "", "a sale has a key")
  invariant(owner.kind === "principal" && seller.kind === "principal", "the platform neither buys nor sells")
}

/** As a hold decides, among the lots that may pay. */
function decide(
  tx: Tx,
  ids: Ids,
  { owner, mode, amountNano }: Pick<SaleInput, "owner" | "mode" | "amountNano">,
): HoldVerdict<LotState> {
  const books = booksOf(tx)
  const wallet = books.walletOf(tx, owner, mode)
  let lots = wallet ? books.lotsOf(tx, wallet) : []
  if (wallet && rollsOver(tx, lots, tx.now)) {
    expireLots(tx, ids, wallet.id, mode, lots.slice())
    lots = books.lotsOf(tx, wallet)
  }
  return decideHold({
    lots: lots.filter((lot) => lot.paid === 1),
    debtNano: wallet?.debtNano ?? 0,
    amountNano,
    scope: SCOPE,
    now: tx.now,
    limit: null,
  })
}

/** Which paid lots would pay so much of something else, or why they do not. Where they do, what had to roll over has, and what is due has expired. */
export function payFromLots(
  tx: Tx,
  ids: Ids,
  input: Pick<SaleInput, "owner" | "mode" | "amountNano">,
): HoldVerdict<LotState> {
  const verdict = decide(tx, ids, input)
  if (!verdict.ok) return verdict
  const accountId = ensureAccount(tx, input.owner, input.mode, "wallet")
  expireLots(tx, ids, accountId, input.mode, unspentLots(tx, accountId))
  return verdict
}

export function saleRefusal(verdict: Extract<HoldVerdict<LotState>, { ok: false }>, amountNano: Nano): AppError {
  invariant(verdict.why !== "app_daily_limit_exceeded", "a sale has no app")
  const fields = { balance: amountJson(nano(verdict.balanceNano)), need: amountJson(amountNano) }
  return verdict.why === "credits_on_hold"
    ? new AppError(verdict.why, "Your credits are held by calls in progress. Try again when one has finished.", {
        fields,
      })
    : new AppError(
        verdict.why,
        "This is paid with credits that were bought, and there are not enough. Add credits first.",
        {
          fields,
        },
      )
}

function repeat(tx: Tx, known: SaleRow, { owner, mode, seller, amountNano, commissionNano, key }: SaleInput): Sold {
  const same =
    known.accountId === findWallet(tx, owner, mode)?.id &&
    known.pendingId === ensureAccount(tx, seller, mode, "pending") &&
    known.amountNano === amountNano &&
    known.commissionNano === commissionNano
  if (!same) throw new AppError("conflict", "This was sold before on other terms.", {}, key)
  const earnedNano = nano(known.amountNano - known.commissionNano)
  return { transactionId: known.publicId, earnedNano, lots: lotsOfSale(tx, known.id), already: true }
}

/** What a person could pay sales with at this moment. */
export function paidSpendable(sql: Reader, owner: Principal, mode: Mode, now: number): Nano {
  const wallet = findWallet(sql, owner, mode)
  if (!wallet) return nano(0)
  const lots = unspentLots(sql, wallet.id).filter((lot) => lot.paid === 1)
  const verdict = decideHold({ lots, debtNano: wallet.debtNano, amountNano: 0, scope: SCOPE, now, limit: null })
  return nano(verdict.ok ? verdict.balanceAfterNano : 0)
}

// Grants credits: one lot, one transaction. Idempotent by key; never hands out the same key twice.
import { type AccountId, AppError, creditsDecimal, type Ids, invariant, nano, UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { emitIn, isAnybodyOf } from "../../webhooks/index.ts"
import { assertAmount } from "../books/rules.ts"
import { balanceOfAccount, ensureAccount, findWallet, platformAccount, post } from "../books/store.ts"
import { repayDebtIn } from "./debt.ts"
import { expireDueLots } from "./expire.ts"
import { DEFAULT_PRIORITY, grantSource } from "./rules.ts"
import { assertRollover } from "./rules-rollover.ts"
import { type GrantRow, grantByKey, insertLot, isKeyTaken } from "./store.ts"
import type { GrantInput, GrantResult } from "./types.ts"

/** @throws AppError `conflict` for a key with other content, `validation_failed` when the wallet would pass 2^53 n$ */
export function grantIn(tx: Tx, ids: Ids, input: GrantInput): GrantResult {
  assertAmount(input.amountNano, "amountNano")
  invariant(input.amountNano > 0, "a grant is above 0")
  invariant(input.key !== "", "a grant has a key")
  const effectiveMs = input.effectiveMs ?? tx.now
  const expiresMs = input.expiresMs ?? null
  invariant(expiresMs === null || expiresMs > effectiveMs, "a lot expires after it became effective")
  const rollover = input.rollover ?? null
  if (rollover) assertRollover(rollover, expiresMs)

  const wallet = findWallet(tx, input.owner, input.mode)
  const known = grantByKey(tx, input.key)
  if (known) return repeat(known, input, wallet?.id)
  if (isKeyTaken(tx, input.key)) throw new AppError("conflict", "This key was used for something else.", {}, input.key)

  const accountId = wallet?.id ?? ensureAccount(tx, input.owner, input.mode, "wallet")
  if (balanceOfAccount(tx, accountId) > Number.MAX_SAFE_INTEGER - input.amountNano) {
    throw new AppError("validation_failed", "A wallet cannot hold that much. Grant a smaller amount.")
  }
  const lotId = insertLot(tx, {
    publicId: ids.next("lot"),
    accountId,
    bucket: input.bucket,
    paid: input.paid,
    priority: input.priority ?? DEFAULT_PRIORITY,
    restriction: input.restriction ?? null,
    grantedNano: input.amountNano,
    effectiveMs,
    expiresMs,
    rollover,
    key: input.key,
  })
  const { publicId } = post(tx, ids, {
    type: input.type,
    mode: input.mode,
    key: input.key,
    entries: [
      { accountId: platformAccount(input.mode, grantSource(input)), amountNano: -input.amountNano, lotId: null },
      { accountId, amountNano: input.amountNano, lotId },
    ],
  })
  if (expiresMs !== null && expiresMs <= tx.now) expireDueLots(tx, ids, accountId, input.mode)
  if (input.paid && wallet && wallet.debtNano > 0) repayDebtIn(tx, ids, input.owner, input.mode)
  emitAddedIn(tx, input, accountId, publicId)
  return { lotId, transactionId: publicId, already: false }
}

/** Daily credits come every day, and are no news. */
function emitAddedIn(tx: Tx, input: GrantInput, accountId: AccountId, transactionId: string): void {
  const { owner, mode, type, amountNano, expiresMs } = input
  if (type === "daily_bonus" || owner.kind !== "principal") return
  const person = UserId(owner.id)
  if (!isAnybodyOf(tx, { person })) return
  const data = {
    credits: creditsDecimal(amountNano),
    balance: creditsDecimal(nano(balanceOfAccount(tx, accountId))),
    source: type,
    expires: expiresMs ? new Date(expiresMs).toISOString() : null,
  }
  emitIn(tx, { type: "credits.added", person, mode, subject: transactionId, data })
}

/** Times and priority may have been computed from "now" and are not compared. */
function repeat(known: GrantRow, input: GrantInput, accountId: AccountId | undefined): GrantResult {
  const same =
    known.accountId === accountId &&
    known.type === input.type &&
    known.bucket === input.bucket &&
    known.paid === (input.paid ? 1 : 0) &&
    known.amountNano === input.amountNano
  if (!same) throw new AppError("conflict", "These credits were granted before with other terms.", {}, input.key)
  return { lotId: known.lotId, transactionId: known.transactionId, already: true }
}

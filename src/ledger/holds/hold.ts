// Reserves credits on lots before a call, exactly: balance, open holds and the app's daily limit are read and written in
// one mutation. A refused hold writes nothing (but what had to roll over, which is true either way), so a caller may catch the
// refusal inside its own mutation.
import {
  type AccountId,
  AppError,
  amountJson,
  dayOf,
  type HoldId,
  type Ids,
  invariant,
  nano,
  nextDayMs,
} from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { booksOf, type WalletEntry } from "../books/memory.ts"
import { assertAmount } from "../books/rules.ts"
import { ensureAccount } from "../books/store.ts"
import type { LotState, OpenHold } from "../books/types.ts"
import { spentOn, useOf } from "../charges/used.ts"
import { promoCapOf } from "../earnings/rules.ts"
import { expireLots } from "../lots/expire.ts"
import { rollsOver } from "../lots/rollover.ts"
import { decideHold, type HoldVerdict } from "./rules.ts"
import { insertHold, updateHold } from "./store.ts"
import type { Hold, HoldInput, HoldRef, MarkInput, SplitWeights } from "./types.ts"

/** In place of a boot: of holds that outlive it. */
export const OF_NO_BOOT = "none"
const ALL_UPSTREAM = { upstream: 1, developer: 0, platform: 0 }

export function holdIn(tx: Tx, ids: Ids, bootId: string, input: HoldInput): Hold {
  assertInput(input)
  const { owner, mode, scope } = input
  const leastNano = input.leastNano ?? input.amountNano
  const books = booksOf(tx)
  let wallet = books.walletOf(tx, owner, mode)
  let lots = wallet ? books.lotsOf(tx, wallet) : []
  if (wallet && rollsOver(tx, lots, tx.now)) {
    expireLots(tx, ids, wallet.id, mode, lots.slice())
    lots = books.lotsOf(tx, wallet)
  }
  const verdict = decideHold({
    lots: input.paidOnly ? lots.filter((lot) => lot.paid === 1) : lots,
    debtNano: wallet?.debtNano ?? 0,
    amountNano: input.amountNano,
    leastNano,
    scope,
    now: tx.now,
    limit: todaysLimit(tx, wallet, input),
  })
  if (!verdict.ok) throw refusal(verdict, leastNano, tx.now)

  wallet ??= books.wallet(tx, ensureAccount(tx, owner, mode, "wallet"))
  expireLots(tx, ids, wallet.id, mode, lots.slice())
  const hold = openHold(books.nextHoldId(tx), wallet.id, bootId, tx.now, input, verdict)
  insertHold(tx, hold)
  books.addHold(wallet, hold)
  const { id, accountId, callId, amountNano } = hold
  return { id, accountId, callId, amountNano, day: dayOf(tx.now), balanceAfterNano: nano(verdict.balanceAfterNano) }
}

function openHold(
  id: HoldId,
  accountId: AccountId,
  bootId: string,
  now: number,
  input: HoldInput,
  verdict: Extract<HoldVerdict<LotState>, { ok: true }>,
): OpenHold {
  const { split = ALL_UPSTREAM } = input
  const amountNano = nano(verdict.amountNano)
  return {
    id,
    accountId,
    callId: input.callId,
    bootId: input.outlives ? OF_NO_BOOT : bootId,
    callerId: input.callerId ?? input.owner.id,
    clientId: input.clientId ?? null,
    keyId: input.keyId ?? null,
    scope: input.scope,
    limited: input.dailyNano === undefined ? 0 : 1,
    routeId: input.routeId ?? null,
    stream: input.stream ? 1 : 0,
    amountNano,
    parts: verdict.takes.map((take) => ({ lotId: take.lot.id, amountNano: take.amountNano })),
    stage: input.stage ?? "held",
    inputCostNano: nano(Math.min(input.inputCostNano, amountNano)),
    knownCostNano: nano(0),
    splitUpstream: split.upstream,
    splitDeveloper: split.developer,
    splitPlatform: split.platform,
    developerId: input.developer?.id ?? null,
    promoCapNano: promoCapOf(input.promoEligible ?? true, input.promoCapNano ?? null),
    leaseUntilMs: now + input.leaseMs,
    createdMs: now,
  }
}

function assertInput(input: HoldInput): void {
  assertAmount(input.amountNano, "amountNano")
  assertAmount(input.leastNano ?? 0, "leastNano")
  invariant((input.leastNano ?? 0) <= input.amountNano, "the least is not above the amount")
  assertAmount(input.inputCostNano, "inputCostNano")
  assertAmount(input.leaseMs, "leaseMs")
  if (input.dailyNano != null) assertAmount(input.dailyNano, "dailyNano")
  invariant(input.dailyNano === undefined || input.clientId != null, "a daily limit is an app's")
  const { split = ALL_UPSTREAM, developer = null } = input
  assertSplit(split, developer !== null)
  invariant(developer === null || developer.kind === "principal", "the platform is never a developer")
}

export function assertSplit(split: SplitWeights, hasDeveloper: boolean): void {
  assertAmount(split.upstream, "split.upstream")
  assertAmount(split.developer, "split.developer")
  assertAmount(split.platform, "split.platform")
  invariant(split.developer === 0 || hasDeveloper, "a developer's share needs a developer")
}

function todaysLimit(tx: Tx, wallet: WalletEntry | null, { dailyNano, clientId, callerId, owner, scope }: HoldInput) {
  if (dailyNano === undefined || dailyNano === null) return null
  const of = { clientId: clientId!, callerId: callerId ?? owner.id, scope }
  const spent = wallet ? spentOn(tx, wallet, of, dayOf(tx.now)) : { usedNano: 0, heldNano: 0 }
  return { dailyNano, usedNano: spent.usedNano, heldNano: spent.heldNano }
}

/** n$ that an open call may come to beside its hold, by the app's limit of its day. */
export function roomOfDay(tx: Tx, wallet: WalletEntry, hold: OpenHold, dailyNano: number | null): number {
  if (hold.limited === 0 || dailyNano === null) return Number.MAX_SAFE_INTEGER - hold.amountNano
  const { usedNano, heldNano } = spentOn(tx, wallet, useOf(hold), dayOf(hold.createdMs))
  return dailyNano - usedNano - heldNano
}

export function refusal(
  verdict: Extract<HoldVerdict<LotState>, { ok: false }>,
  amountNano: number,
  now: number,
): AppError {
  const need = amountJson(nano(amountNano))
  if (verdict.why === "app_daily_limit_exceeded") {
    return new AppError(
      verdict.why,
      "This app has reached the daily limit you set. Raise the limit, or try again after midnight UTC.",
      {
        retryAfterSeconds: Math.ceil((nextDayMs(now) - now) / 1_000),
        fields: { need, left: amountJson(nano(verdict.leftNano)) },
      },
    )
  }
  const fields = { balance: amountJson(nano(verdict.balanceNano)), need }
  if (verdict.why === "credits_on_hold") {
    return new AppError(verdict.why, "Your credits are held by calls in progress. Try again when one has finished.", {
      fields: { ...fields, held: amountJson(nano(verdict.heldNano)) },
    })
  }
  return new AppError(verdict.why, "Not enough credits for this call. Add credits, or ask for less.", { fields })
}

/** Notes how far the call has come, for the case that this process dies. @returns false when the hold is resolved */
export function markIn(tx: Tx, ref: HoldRef, mark: MarkInput): boolean {
  assertAmount(mark.knownCostNano, "knownCostNano")
  const hold = findOpen(tx, ref)
  if (!hold) return false
  changeOpen(tx, {
    ...hold,
    stage: hold.stage === "streaming" ? hold.stage : mark.stage,
    knownCostNano: nano(Math.max(hold.knownCostNano, mark.knownCostNano)),
    leaseUntilMs: Math.max(hold.leaseUntilMs, mark.leaseMs === undefined ? 0 : tx.now + mark.leaseMs),
  })
  return true
}

/** The hold while it is open; null when it is resolved. */
export function findOpen(tx: Tx, { id, accountId, callId }: HoldRef): OpenHold | null {
  const hold = booksOf(tx).wallet(tx, accountId).holds.get(id)
  return hold?.callId === callId ? hold : null
}

export function changeOpen(tx: Tx, hold: OpenHold): void {
  const books = booksOf(tx)
  updateHold(tx, hold)
  books.changeHold(books.wallet(tx, hold.accountId), hold)
}

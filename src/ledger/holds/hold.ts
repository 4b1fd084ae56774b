// Reserves credits on lots before a call, exactly: balance, open holds and the app's daily limit are read and written in
// one mutation. A refused hold writes nothing (but what had to roll over, which is true either way), so a caller may catch the
// refusal inside its own mutation.
import { AppError, amountJson, dayOf, type HoldId, type Ids, invariant, nano, nextDayMs } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { assertAmount } from "../books/rules.ts"
import { ensureAccount, findWallet, type WalletRow } from "../books/store.ts"
import { promoCapOf } from "../earnings/rules.ts"
import { expireLots } from "../lots/expire.ts"
import { rollsOver } from "../lots/rollover.ts"
import type { LotState } from "../lots/rules.ts"
import { unspentLots } from "../lots/store.ts"
import { decideHold, type HoldVerdict } from "./rules.ts"
import { holdLimit, insertHold, limitDay, markHold } from "./store.ts"
import type { Hold, HoldInput, MarkInput } from "./types.ts"

const ALL_UPSTREAM = { upstream: 1, developer: 0, platform: 0 }

export function holdIn(tx: Tx, ids: Ids, bootId: string, input: HoldInput): Hold {
  assertInput(input)
  const { owner, mode, scope, split = ALL_UPSTREAM } = input
  const leastNano = input.leastNano ?? input.amountNano
  const limit = input.limit ?? null
  const day = dayOf(tx.now)
  const wallet = findWallet(tx, owner, mode)
  let lots = wallet ? unspentLots(tx, wallet.id) : []
  if (wallet && rollsOver(tx, lots, tx.now)) {
    expireLots(tx, ids, wallet.id, mode, lots)
    lots = unspentLots(tx, wallet.id)
  }
  const verdict = decideHold({
    lots,
    debtNano: wallet?.debtNano ?? 0,
    amountNano: input.amountNano,
    leastNano,
    scope,
    now: tx.now,
    limit: todaysLimit(tx, wallet, limit, day),
  })
  if (!verdict.ok) throw refusal(verdict, leastNano, tx.now)
  const amountNano = nano(verdict.amountNano)

  const accountId = wallet?.id ?? ensureAccount(tx, owner, mode, "wallet")
  expireLots(tx, ids, accountId, mode, lots)
  const id = insertHold(
    tx,
    {
      accountId,
      callId: input.callId,
      bootId,
      reason: tx.ctx.reason,
      clientId: limit?.clientId ?? null,
      scope,
      limitScope: limit?.scope ?? null,
      day,
      amountNano,
      stage: input.stage ?? "held",
      inputCostNano: nano(Math.min(input.inputCostNano, amountNano)),
      knownCostNano: nano(0),
      splitUpstream: split.upstream,
      splitDeveloper: split.developer,
      splitPlatform: split.platform,
      developerId: input.developer?.id ?? null,
      leaseUntilMs: tx.now + input.leaseMs,
      createdMs: tx.now,
      promoCapNano: promoCapOf(input.promoEligible ?? true, input.promoCapNano ?? null),
    },
    verdict.takes,
  )
  if (limit) holdLimit(tx, { accountId, clientId: limit.clientId, scope: limit.scope, day, heldNano: amountNano })
  return { id, amountNano: nano(amountNano), day, balanceAfterNano: nano(verdict.balanceAfterNano) }
}

function assertInput(input: HoldInput): void {
  assertAmount(input.amountNano, "amountNano")
  assertAmount(input.leastNano ?? 0, "leastNano")
  invariant((input.leastNano ?? 0) <= input.amountNano, "the least is not above the amount")
  assertAmount(input.inputCostNano, "inputCostNano")
  assertAmount(input.leaseMs, "leaseMs")
  if (input.limit?.dailyNano != null) assertAmount(input.limit.dailyNano, "limit.dailyNano")
  const { split = ALL_UPSTREAM, developer = null } = input
  assertAmount(split.upstream, "split.upstream")
  assertAmount(split.developer, "split.developer")
  assertAmount(split.platform, "split.platform")
  invariant(developer === null || developer.kind === "principal", "the platform is never a developer")
  invariant(split.developer === 0 || developer !== null, "a developer's share needs a developer")
}

function todaysLimit(tx: Tx, wallet: WalletRow | null, limit: HoldInput["limit"] | null, day: number) {
  if (!limit || limit.dailyNano === null) return null
  const spent = wallet ? limitDay(tx, wallet.id, limit.clientId, limit.scope, day) : { usedNano: 0, heldNano: 0 }
  return { dailyNano: limit.dailyNano, ...spent }
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
export function markIn(tx: Tx, holdId: HoldId, mark: MarkInput): boolean {
  assertAmount(mark.knownCostNano, "knownCostNano")
  const leaseUntilMs = mark.leaseMs === undefined ? 0 : tx.now + mark.leaseMs
  return markHold(tx, holdId, mark.stage, mark.knownCostNano, leaseUntilMs)
}

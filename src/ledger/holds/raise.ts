// A hold that needs more: reserves further credits for the same call, refused like a hold; and longer leases for async jobs.
import { AppError, dayOf, type Ids, invariant, type Nano, nano } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { booksOf, type WalletEntry } from "../books/memory.ts"
import { assertAmount } from "../books/rules.ts"
import type { HoldPart, LotState, OpenHold } from "../books/types.ts"
import { spentOn, useOf } from "../charges/used.ts"
import { expireLots } from "../lots/expire.ts"
import { rollsOver } from "../lots/rollover.ts"
import { compareLots, type Take } from "../lots/rules.ts"
import { assertSplit, changeOpen, findOpen, refusal } from "./hold.ts"
import { decideHold } from "./rules.ts"
import type { HoldRef, HoldTerms, Raised } from "./types.ts"

/**
 * `dailyNano`: the app's limit as it stands; counted on the day of the hold, whatever day it is now. `leastNano`: when all does
 * not fit, what fits is held, if it is at least this much more. `terms`: whom the call goes to from here on, and who is paid if the
 * ledger has to settle alone.
 */
export function raiseIn(
  tx: Tx,
  ids: Ids,
  ref: HoldRef,
  amountNano: number,
  dailyNano: number | null = null,
  leastNano = amountNano,
  terms?: HoldTerms,
): Raised {
  assertAmount(amountNano, "amountNano")
  assertAmount(leastNano, "leastNano")
  invariant(leastNano <= amountNano, "the least is not above the amount")
  if (dailyNano !== null) assertAmount(dailyNano, "dailyNano")
  const hold = findOpen(tx, ref)
  if (!hold) throw new AppError("conflict", "This call has ended already.")
  const books = booksOf(tx)
  const wallet = books.wallet(tx, hold.accountId)
  if (rollsOver(tx, books.lotsOf(tx, wallet), tx.now)) {
    expireLots(tx, ids, wallet.id, wallet.mode, books.lotsOf(tx, wallet).slice())
  }
  const lots = books.lotsOf(tx, wallet).slice()
  const verdict = decideHold({
    lots,
    debtNano: wallet.debtNano,
    amountNano,
    leastNano,
    scope: hold.scope,
    now: tx.now,
    limit: limitOf(tx, wallet, hold, dailyNano),
  })
  if (!verdict.ok) throw refusal(verdict, leastNano, tx.now)

  expireLots(tx, ids, wallet.id, wallet.mode, lots)
  const raised = nano(hold.amountNano + verdict.amountNano)
  if (verdict.amountNano > 0 || terms) {
    const parts = partsWith(hold.parts, verdict.takes, lots)
    changeOpen(tx, { ...hold, ...(terms ? termsOf(hold, terms, raised) : {}), amountNano: raised, parts })
  }
  return { amountNano: raised, balanceAfterNano: nano(verdict.balanceAfterNano) }
}

function termsOf(
  { developerId }: OpenHold,
  { split, routeId, inputCostNano }: HoldTerms,
  raised: Nano,
): Partial<OpenHold> {
  assertSplit(split, developerId !== null)
  assertAmount(inputCostNano, "inputCostNano")
  return {
    routeId,
    inputCostNano: nano(Math.min(inputCostNano, raised)),
    splitUpstream: split.upstream,
    splitDeveloper: split.developer,
    splitPlatform: split.platform,
  }
}

function limitOf(tx: Tx, wallet: WalletEntry, hold: OpenHold, dailyNano: number | null) {
  if (hold.limited === 0 || dailyNano === null) return null
  const { usedNano, heldNano } = spentOn(tx, wallet, useOf(hold), dayOf(hold.createdMs))
  return { dailyNano, usedNano, heldNano }
}

/** Parts stand in the order of consumption, also when a lot that comes first joins later. */
function partsWith(
  parts: readonly HoldPart[],
  takes: readonly Take<LotState>[],
  lots: readonly LotState[],
): HoldPart[] {
  const amounts = new Map(parts.map((part) => [part.lotId, part.amountNano]))
  for (const { lot, amountNano } of takes) amounts.set(lot.id, (amounts.get(lot.id) ?? 0) + amountNano)
  const terms = new Map(lots.map((lot) => [lot.id, lot]))
  return [...amounts]
    .map(([lotId, amountNano]) => ({ lotId, amountNano }))
    .sort((a, b) => compareLots(terms.get(a.lotId)!, terms.get(b.lotId)!))
}

/** Never shortens a lease. @returns false when the hold is resolved */
export function renewIn(tx: Tx, ref: HoldRef, leaseMs: number): boolean {
  assertAmount(leaseMs, "leaseMs")
  const hold = findOpen(tx, ref)
  if (!hold) return false
  changeOpen(tx, { ...hold, leaseUntilMs: Math.max(hold.leaseUntilMs, tx.now + leaseMs) })
  return true
}

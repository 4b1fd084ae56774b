// Credits that run low: told once when they fall below the mark, and again after more came. Looked at by a job, from sums that stand anyway, so
// that no settle pays for it; what was told is written with the mail.
import { AppError, eachAlone, type Nano, nano, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { principal } from "../ledger/index.ts"
import type { Tx } from "../store/index.ts"
import { SPENDING_LIMITS as L } from "./limits.ts"
import { creditsLow } from "./mails-lows.ts"
import { lastBoughtMs, lowOf, saveLow, watchedAfter } from "./store.ts"
import type { LowMark, SpendingDeps } from "./types.ts"
import { plainName } from "./words.ts"

const CTX = { actor: "system:tell-lows", requestId: "job_tell-lows", reason: "credits are low" }

type Deps = Pick<SpendingDeps, "store" | "ledger" | "payers" | "teamName" | "billing" | "mails">

export function markOf({ store }: Pick<SpendingDeps, "store">, ownerId: UserId): LowMark {
  const chosen = lowOf(store.read, ownerId)?.belowNano ?? null
  return { belowNano: chosen ?? L.belowNano, isChosen: chosen !== null }
}

/** What calls hold counts as there: they may give it back. */
interface Has {
  allNano: number
  /** Without the free credits of the day: those come by themselves, and are no reason to say it anew. */
  keptNano: number
}

/** @param tx as it is in this write; none: as it is read */
function hasOf({ ledger }: Pick<SpendingDeps, "ledger">, ownerId: UserId, tx?: Tx): Has {
  const owner = principal(ownerId)
  const { balanceNano, heldNano, lots } = tx ? ledger.walletIn(tx, owner, "live") : ledger.wallet(owner, "live")
  const daily = lots
    .filter(({ bucket, frozen }) => bucket === "daily" && !frozen)
    .reduce((sum, lot) => sum + lot.remainingNano, 0)
  const allNano = balanceNano + heldNano
  return { allNano, keptNano: allNano - daily }
}

/** From now on; who is below it already knows. @throws AppError validation_failed with formErrors */
export function markIn(deps: Deps, tx: Tx, ownerId: UserId, belowNano: Nano): void {
  if (belowNano < L.belowLeastNano || belowNano > L.belowMostNano) {
    const problem = "Enter 1 to 1,000,000,000 credits."
    throw new AppError("validation_failed", problem, { formErrors: { belowNano: problem } })
  }
  const before = lowOf(tx, ownerId)?.belowNano ?? L.belowNano
  saveLow(tx, { ownerId, belowNano, lowMs: hasOf(deps, ownerId, tx).allNano < belowNano ? tx.now : null })
  auditIn(tx, {
    action: "spending.low_mark",
    subject: `user:${ownerId}`,
    before: { below: before },
    after: { below: belowNano },
  })
}

/** One slice of those who are watched. @returns where to go on; null = that was all */
export async function tellLows(deps: Deps, after: number, rows: number): Promise<number | null> {
  const owners = watchedAfter(deps.store.read, after, rows)
  const next = owners.length < rows ? null : owners.at(-1)!
  const look = (ownerId: UserId) =>
    newsOf(deps, ownerId) ? deps.store.write(CTX, (tx) => lookIn(deps, tx, ownerId)) : null
  await eachAlone(owners, (ownerId) => ownerId, look, next)
  return next
}

/** Whether the row is to be changed: most are not. */
function newsOf(deps: Deps, ownerId: UserId): boolean {
  const row = lowOf(deps.store.read, ownerId)
  if (row === null) return true
  const { allNano, keptNano } = hasOf(deps, ownerId)
  const belowNano = row.belowNano ?? L.belowNano
  return row.lowMs === null ? allNano < belowNano : keptNano >= belowNano
}

/** Reads again what it is decided by: the wallet may have moved since. */
function lookIn(deps: Deps, tx: Tx, ownerId: UserId): void {
  const row = lowOf(tx, ownerId)
  const belowNano = row?.belowNano ?? L.belowNano
  const { allNano, keptNano } = hasOf(deps, ownerId, tx)
  const isBelow = allNano < belowNano
  if (row !== null && row.lowMs !== null) {
    if (keptNano >= belowNano) saveLow(tx, { ...row, lowMs: null })
    return
  }
  if (row !== null && !isBelow) return
  saveLow(tx, { ownerId, belowNano: row?.belowNano ?? null, lowMs: isBelow ? tx.now : null })
  const isNews = row !== null || (lastBoughtMs(tx, ownerId) ?? 0) > tx.now - L.boughtMs
  if (isBelow && isNews) tellIn(deps, tx, ownerId, { leftNano: nano(Math.max(0, allNano)), belowNano })
}

function tellIn(deps: Deps, tx: Tx, ownerId: UserId, { leftNano, belowNano }: { leftNano: Nano; belowNano: Nano }) {
  const person = deps.payers.userById(ownerId)
  if (!person || deps.payers.isSuspended(person.id)) return
  const team = deps.teamName(ownerId)
  const { rule } = deps.billing.recharges.of(ownerId)
  const isCharged = rule?.active === true && !rule.paused
  const data = {
    leftNano,
    belowNano,
    team: team === null ? null : plainName(team, "Your team"),
    recharge: isCharged ? { belowNano: rule.belowNano, amountNano: rule.amountNano } : null,
  }
  deps.mails.queueIn(tx, creditsLow, { to: person.email, data, uselessAfterMs: null })
}

// A page of the history as days of a statement, each with what came in and went out on the whole of it: also where a page shows a part
// of a day only. A day that lies inside a page is the sum of its rows; for the two at the ends the ledger is asked.
import { type Movement, type MovementDay, writtenOf } from "../../../views/console/movement.tsx"
import { DAY_MS, dayOf, LIMITS, type Nano, nano } from "../../app/index.ts"
import type { DayMoved, HistoryRow, Owner, StatementQuery } from "../../ledger/index.ts"
import type { CreditsFilter } from "./credits-filter.ts"
import type { CreditsPageRows, Through } from "./credits-page.ts"
import type { ConsoleDeps } from "./site.ts"

type Deps = Pick<ConsoleDeps, "ledger" | "keys">

const queryOf = (filter: CreditsFilter, { client }: Through): StatementQuery => ({
  types: filter.kind?.types,
  clientId: client?.id,
  fromMs: filter.fromMs,
  toMs: filter.toMs,
})

/** @param movements those of `part.rows`, in their order: newest first */
export function daysOf(
  deps: Deps,
  owner: Owner,
  filter: CreditsFilter,
  through: Through,
  part: Pick<CreditsPageRows, "newerMs" | "olderMs">,
  movements: readonly Movement[],
): MovementDay[] {
  const days = [...Map.groupBy(movements, ({ atMs }) => dayOf(atMs))]
  const isDayOf = (ms: number | undefined, day: number) => ms !== undefined && dayOf(ms) === day
  return days.map(([day, own]) => {
    const isContinued = isDayOf(part.newerMs, day)
    const isWhole = !(isContinued || isDayOf(part.olderMs, day))
    const moved = isWhole ? sumOf(own) : movedOn(deps, owner, filter, through, day)
    return { dayMs: day * DAY_MS, isContinued, inAmount: moved.inNano, outAmount: moved.outNano, movements: own }
  })
}

/** Of a key its own sums are asked: a day costs the same however many calls it has. Calls forget their key by whole days. */
function movedOn({ ledger, keys }: Deps, owner: Owner, filter: CreditsFilter, through: Through, day: number): DayMoved {
  const { key } = through
  if (key === null) return ledger.movedOn(owner, "live", day, queryOf(filter, through))
  return { inNano: nano(0), outNano: keys.spentOn(key, day) }
}

function sumOf(movements: readonly Movement[]) {
  const sum = (sign: 1 | -1) => movements.reduce((total, { amount }) => total + Math.max(0, sign * amount), 0)
  return { inNano: nano(sum(1)), outNano: nano(sum(-1)) }
}

/**
 * What the first page of the whole history writes for its rows, by id: another page with the newest of them writes the same. A day that
 * goes on behind the page has no totals there to add up to.
 */
export function writtenFirst(rows: readonly HistoryRow[]): ReadonlyMap<string, Nano> {
  const beyond = rows[LIMITS.historyPageRows]
  const written = new Map<string, Nano>()
  for (const [day, own] of Map.groupBy(rows, ({ atMs }) => dayOf(atMs))) {
    if (beyond && day === dayOf(beyond.atMs)) continue
    const amounts = own.map(({ transactionId, amountNano }) => ({ id: transactionId, amount: amountNano }))
    for (const [id, amount] of writtenOf(amounts)) written.set(id, amount)
  }
  return written
}

/** Rows of the filter; `isMore`: at least so many. */
export function countOf(deps: Deps, owner: Owner, filter: CreditsFilter, through: Through) {
  const max = LIMITS.historyCountMax
  const query = { ...queryOf(filter, through), keyId: through.key?.id }
  const count = deps.ledger.countHistory(owner, "live", query, max)
  return { count, isMore: count === max }
}

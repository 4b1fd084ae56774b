// Runs: entries of one act by one actor that follow each other are one row of the list, so that noise does not hide the rest. Pure.
import type { AuditRow } from "../../audit/index.ts"

/** From so many on they are folded. */
const RUN_MIN = 3

export interface Folded {
  /** Each an entry alone, or a run, newest first. */
  groups: AuditRow[][]
  /** Where the next page begins; null when there is none. */
  beforeId: number | null
}

/**
 * @param rows newest first
 * @param more where older rows than these begin: all below this id; null = there are none
 * @param most groups of a page
 */
export function foldRuns(rows: readonly AuditRow[], more: number | null, most: number, isFolded = true): Folded {
  const groups: AuditRow[][] = []
  for (const run of isFolded ? runsOf(rows) : rows.map((row) => [row])) {
    if (run.length >= RUN_MIN) groups.push(run)
    else for (const row of run) groups.push([row])
  }
  const shown = groups.slice(0, most)
  const last = shown.at(-1)?.at(-1)
  const isCut = groups.length > most
  return { groups: shown, beforeId: isCut && last ? last.id : more }
}

function runsOf(rows: readonly AuditRow[]): AuditRow[][] {
  const runs: AuditRow[][] = []
  for (const row of rows) {
    const run = runs.at(-1)
    if (run && run[0]!.action === row.action && run[0]!.actor === row.actor) run.push(row)
    else runs.push([row])
  }
  return runs
}

// SQL of what leaves the packs: an erased person, and calls that are kept one by one no more.
import type { Tx } from "../store/index.ts"
import { chunkOf, People } from "./people.ts"
import { isIn, packed, Spending } from "./spend.ts"
import { CALLS_OF_APP } from "./store-packs.ts"
import { Gathered, type SetTable } from "./store-sets.ts"

/** Days whose runs are written anew in one step: a run may be a megabyte. */
const DAYS_OF_STEP = 16

/** What a person spent leaves the rankings, and of their calls neither kind nor failure nor time is told. @returns rows that were changed */
export function erasePacksIn(tx: Tx, userId: number, rows: number): number {
  const wallets = tx.all<{ id: number; mode: string }>(
    "SELECT account_id AS id, mode FROM v_ledger_accounts WHERE owner_kind = 'principal' AND owner_id = ? AND kind = 'wallet'",
    userId,
  )
  let changed = 0
  for (const { id, mode } of wallets) {
    if (mode === "live") changed += eraseSpendIn(tx, id)
    if (changed < rows) changed += eraseCallsIn(tx, id, rows - changed)
  }
  return changed
}

function eraseSpendIn(tx: Tx, account: number): number {
  const days = tx.all<{ day: number }>("SELECT DISTINCT day FROM v_charges WHERE account_id = ? ORDER BY day", account)
  let [changed, left] = [0, DAYS_OF_STEP]
  for (const { day } of days) {
    const runs = tx
      .all<{ id: number; bytes: Uint8Array; wide: Uint8Array }>(
        "SELECT id, bytes, wide FROM analytics_spend WHERE day = ?",
        day,
      )
      .filter((run) => isIn(run, account))
    for (const run of runs) changed += withoutIn(tx, run, account)
    if (runs.length > 0 && --left === 0) break
  }
  return changed
}

function withoutIn(tx: Tx, run: { id: number; bytes: Uint8Array; wide: Uint8Array }, account: number): number {
  const spending = new Spending()
  spending.addRun(run)
  const { spenders, bytes, wide } = packed(spending.all().filter((one) => one.account !== account))
  if (spenders === 0) return tx.run("DELETE FROM analytics_spend WHERE id = ?", run.id).changes
  return tx.run(
    "UPDATE analytics_spend SET spenders = ?, bytes = ?, wide = ? WHERE id = ?",
    spenders,
    bytes,
    wide,
    run.id,
  ).changes
}

interface SetRow {
  clientId: number
  chunk: number
  routeId: number
  failed: 0 | 1
  bits: Uint8Array
}
const TOLD = `SELECT client_id AS clientId, chunk, route_id AS routeId, failed, bits FROM analytics_app_calls`

function eraseCallsIn(tx: Tx, account: number, rows: number): number {
  const calls = tx.all<{ id: number; clientId: number; day: number }>(
    "SELECT id, client_id AS clientId, day FROM v_charges WHERE account_id = ? AND client_id IS NOT NULL",
    account,
  )
  const own = new Set(calls.map(({ id }) => id))
  let changed = 0
  for (const [, [one]] of Map.groupBy(calls, ({ clientId, day }) => `${clientId} ${day}`)) {
    const { clientId, day } = one!
    const slowest = tx.all<{ id: number }>(
      "SELECT charge_id AS id FROM analytics_app_slowest WHERE client_id = ? AND day = ?",
      clientId,
      day,
    )
    for (const { id } of slowest.filter((slow) => own.has(slow.id)))
      changed += tx.run(
        "DELETE FROM analytics_app_slowest WHERE client_id = ? AND day = ? AND charge_id = ?",
        clientId,
        day,
        id,
      ).changes
  }
  const moved = new Gathered()
  for (const [, part] of Map.groupBy(calls, ({ id, clientId }) => `${clientId} ${chunkOf(id)}`)) {
    if (changed >= rows) break
    const { clientId, id: first } = part[0]!
    const ids = part.map(({ id }) => id)
    for (const row of tx.all<SetRow>(
      `${TOLD} WHERE client_id = ? AND chunk = ? AND (route_id <> 0 OR failed = 1)`,
      clientId,
      chunkOf(first),
    ))
      changed += leaveIn(tx, row, ids, (id) => moved.add(CALLS_OF_APP, [clientId, 0, 0], id))
  }
  moved.writeIn(tx)
  return changed
}

/** @returns 1 where the row had any of them */
function leaveIn(tx: Tx, row: SetRow, ids: readonly number[], moved: (id: number) => void): number {
  const there = new People()
  there.addRow(row.chunk, row.bits)
  const known = new Set(there.numbers())
  const gone = ids.filter((id) => known.has(id))
  if (gone.length === 0) return 0
  for (const id of gone) moved(id)
  keepIn(tx, CALLS_OF_APP, row, there.without(gone))
  return 1
}

function keepIn(tx: Tx, table: SetTable, row: SetRow, rest: People): void {
  tx.run(
    "DELETE FROM analytics_app_calls WHERE client_id = ? AND chunk = ? AND route_id = ? AND failed = ?",
    row.clientId,
    row.chunk,
    row.routeId,
    row.failed,
  )
  const left = new Gathered()
  for (const id of rest.numbers()) left.add(table, [row.clientId, row.routeId, row.failed], id)
  left.writeIn(tx)
}

/** Calls before a charge and a day are kept one by one no more. @returns rows that were changed, at most so many and a few */
export function dropOldIn(tx: Tx, { belowId, beforeDay, rows }: { belowId: number; beforeDay: number; rows: number }) {
  const edge = chunkOf(belowId)
  let changed = tx.run(
    `DELETE FROM analytics_app_calls WHERE (client_id, chunk, route_id, failed) IN (
       SELECT client_id, chunk, route_id, failed FROM analytics_app_calls WHERE chunk < ? LIMIT ?)`,
    edge,
    rows,
  ).changes
  changed += tx.run(
    `DELETE FROM analytics_app_slowest WHERE (client_id, day, latency_ms, charge_id) IN (
       SELECT client_id, day, latency_ms, charge_id FROM analytics_app_slowest WHERE day < ? LIMIT ?)`,
    beforeDay,
    rows,
  ).changes
  if (changed >= rows) return changed
  for (const row of tx.all<SetRow>(`${TOLD} WHERE chunk = ?`, edge)) {
    const there = new People()
    there.addRow(row.chunk, row.bits)
    const gone = [...there.numbers()].filter((id) => id < belowId)
    if (gone.length > 0) keepIn(tx, CALLS_OF_APP, row, there.without(gone))
  }
  return changed
}

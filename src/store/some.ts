// Some rows at a time: deletions that may be long are done slice by slice, so that other writes come between.
import type { SqlValue, Tx } from "./types.ts"

/** @param where with `?` for each parameter; the table has a rowid. @returns how many rows went */
export const deleteSome = (tx: Tx, table: string, where: string, params: readonly SqlValue[], rows: number): number =>
  tx.run(`DELETE FROM ${table} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${where} LIMIT ?)`, ...params, rows)
    .changes

/** The same for a change: it has to take its rows out of `where`, or it would be done again for ever. */
export const updateSome = (
  tx: Tx,
  table: string,
  set: string,
  where: string,
  params: readonly SqlValue[],
  rows: number,
): number =>
  tx.run(
    `UPDATE ${table} SET ${set} WHERE rowid IN (SELECT rowid FROM ${table} WHERE ${where} LIMIT ?)`,
    ...params,
    rows,
  ).changes

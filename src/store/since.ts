// Finding a moment in a table whose ids grow with time, without an index on time.
import type { Reader } from "./types.ts"

/**
 * Id from which on rows are at `ms` or later; `lastId + 1` when none is. About 20 reads by key for a million rows.
 * @param probe one statement with one `?`: `SELECT at_ms AS atMs FROM t WHERE id >= ? ORDER BY id LIMIT 1`
 */
export function firstIdSince(reader: Reader, probe: string, lastId: number, ms: number): number {
  let low = 1
  let high = lastId + 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = reader.get<{ atMs: number }>(probe, middle)
    if (row === null || row.atMs >= ms) high = middle
    else low = middle + 1
  }
  return low
}

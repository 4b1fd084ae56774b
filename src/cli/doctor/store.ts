// SQL of the doctor: the few facts that tell whether a house can work, from a file that no server may have open.
import { DAY_MS } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"

export interface HouseFacts {
  admins: number
  /** That are on. */
  upstreams: number
  failing: string[]
  /** Models that calls of the last week were refused for. */
  unpriced: string[]
  lastProof: { ok: boolean; startedMs: number } | null
  failingJobs: string[]
  deadLetters: number
}

const NAMES_MAX = 5
const UNPRICED_DAYS = 7

export function factsOf(reader: Reader, nowMs: number): HouseFacts {
  const count = (sql: string): number => reader.get<{ n: number }>(sql)!.n
  const names = (sql: string, ...params: number[]): string[] =>
    reader.all<{ name: string }>(`${sql} LIMIT ${NAMES_MAX}`, ...params).map(({ name }) => name)
  const proof = reader.get<{ ok: number; startedMs: number }>(
    "SELECT ok, started_ms AS startedMs FROM book_runs ORDER BY id DESC LIMIT 1",
  )
  return {
    admins: count("SELECT COUNT(*) AS n FROM users WHERE is_admin = 1 AND status = 'active'"),
    upstreams: count("SELECT COUNT(*) AS n FROM upstreams WHERE enabled = 1"),
    failing: names("SELECT name FROM upstreams WHERE enabled = 1 AND test_ok = 0 ORDER BY id"),
    unpriced: names(
      "SELECT model AS name FROM v_usage_unpriced WHERE day >= ? GROUP BY model ORDER BY SUM(calls) DESC",
      Math.floor(nowMs / DAY_MS) - UNPRICED_DAYS,
    ),
    lastProof: proof && { ok: proof.ok === 1, startedMs: proof.startedMs },
    failingJobs: names("SELECT name FROM jobs WHERE last_error IS NOT NULL ORDER BY name"),
    deadLetters: count("SELECT COUNT(*) AS n FROM outbox WHERE state = 'dead' AND state <> 'waiting'"),
  }
}

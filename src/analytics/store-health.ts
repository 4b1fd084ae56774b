// SQL of how an app is: what failed, what could not be charged, how long answered calls took and which took longest. From packs and the
// charges that are in none yet, in one moment, in the read Worker; what it costs grows with days and kinds, not with people or calls.
import { DAY_MS, nano } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { CHARGED, ROUTE, type Row, toCall } from "./call-rows.ts"
import { CHARGES_OF_APP } from "./store-old-calls.ts"
import { ANSWERED, FAILED, idSince, packedAfter, SLOWEST, TIME_BOUNDS_MS, TIME_CLASS, UNPAID } from "./store-packs.ts"
import { Sets } from "./store-people.ts"
import type { Health, HealthQuery } from "./types-calls.ts"

const KINDS_MAX = 50

/** Calls that were refused for want of credits, or by a limit on what may be spent. */
const UNPAID_REFUSALS: readonly string[] = [
  "insufficient_credits",
  "credits_on_hold",
  "app_daily_limit_exceeded",
  "spend_limit_exceeded",
  "free_budget_spent",
]

type Kind = "failed" | "unpaid" | "time"

interface Sum {
  kind: Kind
  code: string
  calls: number
  missing: number
}

interface Found {
  sums: Sum[]
  people(kind: Kind, code: string): number
  slow: Row[]
}

/** What a charge `c` is in each of the kinds. */
const KINDS = [
  { kind: "failed", code: "c.error_code", missing: "0", only: FAILED },
  { kind: "unpaid", code: "''", missing: "c.charge_nano - c.collected_nano", only: UNPAID },
  { kind: "time", code: TIME_CLASS, missing: "0", only: ANSWERED },
] as const
/** ?1 app, ?2 and ?3 first and last day. */
const WAITING =
  "FROM v_charges c WHERE c.id > (SELECT through FROM analytics_fold) AND c.client_id = ?1 AND c.day BETWEEN ?2 AND ?3"

function packedHealth(reader: Reader, asked: readonly [number, number, number]): Found {
  const sums = reader.all<Sum>(
    `SELECT kind, code, SUM(calls) AS calls, SUM(missing_nano) AS missing FROM (
       SELECT kind, code, calls, missing_nano FROM analytics_app_health WHERE client_id = ?1 AND day BETWEEN ?2 AND ?3
       ${KINDS.map(({ kind, code, missing, only }) => `UNION ALL SELECT '${kind}', ${code}, 1, ${missing} ${WAITING} AND ${only}`).join(" ")}
     ) GROUP BY 1, 2`,
    ...asked,
  )
  const sets = new Sets<string>()
  for (const { kind, code, chunk, bits } of reader.all<{ kind: Kind; code: string; chunk: number; bits: Uint8Array }>(
    `SELECT kind, code, chunk, bits FROM analytics_health_people WHERE client_id = ?1 AND day BETWEEN ?2 AND ?3`,
    ...asked,
  ))
    sets.of(`${kind} ${code}`).addRow(chunk, bits)
  for (const { kind, code, only } of KINDS.slice(0, 2))
    for (const row of reader.all<{ code: string; userId: number }>(
      `SELECT DISTINCT ${code} AS code, c.caller_id AS userId ${WAITING} AND ${only}`,
      ...asked,
    ))
      sets.of(`${kind} ${row.code}`).add(row.userId)
  const slow = reader.all<Row>(
    `SELECT ${CHARGED} FROM (
       SELECT charge_id FROM analytics_app_slowest WHERE client_id = ?1 AND day BETWEEN ?2 AND ?3
       UNION ALL SELECT c.id ${WAITING} AND ${ANSWERED} AND c.latency_ms > 0) s
     CROSS JOIN v_charges c ON c.id = s.charge_id ${ROUTE} ORDER BY c.latency_ms DESC, c.id DESC LIMIT ${SLOWEST}`,
    ...asked,
  )
  return { sums, people: (kind, code) => sets.size(`${kind} ${code}`), slow }
}

/** Person by person, where packs do not reach so far back yet. */
function unpackedHealth(reader: Reader, asked: readonly [number, number, number]): Found {
  const ids = [idSince(reader, asked[1] * DAY_MS), idSince(reader, (asked[2] + 1) * DAY_MS)] as const
  const sums = KINDS.flatMap(({ kind, code, missing, only }) =>
    reader.all<Sum & { people: number }>(
      `SELECT '${kind}' AS kind, ${code} AS code, COUNT(*) AS calls, SUM(${missing}) AS missing,
         COUNT(DISTINCT c.caller_id) AS people FROM ${CHARGES_OF_APP} WHERE ${only} GROUP BY 2`,
      ...asked,
      ...ids,
    ),
  )
  const slow = reader.all<Row>(
    `SELECT ${CHARGED} FROM ${CHARGES_OF_APP} ${ROUTE} WHERE ${ANSWERED} AND c.latency_ms > 0
     ORDER BY c.latency_ms DESC, c.id DESC LIMIT ${SLOWEST}`,
    ...asked,
    ...ids,
  )
  const people = new Map(sums.map((one) => [`${one.kind} ${one.code}`, one.people]))
  return { sums, people: (kind, code) => people.get(`${kind} ${code}`) ?? 0, slow }
}

export function healthOf(reader: Reader, { clientId, span }: HealthQuery): Health {
  const asked = [clientId, span.from, span.to] as const
  const isPacked = idSince(reader, span.from * DAY_MS) > packedAfter(reader)
  const { sums, people, slow } = isPacked ? packedHealth(reader, asked) : unpackedHealth(reader, asked)
  const of = (wanted: Kind) => sums.filter(({ kind }) => kind === wanted)
  const refused = reader
    .all<{ code: string; calls: number; people: number }>(
      `SELECT error_code AS code, SUM(calls) AS calls, COUNT(DISTINCT user_id) AS people
       FROM refused_days WHERE client_id = ? AND day BETWEEN ? AND ? GROUP BY 1`,
      ...asked,
    )
    .map((row) => ({ ...row, refused: 1 as const }))
  const failed = of("failed").map(({ code, calls }) => ({
    code,
    refused: 0 as const,
    calls,
    people: people("failed", code),
  }))
  const unpaid = of("unpaid").map(({ calls, missing }) => ({
    code: "",
    refused: 0 as const,
    calls,
    people: people("unpaid", ""),
    missingNano: nano(missing),
  }))
  const times = new Map(of("time").map(({ code, calls }) => [code, calls]))
  const most = (a: { calls: number; code: string }, b: { calls: number; code: string }): number =>
    b.calls - a.calls || (a.code < b.code ? -1 : 1)
  return {
    errors: [...failed, ...refused].sort(most).slice(0, KINDS_MAX),
    unpaid: [
      ...unpaid,
      ...refused.filter(({ code }) => UNPAID_REFUSALS.includes(code)).map((row) => ({ ...row, missingNano: nano(0) })),
    ].sort(most),
    times: [...TIME_BOUNDS_MS, null].map((withinMs) => ({ withinMs, calls: times.get(String(withinMs ?? "")) ?? 0 })),
    slow: slow.map(toCall),
  }
}

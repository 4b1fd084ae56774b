// SQL of the whole house: its days and hours from the sums, who called from the sets. In one moment of the database, in the read Worker; what
// it costs grows with days and kinds of calls, not with people or calls.
import { dayOf, HOUR_MS, nano } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { spanBefore } from "./rules.ts"
import { payerOf, WITH_PAYERS } from "./store-payer.ts"
import { callersOf, newcomersOf } from "./store-people.ts"
import type { Span } from "./types.ts"
import type { HouseDay, HouseFigures, HouseNow, HousePart, HouseParts, HouseQuery, HouseReport } from "./types-house.ts"
import type { Payer } from "./types-person.ts"

type Raw = { [Key in keyof HouseFigures]: number }

const SUMS = `SUM(calls) AS calls, SUM(CASE WHEN error_code <> '' THEN calls ELSE 0 END) AS errors, SUM(input_tokens) AS inputTokens,
  SUM(output_tokens) AS outputTokens, SUM(latency_ms) AS latencyMs, SUM(first_tokens) AS firstTokens,
  SUM(first_token_ms) AS firstTokenMs, SUM(collected_nano) AS collectedNano, SUM(upstream_nano) AS upstreamNano,
  SUM(earned_nano) AS earnedNano`

const NOTHING: Raw = {
  calls: 0,
  errors: 0,
  refused: 0,
  activeUsers: 0,
  newUsers: 0,
  inputTokens: 0,
  outputTokens: 0,
  latencyMs: 0,
  firstTokens: 0,
  firstTokenMs: 0,
  collectedNano: 0,
  upstreamNano: 0,
  earnedNano: 0,
}

function sumOf(rows: Iterable<Raw>): Raw {
  const sum = { ...NOTHING }
  for (const row of rows) for (const name of Object.keys(sum) as (keyof Raw)[]) sum[name] += row[name]
  return sum
}

const told = <Row extends Raw>(row: Row) => ({
  ...row,
  collectedNano: nano(row.collectedNano),
  upstreamNano: nano(row.upstreamNano),
  earnedNano: nano(row.earnedNano),
})

/** All days of the span, with nobody in them yet. */
function daysOf(reader: Reader, { from, to }: Span): Map<number, Raw> {
  const days = new Map(Array.from({ length: to - from + 1 }, (_, at) => [from + at, { ...NOTHING }]))
  for (const { day, ...sums } of reader.all<Raw & { day: number }>(
    `SELECT day, ${SUMS} FROM v_house_calls WHERE mode = 'live' AND day BETWEEN ? AND ? GROUP BY day`,
    from,
    to,
  )) {
    Object.assign(days.get(day)!, sums)
  }
  for (const { day, refused } of reader.all<{ day: number; refused: number }>(
    `SELECT day, SUM(calls) AS refused FROM refused_days WHERE mode = 'live' AND day BETWEEN ? AND ? GROUP BY day`,
    from,
    to,
  )) {
    days.get(day)!.refused = refused
  }
  for (const [day, people] of newcomersOf(reader, { from, to })) days.get(day)!.newUsers = people
  return days
}

const PEOPLE = "SELECT COALESCE(SUM(people), 0) AS n FROM v_identity_user_counts WHERE test = 0"

/** Totals with the days before, and each day. */
export function houseReport(reader: Reader, { span }: HouseQuery): HouseReport {
  const earlier = spanBefore(span)
  const all = daysOf(reader, { from: earlier.from, to: span.to })
  const { all: now, onDay } = callersOf(reader, null, span)
  const before = callersOf(reader, null, earlier).all
  const shown = [...all].filter(([day]) => day >= span.from)
  const free = new Map(
    reader
      .all<{ day: number; granted: number; budget: number }>(
        `SELECT day, granted_nano AS granted, budget_nano AS budget FROM v_ledger_free_budget
         WHERE mode = 'live' AND day BETWEEN ? AND ?`,
        span.from,
        span.to,
      )
      .map((row) => [row.day, row]),
  )
  const days: HouseDay[] = shown.map(([day, figures]) => ({
    day,
    ...told(figures),
    activeUsers: onDay.get(day) ?? 0,
    freeNano: nano(free.get(day)?.granted ?? 0),
    freeBudgetNano: nano(free.get(day)?.budget ?? 0),
  }))
  const past = [...all].filter(([day]) => day < span.from).map(([, figures]) => figures)
  return {
    totals: { ...told(sumOf(shown.map(([, figures]) => figures))), activeUsers: now.size },
    before: { ...told(sumOf(past)), activeUsers: before.size },
    churned: before.size - before.common(now),
    days,
  }
}

const partOf = (row: Raw & { key: string | number }): HousePart => {
  const { refused: _, activeUsers: __, newUsers: ___, ...figures } = told(row)
  return figures
}

const ROWS_MAX = 200

/** Calls of one route that ended alike. */
type Cell = Raw & { model: string; upstream: number; payer: Payer; code: string }

/** Read once for all parts: what waits to be summed is read again by every statement, most of it while calls are many. */
const cellsOf = (reader: Reader, { from, to }: Span): Cell[] =>
  reader.all<Cell>(
    `${WITH_PAYERS} SELECT h.*, COALESCE(r.requested, '') AS model, COALESCE(r.upstream_id, 0) AS upstream, ${payerOf("h").key} AS payer
     FROM (
       SELECT route_id, error_code AS code, ${SUMS}, 0 AS refused, 0 AS activeUsers, 0 AS newUsers FROM v_house_calls
       WHERE mode = 'live' AND day BETWEEN ? AND ? GROUP BY 1, 2) h
     LEFT JOIN usage_routes r ON r.id = h.route_id ${payerOf("h").join}`,
    from,
    to,
  )

const partsBy = (cells: readonly Cell[], keyOf: (cell: Cell) => string | number): HousePart[] =>
  [...Map.groupBy(cells, keyOf)]
    .map(([key, own]) => partOf({ key, ...sumOf(own) }))
    .sort((a, b) => b.collectedNano - a.collectedNano || b.calls - a.calls || (a.key < b.key ? -1 : 1))
    .slice(0, ROWS_MAX)

/** Models, upstreams, what failed and was refused, and when people call. */
export function houseParts(reader: Reader, { span }: HouseQuery): HouseParts {
  const { from, to } = span
  const cells = cellsOf(reader, span)
  const failed = [...Map.groupBy(cells, ({ code }) => code)]
    .filter(([code]) => code !== "")
    .map(([code, own]) => ({ code, refused: 0 as const, calls: sumOf(own).calls }))
  const refused = reader.all<HouseParts["errors"][number]>(
    `SELECT error_code AS code, 1 AS refused, SUM(calls) AS calls FROM refused_days
     WHERE mode = 'live' AND day BETWEEN ? AND ? GROUP BY 1`,
    from,
    to,
  )
  const hours = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0))
  for (const { weekday, hour, calls } of reader.all<{ weekday: number; hour: number; calls: number }>(
    // 1 January 1970 was a Thursday.
    `SELECT (hour / 24 + 3) % 7 AS weekday, hour % 24 AS hour, SUM(calls) AS calls FROM v_house_hours
     WHERE mode = 'live' AND hour BETWEEN ? AND ? GROUP BY 1, 2`,
    from * 24,
    to * 24 + 23,
  )) {
    hours[weekday]![hour] = calls
  }
  return {
    models: partsBy(cells, ({ model }) => model),
    upstreams: partsBy(cells, ({ upstream }) => upstream),
    payers: partsBy(cells, ({ payer }) => payer),
    errors: [...failed, ...refused].sort((a, b) => b.calls - a.calls || (a.code < b.code ? -1 : 1)),
    hours,
  }
}

const MONTH_DAYS = 30
const count = (reader: Reader, sql: string): number => reader.get<{ n: number }>(sql)!.n

/** How it stands at this moment. */
export function houseNow(reader: Reader, { nowMs }: Pick<HouseQuery, "nowMs">): HouseNow {
  const today = dayOf(nowMs)
  const hour = Math.floor(nowMs / HOUR_MS)
  const month = callersOf(reader, null, { from: today - MONTH_DAYS + 1, to: today })
  const last = reader.get<{ calls: number; errors: number; collected: number; revenue: number }>(
    `SELECT COALESCE(SUM(calls), 0) AS calls, COALESCE(SUM(errors), 0) AS errors, COALESCE(SUM(collected_nano), 0) AS collected,
       COALESCE(SUM(collected_nano - upstream_nano - earned_nano), 0) AS revenue
     FROM v_house_hours WHERE mode = 'live' AND hour BETWEEN ? AND ?`,
    hour - 23,
    hour,
  )!
  const owed = new Map(
    reader
      .all<{ kind: string; amount: number }>(
        `SELECT a.kind, SUM(CAST(a.balance_nano AS INTEGER)) AS amount FROM v_developer_developers d
         CROSS JOIN v_ledger_accounts a ON a.owner_kind = 'principal' AND a.owner_id = d.user_id AND a.mode = 'live'
         WHERE a.kind IN ('pending', 'payable') GROUP BY a.kind`,
      )
      .map(({ kind, amount }) => [kind, amount]),
  )
  const free = reader.get<{ granted: number }>(
    "SELECT granted_nano AS granted FROM v_ledger_free_budget WHERE mode = 'live' AND day = ?",
    today,
  )
  return {
    // By what is counted fast: everybody, less the few.
    users: count(reader, PEOPLE),
    developers: count(reader, "SELECT COUNT(*) AS n FROM v_developer_developers"),
    apps: count(reader, "SELECT COUNT(*) AS n FROM v_oauth_clients WHERE type <> 'first-party' AND mode = 'live'"),
    firstUserMs:
      reader.get<{ ms: number }>("SELECT created_ms AS ms FROM v_identity_users ORDER BY id LIMIT 1")?.ms ?? 0,
    activeToday: month.onDay.get(today) ?? 0,
    activeMonth: month.all.size,
    lastDay: {
      calls: last.calls,
      errors: last.errors,
      collectedNano: nano(last.collected),
      revenueNano: nano(last.revenue),
    },
    pendingNano: nano(owed.get("pending") ?? 0),
    payableNano: nano(owed.get("payable") ?? 0),
    freeNano: nano(free?.granted ?? 0),
  }
}

// SQL of what one person or team used: folded days of their wallet, charges that are not folded yet, what was refused, and what their keys did.
// A few thousand rows at most, which are parted in memory: one read tells all of a page. Runs in the read Worker, in one moment.
import { nano } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { spanBefore } from "./rules.ts"
import { PAYER } from "./store-payer.ts"
import type {
  Payer,
  PersonCache,
  PersonCut,
  PersonFigures,
  PersonQuery,
  PersonReport,
  PersonRow,
} from "./types-person.ts"

/** What a person did of one kind on one day. */
interface Cell extends Omit<PersonFigures, "usedNano"> {
  day: number
  clientId: number
  /** Null: of days of the wallet, which do not tell keys apart. */
  keyId: number | null
  /** Who called: of a wallet that several people share, one of them. */
  memberId: number
  scope: string
  endpoint: string
  model: string
  payer: Payer
  /** Of an answer out of the cache: which part of the first one's charge it cost, in basis points. */
  cachedBp: number | null
  usedNano: number
}

const NAMES = `COALESCE(r.endpoint, '') AS endpoint, COALESCE(r.requested, '') AS model, ${PAYER} AS payer,
  p.snapshot ->> '$.cached' AS cachedBp`
const ROUTE = "LEFT JOIN usage_routes r ON r.id = x.route_id LEFT JOIN usage_prices p ON p.id = r.prices_id"
const BP_WHOLE = 10_000
/** One seek a day, since days come first in the key; `?2` and `?3`: first and last. */
const EACH_DAY = "WITH RECURSIVE day (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM day WHERE n < ?3)"

/** Who called with keys that this wallet pays. A person's own keys for a team are none of theirs here, nor the other way round. */
const KEYS = "SELECT key_id FROM v_key_payers WHERE payer_id = ?1"
const CALLERS = "SELECT ?1 AS id UNION SELECT user_id FROM v_key_payers WHERE payer_id = ?1"

/** The wallet of the mode; null before there is one. */
const walletOf = (reader: Reader, { userId, mode }: PersonQuery): number | null =>
  reader.get<{ id: number }>(
    `SELECT account_id AS id FROM v_ledger_accounts
     WHERE owner_kind = 'principal' AND owner_id = ? AND mode = ? AND kind = 'wallet'`,
    userId,
    mode,
  )?.id ?? null

const ofWallet = (reader: Reader, accountId: number, from: number, to: number): Cell[] =>
  reader.all<Cell>(
    `${EACH_DAY}
     SELECT day, client_id AS clientId, NULL AS keyId, caller_id AS memberId, scope, ${NAMES}, SUM(calls) AS calls, SUM(errors) AS errors, 0 AS refused,
       SUM(input_tokens) AS inputTokens, SUM(output_tokens) AS outputTokens, SUM(collected_nano) AS usedNano
     FROM (
       SELECT d.day, d.client_id, d.caller_id, d.scope, d.route_id, d.calls, d.errors, d.input_tokens, d.output_tokens, d.collected_nano
       FROM day CROSS JOIN v_charge_days d ON d.day = day.n AND d.account_id = ?1
       UNION ALL
       SELECT c.day, COALESCE(c.client_id, 0), c.caller_id, c.scope, COALESCE(c.route_id, 0), 1, c.errors, c.input_tokens,
         c.output_tokens, c.collected_nano
       FROM v_charges c WHERE c.id > (SELECT through FROM v_charge_fold) AND c.account_id = ?1 AND c.day BETWEEN ?2 AND ?3) x
     ${ROUTE} GROUP BY day, client_id, caller_id, scope, x.route_id`,
    accountId,
    from,
    to,
  )

const ofKeys = (reader: Reader, { userId, mode }: PersonQuery, from: number, to: number): Cell[] =>
  reader.all<Cell>(
    `SELECT day, 0 AS clientId, key_id AS keyId, user_id AS memberId, scope, ${NAMES}, SUM(calls) AS calls, SUM(errors) AS errors, 0 AS refused,
       SUM(input_tokens) AS inputTokens, SUM(output_tokens) AS outputTokens, SUM(collected_nano) AS usedNano
     FROM (
       SELECT day, key_id, user_id, scope, route_id, calls, errors, input_tokens, output_tokens, collected_nano
       FROM analytics_key_days WHERE user_id IN (${CALLERS}) AND mode = ?4 AND day BETWEEN ?2 AND ?3 AND key_id IN (${KEYS})
       UNION ALL
       SELECT c.day, c.key_id, c.caller_id, c.scope, COALESCE(c.route_id, 0), 1, c.errors, c.input_tokens, c.output_tokens,
         c.collected_nano
       FROM v_charges c WHERE c.id > (SELECT through FROM analytics_fold) AND c.caller_id IN (${CALLERS}) AND c.mode = ?4
         AND c.key_id IN (${KEYS}) AND c.day BETWEEN ?2 AND ?3) x
     ${ROUTE} GROUP BY day, key_id, user_id, scope, x.route_id`,
    userId,
    from,
    to,
    mode,
  )

const ofRefused = (reader: Reader, { userId, mode }: PersonQuery, from: number, to: number): Cell[] =>
  reader.all<Cell>(
    `${EACH_DAY}
     SELECT r.day, r.client_id AS clientId, r.key_id AS keyId, r.user_id AS memberId, r.scope, r.endpoint,
       r.model, '' AS payer, NULL AS cachedBp, 0 AS calls, 0 AS errors,
       SUM(r.calls) AS refused, 0 AS inputTokens, 0 AS outputTokens, 0 AS usedNano
     FROM day CROSS JOIN refused_days r ON r.day = day.n AND r.user_id IN (${CALLERS})
     WHERE r.mode = ?4 AND (r.key_id IN (${KEYS}) OR r.key_id = 0 AND r.user_id = ?1)
     GROUP BY r.day, r.client_id, r.key_id, r.user_id, r.scope, r.endpoint, r.model`,
    userId,
    from,
    to,
    mode,
  )

function sumOf(cells: readonly Cell[]): PersonFigures {
  const sum = { calls: 0, errors: 0, refused: 0, inputTokens: 0, outputTokens: 0, usedNano: 0 }
  for (const cell of cells) {
    sum.calls += cell.calls
    sum.errors += cell.errors
    sum.refused += cell.refused
    sum.inputTokens += cell.inputTokens
    sum.outputTokens += cell.outputTokens
    sum.usedNano += cell.usedNano
  }
  return { ...sum, usedNano: nano(sum.usedNano) }
}

/** An answer out of the cache costs a part of what the first one did: the rest is saved. */
function cacheOf(cells: readonly Cell[]): PersonCache {
  const cached = cells.filter(({ cachedBp, calls }) => cachedBp !== null && calls > 0)
  const saved = cached.map(({ cachedBp, usedNano }) => (cachedBp ? (usedNano * (BP_WHOLE - cachedBp)) / cachedBp : 0))
  return {
    calls: cached.reduce((sum, { calls }) => sum + calls, 0),
    savedNano: nano(Math.round(saved.reduce((sum, one) => sum + one, 0))),
    isLeast: cached.some(({ usedNano }) => usedNano === 0),
  }
}

/** Calls with a key are told by the days of keys; what else went through no app, by what the wallet has beside them. */
function byKey(cells: readonly Cell[], keys: readonly Cell[]): PersonRow[] {
  const named = [...keys, ...cells.filter(({ keyId }) => keyId !== null && keyId > 0)]
  const rows = rowsOf(named, (cell) => cell.keyId ?? 0)
  const all = sumOf(cells.filter(({ clientId }) => clientId === 0))
  const rest = { ...all }
  for (const row of rows) {
    rest.calls -= row.calls
    rest.errors -= row.errors
    rest.refused -= row.refused
    rest.inputTokens -= row.inputTokens
    rest.outputTokens -= row.outputTokens
    rest.usedNano = nano(rest.usedNano - row.usedNano)
  }
  return rest.calls + rest.refused > 0 ? [...rows, { key: 0, ...rest }] : rows
}

const rowsOf = (cells: readonly Cell[], keyOf: (cell: Cell) => string | number): PersonRow[] =>
  [...Map.groupBy(cells, keyOf)]
    .map(([key, own]) => ({ key, ...sumOf(own) }))
    .sort((a, b) => b.usedNano - a.usedNano || b.calls - a.calls || (a.key < b.key ? -1 : 1))

export function personReport(reader: Reader, query: PersonQuery): PersonReport {
  const { span, filter } = query
  const { from } = spanBefore(span)
  const isAsked = (cell: Cell): boolean =>
    (filter.clientId === undefined || cell.clientId === filter.clientId) &&
    (filter.keyId === undefined || cell.keyId === filter.keyId) &&
    (filter.model === undefined || cell.model === filter.model)
  const wallet = walletOf(reader, query)
  const keys = ofKeys(reader, query, from, span.to).filter(isAsked)
  const charged = wallet === null || filter.keyId !== undefined ? keys : ofWallet(reader, wallet, from, span.to)
  const cells = [...charged, ...ofRefused(reader, query, from, span.to)].filter(isAsked)
  const shown = cells.filter(({ day }) => day >= span.from)
  const cut = (keyOf: (cell: Cell) => string | number) => rowsOf(shown, keyOf)
  const rows: Record<PersonCut, PersonRow[]> = {
    day: daysOf(query, shown),
    app: cut((cell) => cell.clientId),
    model: cut((cell) => cell.model),
    endpoint: cut((cell) => cell.endpoint),
    scope: cut((cell) => cell.scope),
    payer: cut((cell) => cell.payer),
    key: byKeyShown(shown, keys, query),
    member: cut((cell) => cell.memberId),
  }
  return {
    totals: sumOf(shown),
    cache: cacheOf(shown),
    before: sumOf(cells.filter(({ day }) => day < span.from)),
    rows,
  }
}

/** With a filter of a key the cells are those of keys already. */
const byKeyShown = (shown: readonly Cell[], keys: readonly Cell[], { span, filter }: PersonQuery): PersonRow[] =>
  filter.keyId === undefined
    ? byKey(
        shown,
        keys.filter(({ day }) => day >= span.from),
      )
    : rowsOf(shown, (cell) => cell.keyId ?? 0)

function daysOf({ span }: PersonQuery, cells: readonly Cell[]): PersonRow[] {
  const byDay = Map.groupBy(cells, ({ day }) => day)
  return Array.from({ length: span.to - span.from + 1 }, (_, at) => {
    const key = span.from + at
    return { key, ...sumOf(byDay.get(key) ?? []) }
  })
}

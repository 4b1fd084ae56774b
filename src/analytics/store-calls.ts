// SQL of the calls of one app, newest first: which they are is packed by kind and failure, so a page reads its own rows and few others,
// however many people called and however quiet the app is among the others. In the read Worker.
import { DAY_MS, dayOf } from "../app/index.ts"
import type { Reader, SqlValue } from "../store/index.ts"
import { CHARGED, narrowed, newestFirst, ONLY, REFUSED, ROUTE, type Row, toCall } from "./call-rows.ts"
import { CHUNK_PEOPLE, chunkOf, People } from "./people.ts"
import { unpackedCalls } from "./store-old-calls.ts"
import { idSince, packedAfter } from "./store-packs.ts"
import { refusedIn } from "./store-refused.ts"
import type { AppCall, CallsPage, CallsQuery } from "./types-calls.ts"

/** Rows of the books that are read at once: some more than a page. */
const BATCH = 128

export function callsOfApp(reader: Reader, query: CallsQuery): CallsPage {
  const { limit, span } = query
  const isPacked = idSince(reader, span.from * DAY_MS) > packedAfter(reader)
  const found = isPacked ? packedCalls(reader, query) : unpackedCalls(reader, query)
  const calls = found.slice(0, limit).map(toCall)
  const last = calls.at(-1)
  return { calls, next: last && found.length > limit ? { atMs: last.atMs, requestId: last.requestId } : null }
}

function packedCalls(reader: Reader, query: CallsQuery): Row[] {
  const { span, before, limit } = query
  const to = before === null ? span.to : Math.min(span.to, dayOf(before.atMs))
  const charged = ONLY[query.only].charged === null ? [] : chargedCalls(reader, query, to)
  // What was refused since the last of them stands among them.
  const from = charged.length > limit ? dayOf(charged.at(-1)!.atMs) : span.from
  return [...charged, ...refusedIn(reader, query, { from, to })].sort(newestFirst)
}

/** A page and one more, those of one moment with the last of them included: calls of one moment stand by their names, not by their places. */
function chargedCalls(reader: Reader, query: CallsQuery, to: number): Row[] {
  const { span, before, limit } = query
  const first = idSince(reader, span.from * DAY_MS)
  const end = idSince(reader, Math.min((to + 1) * DAY_MS, before === null ? Number.MAX_SAFE_INTEGER : before.atMs + 1))
  const found: Row[] = []
  let batch: number[] = []
  const isFull = (): boolean => {
    if (batch.length === 0) return false
    const rows = rowsOf(reader, query, batch)
    batch = []
    found.push(...rows)
    const oldest = rows.at(-1)
    return found.length > limit && oldest !== undefined && oldest.atMs < found[limit]!.atMs
  }
  for (const id of idsOf(reader, query, first, end)) {
    batch.push(id)
    if (batch.length === BATCH && isFull()) return found.sort(newestFirst)
  }
  isFull()
  return found.sort(newestFirst)
}

function rowsOf(reader: Reader, query: CallsQuery, ids: readonly number[]): Row[] {
  const { conditions, params } = narrowed(query, "c.call_id", "r.requested", 2)
  return reader.all<Row>(
    `SELECT ${CHARGED} FROM v_charges c ${ROUTE} WHERE c.id IN (SELECT value FROM json_each(?1))
       AND ${ONLY[query.only].charged} AND ${conditions} ORDER BY c.id DESC`,
    JSON.stringify(ids),
    ...params,
  )
}

/** Which calls may be asked for, the newest first: those that are not packed yet, then chunk by chunk. */
function* idsOf(reader: Reader, { clientId, only, model }: CallsQuery, first: number, end: number): Iterable<number> {
  for (const { id } of reader.all<{ id: number }>(
    `SELECT id FROM v_charges WHERE id > (SELECT through FROM analytics_fold) AND client_id = ? AND id >= ? AND id < ?
     ORDER BY id DESC`,
    clientId,
    first,
    end,
  ))
    yield id
  const failed = only === "all" ? "TRUE" : `k.failed = ${only === "failed" ? 1 : 0}`
  const named = model === undefined ? "TRUE" : "k.route_id IN (SELECT id FROM usage_routes WHERE requested = ?4)"
  const params: SqlValue[] = model === undefined ? [] : [model]
  const [lowest, highest] = [chunkOf(first), chunkOf(end - 1)]
  for (let chunk = highest; ; chunk--) {
    const rows = reader.all<{ chunk: number; bits: Uint8Array }>(
      `SELECT k.chunk, k.bits FROM analytics_app_calls k WHERE k.client_id = ?1 AND ${failed} AND ${named} AND k.chunk = (
         SELECT k.chunk FROM analytics_app_calls k WHERE k.client_id = ?1 AND k.chunk BETWEEN ?2 AND ?3 AND ${failed} AND ${named}
         ORDER BY k.chunk DESC LIMIT 1)`,
      clientId,
      lowest,
      chunk,
      ...params,
    )
    if (rows.length === 0) return
    chunk = rows[0]!.chunk
    const calls = new People()
    for (const row of rows) calls.addRow(row.chunk, row.bits)
    for (const id of [...calls.numbers()].reverse()) if (id >= first && id < end) yield id
    if (chunk * CHUNK_PEOPLE <= first) return
  }
}

/** A call of another app is not there. */
export function callOfApp(reader: Reader, clientId: number, requestId: string): AppCall | null {
  const row =
    reader.get<Row>(
      `SELECT ${CHARGED} FROM v_charges c ${ROUTE} WHERE c.call_id = ? AND c.client_id = ?`,
      requestId,
      clientId,
    ) ??
    reader.get<Row>(
      `SELECT ${REFUSED} FROM refused_calls c WHERE c.public_id = ? AND c.client_id = ?`,
      requestId,
      clientId,
    )
  return row && toCall(row)
}

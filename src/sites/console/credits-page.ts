// One page of a person's history under a filter, by keyset, so that a page stays what it was while new rows arrive. Without an app the
// ledger is walked, all of it or the calls of one key; with an app the calls of that app. Cursors are ids of rows that the person was shown.
import { LIMITS } from "../../app/index.ts"
import type { KeyChoice } from "../../keys/index.ts"
import type { HistoryRow } from "../../ledger/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { CreditsFilter } from "./credits-filter.ts"
import type { ConsoleDeps } from "./site.ts"

/** What the ids of a filter stand for; null: any. */
export interface Through {
  client: Client | null
  key: KeyChoice | null
}

export interface Cursor {
  before?: string | undefined
  after?: string | undefined
}

export interface CreditsPageRows {
  rows: HistoryRow[]
  newer?: Record<"after", string> | Record<"before", string | undefined> | undefined
  older?: Record<"before", string> | undefined
  /** When the rows just outside the page were; undefined: there are none. */
  newerMs?: number | undefined
  olderMs?: number | undefined
}

type Deps = Pick<ConsoleDeps, "ledger" | "usage">

const ROWS = LIMITS.creditsPageRows
const NEWEST = { before: undefined }

export function creditsPage(
  deps: Deps,
  page: Pick<PageRequest, "owner" | "holder">,
  filter: CreditsFilter,
  through: Through,
  cursor: Cursor,
): CreditsPageRows {
  const { client, key } = through
  const look = (at: Cursor): HistoryRow[] =>
    client === null ? inLedger(deps, page, filter, key, at) : inApp(deps, page, filter, client, at)
  const keyOf = (row: HistoryRow): string => (client === null ? row.transactionId : (row.callId ?? row.transactionId))

  if (cursor.after !== undefined && cursor.before === undefined) {
    const rows = look(cursor)
    // At the top: the newest page is shown whole instead of what is left above the cursor.
    if (rows.length <= ROWS) return creditsPage(deps, page, filter, through, {})
    const shown = rows.slice(-ROWS)
    const newerMs = rows.at(-ROWS - 1)?.atMs
    const places = { newerMs, olderMs: momentOf(deps, page, client, cursor.after) }
    return { rows: shown, newer: { after: keyOf(shown[0]!) }, older: { before: keyOf(shown.at(-1)!) }, ...places }
  }
  const rows = look(cursor)
  const shown = rows.slice(0, ROWS)
  const last = shown.at(-1)
  const first = shown[0]
  const newer = cursor.before === undefined ? undefined : first ? { after: keyOf(first) } : NEWEST
  const newerMs = cursor.before === undefined ? undefined : momentOf(deps, page, client, cursor.before)
  if (rows.length <= ROWS || !last) return { rows: shown, newer, newerMs }
  return { rows: shown, newer, older: { before: keyOf(last) }, newerMs, olderMs: rows[ROWS]?.atMs }
}

/** When the row of a cursor was: it stands on the page before or after. */
function momentOf(
  { ledger }: Deps,
  { owner }: Pick<PageRequest, "owner">,
  client: Client | null,
  key: string,
): number | undefined {
  const id = client === null ? key : `txn_${key.slice(4)}`
  return ledger.historyOf(owner, "live", [id])[0]?.atMs
}

/** Newest first, one more than a page when there is more in that direction. */
function inLedger(
  { ledger }: Deps,
  page: Pick<PageRequest, "owner">,
  filter: CreditsFilter,
  key: KeyChoice | null,
  { before, after }: Cursor,
): HistoryRow[] {
  return ledger.history(page.owner, "live", {
    limit: ROWS + 1,
    beforeId: before,
    afterId: after,
    types: filter.kind?.types,
    keyId: key?.id,
    fromMs: filter.fromMs,
    toMs: filter.toMs,
  })
}

/** The same of one app's calls. */
function inApp(
  { ledger, usage }: Deps,
  page: Pick<PageRequest, "owner" | "holder">,
  filter: CreditsFilter,
  client: Client,
  { before, after }: Cursor,
): HistoryRow[] {
  const transactionIds = usage.chargedCalls({
    userId: page.holder.id,
    clientId: client.id,
    mode: "live",
    limit: ROWS + 1,
    beforeId: before,
    afterId: after,
    fromMs: filter.fromMs,
    toMs: filter.toMs,
  })
  return ledger.historyOf(page.owner, "live", transactionIds)
}

// What a row of the calls of an app says, in SQL and as an `AppCall`.
import { nano } from "../app/index.ts"
import type { SqlValue } from "../store/index.ts"
import type { AppCall, CallPlace, CallsOnly, CallsQuery } from "./types-calls.ts"

export type Row = Omit<AppCall, "stream"> & { stream: 0 | 1 }

export const toCall = ({ stream, ...row }: Row): AppCall => ({
  ...row,
  stream: stream === 1,
  chargeNano: nano(row.chargeNano),
  earnedNano: nano(row.earnedNano),
})

const PERSON = "(SELECT public_id FROM v_identity_users u WHERE u.id ="
export const CHARGED = `c.call_id AS requestId, c.at_ms AS atMs, ${PERSON} c.caller_id) AS userId, COALESCE(r.endpoint, '') AS endpoint,
  COALESCE(r.requested, '') AS model, c.scope, c.stream, c.status, c.error_code AS errorCode, c.end_reason AS end,
  c.latency_ms AS latencyMs, c.first_token_ms AS firstTokenMs, c.input_tokens AS inputTokens, c.cached_tokens AS cachedTokens,
  c.output_tokens AS outputTokens, c.reasoning_tokens AS reasoningTokens, c.charge_nano AS chargeNano, c.earned_nano AS earnedNano`
export const REFUSED = `c.public_id AS requestId, c.at_ms AS atMs, ${PERSON} c.user_id) AS userId, c.endpoint, c.requested AS model, c.scope, c.stream,
  c.status, c.error_code AS errorCode, 'refused' AS end, c.latency_ms AS latencyMs, NULL AS firstTokenMs, 0 AS inputTokens,
  0 AS cachedTokens, 0 AS outputTokens, 0 AS reasoningTokens, 0 AS chargeNano, 0 AS earnedNano`
export const ROUTE = "LEFT JOIN usage_routes r ON r.id = c.route_id"

export const FAILED = "c.error_code IS NOT NULL AND c.end_reason <> 'client_gone'"
export const ONLY: Readonly<Record<CallsOnly, { charged: string | null; refused: boolean }>> = {
  all: { charged: "TRUE", refused: true },
  answered: { charged: `NOT (${FAILED})`, refused: false },
  failed: { charged: FAILED, refused: false },
  refused: { charged: null, refused: true },
}

/** The page before, and the model. @param first number of their first parameter */
export function narrowed({ before, model }: CallsQuery, id: string, name: string, first: number) {
  const conditions: string[] = ["TRUE"]
  const params: SqlValue[] = []
  if (before !== null) {
    conditions.push(`(c.at_ms, ${id}) < (?${first}, ?${first + 1})`)
    params.push(before.atMs, before.requestId)
  }
  if (model !== undefined) {
    conditions.push(`${name} = ?${first + params.length}`)
    params.push(model)
  }
  return { conditions: conditions.join(" AND "), params }
}

export const newestFirst = (a: CallPlace, b: CallPlace): number =>
  b.atMs - a.atMs || (a.requestId < b.requestId ? 1 : a.requestId > b.requestId ? -1 : 0)

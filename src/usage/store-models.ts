// SQL of what a person's wallet paid, by model or service: folded days of the books, and the charges after them, in one statement.
import type { AccountId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { APPS } from "./store-calls.ts"
import type { Endpoint } from "./types.ts"

export interface ModelSums {
  endpoint: Endpoint | ""
  model: string
  calls: number
  errors: number
  inputTokens: number
  outputTokens: number
  collectedNano: number
}

/** One seek a day, since days come first in the key of the folded ones. */
export const modelsOfWallet = (reader: Reader, accountId: AccountId, fromDay: number, toDay: number): ModelSums[] =>
  reader.all<ModelSums>(
    `${APPS}, day (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM day WHERE n < ?3)
     SELECT COALESCE(r.endpoint, '') AS endpoint, COALESCE(r.requested, '') AS model, SUM(calls) AS calls, SUM(errors) AS errors,
            SUM(input_tokens) AS inputTokens, SUM(output_tokens) AS outputTokens, SUM(collected_nano) AS collectedNano FROM (
       SELECT d.route_id, d.calls, d.errors, d.input_tokens, d.output_tokens, d.collected_nano
       FROM day CROSS JOIN v_charge_days d ON d.day = day.n AND d.account_id = ?1
       UNION ALL
       SELECT c.route_id, 1, c.errors, c.input_tokens, c.output_tokens, c.collected_nano
       FROM app CROSS JOIN v_charges c ON c.account_id = ?1 AND c.client_id IS app.id AND (c.collected_nano > 0) IN (0, 1)
         AND c.id > (SELECT through FROM v_charge_fold)
       WHERE c.day BETWEEN ?2 AND ?3) u
     LEFT JOIN usage_routes r ON r.id = u.route_id
     GROUP BY 1, 2 ORDER BY collectedNano DESC, calls DESC, model`,
    accountId,
    fromDay,
    toDay,
  )

export interface ToolSums {
  /** 0: through no app. */
  clientId: number
  calls: number
  errors: number
  collectedNano: number
  lastDay: number
}

/** What each app called of one group of tools. Routes of a group are a range of names: `mcp:travel/` up to `mcp:travel0`. */
export const toolsOfWallet = (
  reader: Reader,
  { accountId, group, fromDay, toDay }: { accountId: AccountId; group: string; fromDay: number; toDay: number },
): ToolSums[] =>
  reader.all<ToolSums>(
    `${APPS}, day (n) AS (SELECT ?2 UNION ALL SELECT n + 1 FROM day WHERE n < ?3)
     SELECT u.client_id AS clientId, SUM(u.calls) AS calls, SUM(u.errors) AS errors, SUM(u.collected_nano) AS collectedNano,
            MAX(u.day) AS lastDay FROM (
       SELECT d.day, d.client_id, d.route_id, d.calls, d.errors, d.collected_nano
       FROM day CROSS JOIN v_charge_days d ON d.day = day.n AND d.account_id = ?1 WHERE d.scope = 'mcp'
       UNION ALL
       SELECT c.day, COALESCE(c.client_id, 0), c.route_id, 1, c.errors, c.collected_nano
       FROM app CROSS JOIN v_charges c ON c.account_id = ?1 AND c.client_id IS app.id AND (c.collected_nano > 0) IN (0, 1)
         AND c.id > (SELECT through FROM v_charge_fold)
       WHERE c.day BETWEEN ?2 AND ?3 AND c.scope = 'mcp') u
     CROSS JOIN usage_routes r ON r.id = u.route_id AND r.endpoint = 'mcp' AND r.requested >= ?4 AND r.requested < ?5
     GROUP BY 1 ORDER BY collectedNano DESC, calls DESC, clientId`,
    accountId,
    fromDay,
    toDay,
    `mcp:${group}/`,
    `mcp:${group}0`,
  )

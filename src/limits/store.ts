// SQL of limits: rules, counters, what calls hold, and refusals. Decides nothing.
import { findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { type CountId, limitCounts, limitHits, limitRules, type RuleId } from "./tables.ts"
import { LIMIT_LEVELS, type LimitKind, type LimitLevel, type LimitRule, type Span } from "./types.ts"

const RULE = "id, public_id AS publicId, level, subject, kind, amount, created_ms AS createdMs, updated_ms AS updatedMs"

/** Those of one level and subject. */
export const rulesOf = (reader: Reader, level: LimitLevel, subject: string): LimitRule[] =>
  reader.all(`SELECT ${RULE} FROM limit_rules WHERE level = ? AND subject = ?`, level, subject)

/** Those at which anybody has a rule. */
export const levelsInUse = (reader: Reader): LimitLevel[] =>
  LIMIT_LEVELS.filter((level) => reader.get("SELECT 1 FROM limit_rules WHERE level = ? LIMIT 1", level) !== null)

/** Those that people set for keys and members of theirs are none of the operator's. */
const OPERATORS = "level NOT IN ('owner', 'member')"

export const operatorRules = (reader: Reader, limit: number): LimitRule[] =>
  reader.all(`SELECT ${RULE} FROM limit_rules WHERE ${OPERATORS} ORDER BY id LIMIT ?`, limit)

export const ruleByPublicId = (reader: Reader, publicId: string): LimitRule | null =>
  reader.get(`SELECT ${RULE} FROM limit_rules WHERE public_id = ? AND ${OPERATORS}`, publicId)

export const countRules = (reader: Reader): number =>
  reader.get<{ n: number }>(`SELECT count(*) AS n FROM limit_rules WHERE ${OPERATORS}`)!.n

export const insertRule = (tx: Tx, rule: Omit<LimitRule, "id" | "createdMs" | "updatedMs">): void =>
  void insertRow(tx, limitRules, { ...rule, createdMs: tx.now, updatedMs: tx.now })

export const updateRule = (tx: Tx, id: RuleId, amount: number, updatedMs: number): void =>
  void tx.run("UPDATE limit_rules SET amount = ?, updated_ms = ? WHERE id = ?", amount, updatedMs, id)

export function deleteRule(tx: Tx, id: RuleId): void {
  tx.run("DELETE FROM limit_hits WHERE rule_id = ?", id)
  tx.run("DELETE FROM limit_rules WHERE id = ?", id)
}

// ---- counters ----------------------------------------------------------------------------------------------------

export interface CountRow {
  id: CountId
  used: number
  held: number
}

export const findCount = (reader: Reader, subject: string, kind: LimitKind, startMs: number): CountRow | null =>
  reader.get(
    "SELECT id, used, held FROM limit_counts WHERE subject = ? AND kind = ? AND start_ms = ?",
    subject,
    kind,
    startMs,
  )

export const insertCount = (tx: Tx, row: Span & Omit<CountRow, "id"> & { subject: string; kind: LimitKind }): CountId =>
  insertRow(tx, limitCounts, row)

export const updateCount = (tx: Tx, { id, used, held }: CountRow): void =>
  void tx.run("UPDATE limit_counts SET used = ?, held = ? WHERE id = ?", used, held, id)

/** @returns rows deleted. What a call still holds of stays. */
export const deleteCounts = (tx: Tx, rows: number): number =>
  tx.run(
    "DELETE FROM limit_counts WHERE id IN (SELECT id FROM limit_counts WHERE end_ms <= ? AND held = 0 ORDER BY end_ms LIMIT ?)",
    tx.now,
    rows,
  ).changes

// ---- calls that lost their process -------------------------------------------------------------------------------

/** Notes of every open hold of the books which limits on spending it holds of. What was noted before stays. @returns rows */
export const noteOpenCalls = (tx: Tx): number =>
  tx.run(
    `INSERT INTO limit_holds (call_id, count_id)
     SELECT h.call_id, c.id FROM v_ledger_open_calls h JOIN limit_counts c
       ON c.subject IN ('key:' || h.key_id, CASE h.mode WHEN 'live' THEN 'app:' || h.client_id || ':' || h.caller_id END,
                        CASE WHEN h.mode = 'live' AND h.payer_id = h.caller_id THEN 'user:' || h.caller_id END,
                        CASE WHEN h.mode = 'live' AND h.payer_id <> h.caller_id THEN 'seat:' || h.payer_id || ':' || h.caller_id END,
                        CASE WHEN h.mode = 'live' AND h.payer_id <> h.caller_id THEN 'member:' || h.payer_id || ':' || h.caller_id END)
     WHERE c.held > 0 AND c.start_ms <= h.created_ms AND c.end_ms > h.created_ms
     ON CONFLICT (call_id, count_id) DO NOTHING`,
  ).changes

export interface DeadHold extends Span {
  subject: string
  kind: LimitKind
  /** What the call came to, n$; 0 for one that was never charged. */
  chargedNano: number
}

/** Of calls that the books have settled by now. */
export const deadHolds = (reader: Reader): DeadHold[] =>
  reader.all(
    `SELECT c.subject, c.kind, c.start_ms AS startMs, c.end_ms AS endMs, COALESCE(v.collected_nano, 0) AS chargedNano
     FROM limit_holds h JOIN limit_counts c ON c.id = h.count_id LEFT JOIN v_charges v ON v.call_id = h.call_id`,
  )

export const deleteDeadHolds = (tx: Tx): number => tx.run("DELETE FROM limit_holds").changes

export const heldCounts = (reader: Reader): (Span & Omit<CountRow, "id"> & { subject: string; kind: LimitKind })[] =>
  reader.all(`SELECT subject, kind, start_ms AS startMs, end_ms AS endMs, used, held FROM limit_counts WHERE held > 0`)

// ---- refusals ----------------------------------------------------------------------------------------------------

/** A rule that is gone by now has none. */
export const addHits = (tx: Tx, ruleId: RuleId, day: number, hits: number): void => {
  if (!findRow(tx, limitRules, "id = ?", ruleId)) return
  insertRow(
    tx,
    limitHits,
    { ruleId, day, hits },
    "ON CONFLICT (rule_id, day) DO UPDATE SET hits = hits + excluded.hits",
  )
}

export const hitsOf = (reader: Reader, day: number): { ruleId: RuleId; hits: number }[] =>
  reader.all("SELECT rule_id AS ruleId, hits FROM limit_hits WHERE day = ?", day)

/** @returns rows deleted */
export const deleteHits = (tx: Tx, beforeDay: number, rows: number): number =>
  tx.run(
    `DELETE FROM limit_hits WHERE (rule_id, day) IN (SELECT rule_id, day FROM limit_hits WHERE day < ? LIMIT ?)`,
    beforeDay,
    rows,
  ).changes

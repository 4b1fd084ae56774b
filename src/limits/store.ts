// SQL of limits: rules, counters, what calls hold, and refusals. Decides nothing.
import { findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { type CountId, limitCounts, limitHits, limitHolds, limitRules, type RuleId } from "./tables.ts"
import type { LimitKind, LimitLevel, LimitRule, Span } from "./types.ts"

const RULE = "id, public_id AS publicId, level, subject, kind, amount, updated_ms AS updatedMs"

/** Those of one level and subject. */
export const rulesOf = (reader: Reader, level: LimitLevel, subject: string): LimitRule[] =>
  reader.all(`SELECT ${RULE} FROM limit_rules WHERE level = ? AND subject = ?`, level, subject)

export const operatorRules = (reader: Reader, limit: number): LimitRule[] =>
  reader.all(`SELECT ${RULE} FROM limit_rules WHERE level <> 'owner' ORDER BY id LIMIT ?`, limit)

export const ruleByPublicId = (reader: Reader, publicId: string): LimitRule | null =>
  reader.get(`SELECT ${RULE} FROM limit_rules WHERE public_id = ? AND level <> 'owner'`, publicId)

export const countRules = (reader: Reader): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM limit_rules WHERE level <> 'owner'")!.n

export const insertRule = (tx: Tx, rule: Omit<LimitRule, "id" | "updatedMs">): void =>
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

export const insertCount = (
  tx: Tx,
  row: Span & { subject: string; kind: LimitKind; used: number; held: number },
): CountId => insertRow(tx, limitCounts, row)

export const addCount = (tx: Tx, id: CountId, { used, held }: Omit<CountRow, "id">): void =>
  void tx.run("UPDATE limit_counts SET used = used + ?, held = held + ? WHERE id = ?", used, held, id)

/** @returns rows deleted. What a call still holds of stays. */
export const deleteCounts = (tx: Tx, rows: number): number =>
  tx.run(
    `DELETE FROM limit_counts WHERE id IN (
       SELECT id FROM limit_counts c WHERE end_ms <= ? AND NOT EXISTS (SELECT 1 FROM limit_holds h WHERE h.count_id = c.id)
       ORDER BY end_ms LIMIT ?)`,
    tx.now,
    rows,
  ).changes

// ---- what calls hold ---------------------------------------------------------------------------------------------

export const addHold = (tx: Tx, callId: string, countId: CountId, heldNano: number): void =>
  void insertRow(
    tx,
    limitHolds,
    { callId, countId, heldNano },
    "ON CONFLICT (call_id, count_id) DO UPDATE SET held_nano = held_nano + excluded.held_nano",
  )

export const holdsOf = (reader: Reader, callId: string): { countId: CountId; heldNano: number }[] =>
  reader.all("SELECT count_id AS countId, held_nano AS heldNano FROM limit_holds WHERE call_id = ?", callId)

export const deleteHolds = (tx: Tx, callId: string): void =>
  void tx.run("DELETE FROM limit_holds WHERE call_id = ?", callId)

/** Calls that hold something, in slices. */
export const holdingCalls = (reader: Reader, after: string, limit: number): string[] =>
  reader
    .all<{ callId: string }>(
      "SELECT DISTINCT call_id AS callId FROM limit_holds WHERE call_id > ? ORDER BY call_id LIMIT ?",
      after,
      limit,
    )
    .map(({ callId }) => callId)

/** What a call came to, also one that recovery charged; nothing for one that never was. */
export const collectedOf = (reader: Reader, callId: string): number =>
  reader.get<{ nano: number }>("SELECT collected_nano AS nano FROM v_charges WHERE call_id = ?", callId)?.nano ?? 0

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

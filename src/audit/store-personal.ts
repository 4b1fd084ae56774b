// What the audit log has of a person: who did what to whom stays, by public id; facts and reasons that may name them go.
import type { Erased, Personal } from "../part/index.ts"
import type { Tx } from "../store/index.ts"

export const AUDIT_PERSONAL: Personal = {
  tables: { audit_log: { erased: "emptied", exported: "acts.csv" } },
  files: [
    {
      name: "acts.csv",
      what: "What was done by you and to your account.",
      sql: `SELECT a.id AS place, a.at_ms, CASE WHEN a.actor LIKE 'admin:%' AND a.actor <> 'admin:' || u.public_id THEN 'an admin' ELSE a.actor END AS by,
          a.action, a.subject
        FROM v_identity_users u JOIN audit_log a ON a.subject = u.public_id OR a.actor IN ('user:' || u.public_id, 'admin:' || u.public_id)
          OR a.on_behalf_of = u.public_id
        WHERE u.id = ?1 AND a.id > ?2 ORDER BY a.id LIMIT ?3`,
    },
  ],
}

const HAS = "reason <> 'erased'"
const EMPTY = "UPDATE audit_log SET reason = 'erased', before = NULL, after = NULL WHERE id IN"

/** Facts about things of theirs, by public id; to be called before the things go. */
export function eraseFactsAbout(tx: Tx, subjects: readonly string[]): void {
  if (subjects.length === 0) return
  tx.run(
    `${EMPTY} (SELECT id FROM audit_log WHERE subject IN (SELECT value FROM json_each(?)) AND ${HAS})`,
    JSON.stringify(subjects),
  )
}

/** What is theirs by its columns, each through its index; then whatever else has their address in its facts, as their own rows did. */
export function eraseFacts(tx: Tx, { publicId, email, name }: Erased, rows: number): number {
  const own = tx.run(
    `${EMPTY} (SELECT id FROM audit_log WHERE subject = ?1 AND ${HAS} UNION
       SELECT id FROM audit_log WHERE actor IN ('user:' || ?1, 'admin:' || ?1) AND ${HAS} LIMIT ?2)`,
    publicId,
    rows,
  ).changes
  if (own > 0) return own
  return tx.run(
    `${EMPTY} (SELECT id FROM audit_log NOT INDEXED WHERE ${HAS} AND (on_behalf_of LIKE '%' || ?1
         OR instr(lower(COALESCE(before, '') || COALESCE(after, '') || reason), ?2) > 0
         OR instr(COALESCE(before, '') || COALESCE(after, ''), ?3) > 0 OR (length(?3) > 4 AND instr(reason, ?4) > 0)) LIMIT ?5)`,
    publicId,
    email,
    JSON.stringify(name ?? email),
    name ?? email,
    rows,
  ).changes
}

// What the audit log has of a person: who did what to whom stays, by public id; facts and reasons that may name them go.
import { type Erased, type Naming, type Personal, takeSteps, type Words } from "../part/index.ts"
import type { Reader, Tx } from "../store/index.ts"

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

const NAMES = `(on_behalf_of LIKE '%' || ?1 OR instr(lower(COALESCE(before, '') || COALESCE(after, '') || reason), ?2) > 0
  OR instr(COALESCE(before, '') || COALESCE(after, ''), ?3) > 0 OR (length(?3) > 4 AND instr(reason, ?4) > 0))`
const wordsOf = ({ publicId, email, name }: Words) => [publicId, email, JSON.stringify(name ?? email), name ?? email]

/** Acts that hold somebody's words anywhere: all there are is looked through. */
export function naming(reader: Reader, words: Words): Naming {
  const found = reader.all<{ id: number }>(
    `SELECT id FROM audit_log NOT INDEXED WHERE ${HAS} AND ${NAMES}`,
    ...wordsOf(words),
  )
  const last = reader.get<{ id: number | null }>("SELECT MAX(id) AS id FROM audit_log")
  return { ids: found.map(({ id }) => id), throughId: last?.id ?? 0 }
}

/**
 * What is theirs by its columns, each through its index; then whatever else has their words in its facts, as their own rows did: what was
 * found outside of this write, and what came since.
 */
export function eraseFacts(tx: Tx, person: Erased, rows: number): number {
  const { publicId, naming: found = { ids: [], throughId: 0 } } = person
  return takeSteps(rows, [
    (left) =>
      tx.run(
        `${EMPTY} (SELECT id FROM audit_log WHERE subject = ?1 AND ${HAS} UNION
         SELECT id FROM audit_log WHERE actor IN ('user:' || ?1, 'admin:' || ?1) AND ${HAS} LIMIT ?2)`,
        publicId,
        left,
      ).changes,
    (left) =>
      tx.run(
        `${EMPTY} (SELECT id FROM audit_log WHERE id IN (SELECT value FROM json_each(?)) AND ${HAS} LIMIT ?)`,
        JSON.stringify(found.ids),
        left,
      ).changes,
    (left) =>
      tx.run(
        `${EMPTY} (SELECT id FROM audit_log NOT INDEXED WHERE id > ?5 AND ${HAS} AND ${NAMES} LIMIT ?6)`,
        ...wordsOf(person),
        found.throughId,
        left,
      ).changes,
  ])
}

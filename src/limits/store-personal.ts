// What `limits` has of a person: limits that an admin set for them alone, and what was counted.
import type { Personal } from "../part/index.ts"
import type { Tx } from "../store/index.ts"

export const LIMITS_PERSONAL: Personal = {
  tables: {
    limit_rules: { erased: "deleted", exported: "limits.csv" },
    limit_counts: {
      erased: { stays: "counts by number, deleted when their window is over" },
      exported: { not: "counts of the moment" },
    },
  },
  files: [
    {
      name: "limits.csv",
      what: "Limits that were set for you alone.",
      sql: `SELECT id AS place, level, kind, amount, created_ms, updated_ms FROM limit_rules
        WHERE (level IN ('user', 'owner') AND subject = CAST(?1 AS TEXT) OR level = 'member' AND subject LIKE '%:' || ?1) AND id > ?2 ORDER BY id LIMIT ?3`,
    },
  ],
}

const OWN = `(level IN ('user', 'owner') AND subject = CAST(?1 AS TEXT)) OR (level IN ('app_user', 'member') AND subject LIKE '%:' || ?1)`

/** Rules are the operator's, so a person has few; each goes with what it refused. */
export function eraseLimits(tx: Tx, userId: number): number {
  tx.run(`DELETE FROM limit_hits WHERE rule_id IN (SELECT id FROM limit_rules WHERE ${OWN})`, userId)
  return tx.run(`DELETE FROM limit_rules WHERE ${OWN}`, userId).changes
}

// What `developers` has of a person: that they accepted the agreement, which stays, and the company they named, which goes.
import type { Personal } from "../part/index.ts"
import type { Tx } from "../store/index.ts"

export const DEVELOPERS_PERSONAL: Personal = {
  tables: {
    developers: { erased: "emptied", exported: "developer.csv" },
    developer_agreements: {
      erased: { stays: "which agreement was accepted when, by number: a contract that stood" },
      exported: "developer.csv",
    },
  },
  files: [
    {
      name: "developer.csv",
      what: "The developer agreements that you accepted.",
      sql: `SELECT a.id AS place, d.company, a.version, a.accepted_ms FROM developer_agreements a JOIN developers d ON d.user_id = a.user_id
        WHERE a.user_id = ?1 AND a.id > ?2 ORDER BY a.id LIMIT ?3`,
    },
  ],
}

export const eraseDeveloper = (tx: Tx, userId: number): number =>
  tx.run("UPDATE developers SET company = NULL WHERE user_id = ? AND company IS NOT NULL", userId).changes

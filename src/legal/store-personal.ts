// What `legal` has of a person: which terms they accepted when, which stays as the contract that it was.
import type { Personal } from "../part/index.ts"

export const LEGAL_PERSONAL: Personal = {
  tables: {
    legal_acceptances: {
      erased: { stays: "which terms were accepted when, by number: a contract that stood" },
      exported: "terms.csv",
    },
  },
  files: [
    {
      name: "terms.csv",
      what: "The terms that you accepted, and when.",
      sql: `SELECT id AS place, version, accepted_ms FROM legal_acceptances
        WHERE user_id = ?1 AND text = 'terms' AND id > ?2 ORDER BY id LIMIT ?3`,
    },
  ],
}

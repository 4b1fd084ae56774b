// What `spending` has of a person: when they want to be told that their credits are low.
import type { Personal } from "../part/index.ts"

export const SPENDING_PERSONAL: Personal = {
  tables: {
    spending_lows: { erased: "deleted", exported: "low-credits.csv" },
  },
  files: [
    {
      name: "low-credits.csv",
      what: "When you are told that your credits are low, where you chose it.",
      sql: `SELECT owner_id AS place, below_nano, low_ms FROM spending_lows WHERE owner_id = ?1 AND owner_id > ?2 LIMIT ?3`,
    },
  ],
}

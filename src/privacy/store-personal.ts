// What `privacy` itself has of a person: copies they asked for, and that they asked to go.
import type { Personal } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const PRIVACY_PERSONAL: Personal = {
  tables: {
    personal_exports: { erased: "deleted", exported: { not: "when you asked for copies like this one" } },
    erasures: {
      erased: { stays: "when a number was erased, so that it is not done twice" },
      exported: { not: "whether you asked to go: the page of your data says it" },
    },
  },
  files: [],
}

export const eraseCopies = (tx: Tx, userId: number, rows: number): number =>
  deleteSome(tx, "personal_exports", "user_id = ?", [userId], rows)

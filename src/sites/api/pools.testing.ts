// For tests of /v1 only: rows of people who are numbers elsewhere, for what names people in rows. A pool must not have one of their numbers.
import { reservePrincipalsIn } from "../../identity/index.ts"
import type { Tx } from "../../store/index.ts"

/** Once a database. */
export function insertPeopleIn(tx: Tx, ids: readonly number[]): void {
  if (tx.get("SELECT 1 FROM principals") !== null) return
  reservePrincipalsIn(tx, ids)
  for (const id of ids) {
    const words = [`usr_${id}`, `p${id}@example.com`]
    tx.run("INSERT INTO users (id, public_id, email, created_ms, updated_ms) VALUES (?, ?, ?, 0, 0)", id, ...words)
  }
}

// What the outbox has of a person: mails to their address.
import type { Personal } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const OUTBOX_PERSONAL: Personal = {
  tables: { outbox: { erased: "deleted", exported: { not: "mails on their way: they arrive" } } },
  files: [],
}

export const eraseMails = (tx: Tx, email: string, rows: number): number =>
  deleteSome(tx, "outbox", "topic = 'mail' AND json_extract(payload, '$.to') = ?", [email], rows)

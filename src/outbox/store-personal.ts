// What the outbox has of a person: mails to their address.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx } from "../store/index.ts"

export const OUTBOX_PERSONAL: Personal = {
  tables: { outbox: { erased: "deleted", exported: { not: "mails on their way: they arrive" } } },
  files: [],
}

const TO_THEM = "topic = 'mail' AND json_extract(payload, '$.to') = ?"

/** Of what was delivered nothing is left to look at (`markDone`), so only what waits or was given up is read. */
export const eraseMails = (tx: Tx, email: string, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "outbox", `state = 'waiting' AND ${TO_THEM}`, [email], left),
    (left) => deleteSome(tx, "outbox", `state = 'dead' AND state <> 'waiting' AND ${TO_THEM}`, [email], left),
  ])

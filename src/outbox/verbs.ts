// What an operator does with a message: try it again now, or give it up. Both are told in the audit log.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { entryOf, makeDue, markDead, type OutboxEntry } from "./store.ts"

function known(tx: Tx, eventId: string): OutboxEntry {
  const entry = entryOf(tx, eventId)
  ensure(entry, "not_found", "There is no such message. They are listed under Jobs.")
  return entry
}

const told = ({ topic, subject, state, tries }: OutboxEntry) => ({ topic, subject, state, tries })

/** @throws AppError not_found, conflict */
export function againIn(tx: Tx, eventId: string): void {
  const entry = known(tx, eventId)
  if (entry.state === "done") throw new AppError("conflict", "It was delivered; there is nothing to try again.")
  makeDue(tx, eventId)
  auditIn(tx, { action: "outbox.again", subject: eventId, before: told(entry) })
}

/** @throws AppError not_found, conflict */
export function giveUpIn(tx: Tx, eventId: string): void {
  const entry = known(tx, eventId)
  if (entry.state !== "waiting") throw new AppError("conflict", "Only a message that waits can be given up.")
  markDead(tx, eventId)
  auditIn(tx, { action: "outbox.given-up", subject: eventId, before: told(entry) })
}

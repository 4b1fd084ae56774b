// Messages of whoever has only a mutation at hand: written there, and every outbox of this process looks once it is committed.
import { idAt } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import type { OutboxMessage } from "./index.ts"
import { insertMessage } from "./store.ts"

const listeners = new Set<() => void>()

/** @returns forgets it */
export function onEnqueued(wake: () => void): () => void {
  listeners.add(wake)
  return () => void listeners.delete(wake)
}

/** @returns its id, `evt_…` */
export function enqueueIn(tx: Tx, message: OutboxMessage): string {
  const eventId = idAt("evt", tx.now)
  insertMessage(tx, eventId, message)
  tx.afterCommit(() => {
    for (const wake of listeners) wake()
  })
  return eventId
}

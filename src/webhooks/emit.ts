// Emitting: the one verb for every domain. An event is a row in the mutation of its cause, so that neither is there without the other;
// where nobody listens it costs a look into memory. What calls do at large is summed by the day, never emitted call by call.
import { type ClientId, idAt, type UserId } from "../app/index.ts"
import { enqueueIn } from "../outbox/index.ts"
import type { Tx } from "../store/index.ts"
import type { AppEventType, DataOf, EventType, PersonEventType } from "./events/index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { bodyOf, wants } from "./rules.ts"
import { type Listener, listenersOf } from "./store.ts"
import { insertDelivery, insertEvent, switchOff, waitsMore } from "./store-deliveries.ts"
import type { AppRef, Mode } from "./types.ts"

/** The outbox's topic. */
export const WEBHOOK_TOPIC = "webhook"

interface Happened<Type extends EventType> {
  type: Type
  /** What it happened to, by public id: events of one subject arrive in order. */
  subject: string
  data: DataOf<Type>
}

type AppEvent = { [Type in AppEventType]: Happened<Type> & { app: AppRef } }[AppEventType]
type PersonEvent = { [Type in PersonEventType]: Happened<Type> & { person: UserId; mode?: Mode } }[PersonEventType]
export type Emitted = AppEvent | PersonEvent

/** @returns `evt_…`; null = nobody listens, and nothing was written */
export function emitIn(tx: Tx, event: Emitted): string | null {
  const to = listening(tx, event)
  if (to.length === 0) return null
  const body = bodyOf(event.type, "app" in event ? event.app.publicId : null, to[0]!.mode, tx.now, event.data)
  return tellIn(tx, to, { type: event.type, subject: event.subject, body })
}

function listening(tx: Tx, asked: Emitted): readonly Listener[] {
  const all = "app" in asked ? listenersOf(tx, `c${asked.app.id}`) : listenersOf(tx, `u${asked.person}`)
  if (all.length === 0) return all
  const mode = "app" in asked ? asked.app.mode : (asked.mode ?? "live")
  return all.filter((one) => one.mode === mode && wants(one.types, asked.type))
}

/** Whether any of an app's or a person's endpoints is on; a first look, for work that comes before the question. */
export const isAnybodyOf = (tx: Tx, owner: { client: ClientId } | { person: UserId }): boolean =>
  listenersOf(tx, "client" in owner ? `c${owner.client}` : `u${owner.person}`).length > 0

export function tellIn(
  tx: Tx,
  to: readonly Pick<Listener, "id" | "publicId">[],
  { type, subject, body }: { type: string; subject: string; body: string },
): string {
  const publicId = idAt("evt", tx.now)
  const eventId = insertEvent(tx, { publicId, type, subject, body })
  for (const endpoint of to) {
    if (waitsMore(tx, endpoint.id) > L.waitingMax) switchOff(tx, endpoint.id, "overflow")
    deliverIn(tx, endpoint, { eventId, subject })
  }
  return publicId
}

/** A delivery with its message; the subject of the message begins with its lane, the endpoint. */
function deliverIn(
  tx: Tx,
  endpoint: Pick<Listener, "id" | "publicId">,
  { eventId, subject }: { eventId: number; subject: string },
): void {
  const publicId = idAt("whd", tx.now)
  const payload = { delivery: publicId }
  const message = enqueueIn(tx, { topic: WEBHOOK_TOPIC, subject: `${endpoint.publicId} ${subject}`, payload })
  insertDelivery(tx, { publicId, endpointId: endpoint.id, eventId, message })
}

// What a person does with deliveries by hand: one again, all that were missed, and a test event to one endpoint.
import { ensure, HOUR_MS } from "../app/index.ts"
import { enqueueIn } from "../outbox/index.ts"
import type { Tx } from "../store/index.ts"
import { tellIn, WEBHOOK_TOPIC } from "./emit.ts"
import { endpointOf } from "./endpoints.ts"
import { TEST_EVENT } from "./events/index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { bodyOf } from "./rules.ts"
import { byHandSince, deliveryOf, dueById, missed, resend } from "./store-deliveries.ts"
import type { AppRef, Endpoint, WebhookOwner } from "./types.ts"

function roomIn(tx: Tx, endpoint: Endpoint): number {
  const used = byHandSince(tx, endpoint.id, tx.now - HOUR_MS, TEST_EVENT)
  ensure(
    used < L.byHandPerHourMax,
    "rate_limit_exceeded",
    `${L.byHandPerHourMax} events were sent by hand within an hour, the most there may be. Try again later.`,
  )
  return L.byHandPerHourMax - used
}

const isOn = (endpoint: Endpoint) =>
  ensure(endpoint.offBecause === null, "conflict", "This endpoint is off. Turn it on first.")

/** The same event under the same id, at once. @throws AppError not_found, conflict, rate_limit_exceeded */
export function resendIn(tx: Tx, owner: WebhookOwner, endpointId: string, deliveryId: string): void {
  const endpoint = endpointOf(tx, owner, endpointId)
  isOn(endpoint)
  const found = deliveryOf(tx, endpoint.id, deliveryId)
  ensure(found, "not_found", "There is no such delivery. It may have been forgotten by age.")
  ensure(found.state !== "waiting", "conflict", "It is on its way already.")
  roomIn(tx, endpoint)
  againIn(tx, endpoint, deliveryId)
}

function againIn(tx: Tx, endpoint: Endpoint, deliveryId: string): void {
  const due = dueById(tx, deliveryId)!
  const payload = { delivery: deliveryId }
  const subject = `${endpoint.publicId} ${due.subject}`
  resend(tx, due, enqueueIn(tx, { topic: WEBHOOK_TOPIC, subject, payload }))
}

/** All that failed or found it off, oldest first, as many as an hour allows. @returns how many */
export function resendMissedIn(tx: Tx, owner: WebhookOwner, endpointId: string): number {
  const endpoint = endpointOf(tx, owner, endpointId)
  isOn(endpoint)
  const found = missed(tx, endpoint.id, 0, roomIn(tx, endpoint))
  for (const deliveryId of found) againIn(tx, endpoint, deliveryId)
  return found.length
}

/** To this endpoint alone, whatever it listens to. @returns the event's id */
export function testIn(tx: Tx, owner: WebhookOwner, endpointId: string): string {
  const endpoint = endpointOf(tx, owner, endpointId)
  isOn(endpoint)
  const number = L.byHandPerHourMax - roomIn(tx, endpoint) + 1
  const data = { message: "This is a test: nothing happened.", number }
  const app: AppRef | null = owner.client
  const body = bodyOf(TEST_EVENT, app?.publicId ?? null, endpoint.mode, tx.now, data)
  return tellIn(tx, [endpoint], { type: TEST_EVENT, subject: endpoint.publicId, body })
}

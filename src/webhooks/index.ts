// The door of `webhooks`: endpoints of apps and people, the registry of events, and the one verb that emits. It stands to the left of every
// other domain, so that each may emit; whose an app is, the sites say.

import type { ClientId, Keyring, UserId } from "../app/index.ts"
import { DAY_MS, idAt } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { resendIn, resendMissedIn, testIn } from "./by-hand.ts"
import { deliver } from "./deliver.ts"
import { create, endpointOf, endpointsOf, removeIn, rotateIn, setOnIn, update } from "./endpoints.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { storedTypes } from "./rules.ts"
import { addSecretIn } from "./secrets.ts"
import {
  endpointIdsOfClient,
  endpointsOfClient,
  healthOf,
  insertEndpoint,
  isWaiting,
  markRemoved,
  secretsOf,
  setOff,
} from "./store.ts"
import { countsOf, deliveriesOf, deliveryOf, triesOf } from "./store-deliveries.ts"
import { sweep } from "./sweep.ts"
import type { TellDeps } from "./tell.ts"
import { tellOwners } from "./tell.ts"
import type { Delivery, DeliveryDetail, DeliveryState, EndpointInput, WebhookDeps, WebhookOwner } from "./types.ts"
import { tellDays, tellLows } from "./watch.ts"

export { emitIn, isAnybodyOf, WEBHOOK_TOPIC } from "./emit.ts"
export {
  type AppEventType,
  type DataOf,
  EVENT_TYPES,
  EVENTS,
  type EventKind,
  type EventType,
  eventsFor,
  eventWords,
  type PersonEventType,
  TEST_EVENT,
} from "./events/index.ts"
export { typeName } from "./events/words.ts"
export { WEBHOOK_LIMITS } from "./limits.ts"
export { webhooksPart } from "./part.ts"
export { WEBHOOK_DAYS } from "./settings.ts"
export type * from "./types.ts"

/** Endpoints of an app that is no more. */
export function forgetAppIn(tx: Tx, clientId: ClientId): void {
  for (const id of endpointIdsOfClient(tx, clientId)) markRemoved(tx, id)
}

/** Whether endpoints of an app that are on wait for what was emitted. */
export const isTellingIn = (tx: Tx, clientId: ClientId): boolean => isWaiting(tx, clientId)

/**
 * Endpoints of an app that has another developer now: copies that are off, with secrets that nobody knows yet. Those of before are gone with
 * what they were sent, for what their receivers answered is the developer's who had them.
 */
export function moveAppIn(tx: Tx, keyring: Keyring, clientId: ClientId, to: UserId): void {
  for (const endpoint of endpointsOfClient(tx, clientId)) {
    const { mode, url, description, types } = endpoint
    markRemoved(tx, endpoint.id)
    const copy = { publicId: idAt("whe", tx.now), userId: to, clientId, mode, url, description }
    const id = insertEndpoint(tx, { ...copy, types: storedTypes(types) })
    setOff(tx, id, "owner")
    addSecretIn(tx, keyring, id)
  }
}

export type Webhooks = ReturnType<typeof createWebhooks>

export function createWebhooks(deps: WebhookDeps) {
  const { store, clock, outbox } = deps
  const one = (owner: WebhookOwner, publicId: string) => endpointOf(store.read, owner, publicId)
  return {
    of: (owner: WebhookOwner) => endpointsOf(store.read, owner),
    /** @throws AppError not_found */
    endpoint: one,
    health: (endpointId: number) => healthOf(store.read, endpointId),
    /** Deliveries of the last day by what became of them. */
    lastDay: (endpointId: number) => countsOf(store.read, endpointId, clock.now() - DAY_MS),
    /** When each secret that counts was made and ends, newest first. */
    secrets: (endpointId: number) =>
      secretsOf(store.read, endpointId)
        .filter(({ endsMs }) => endsMs === null || endsMs > clock.now())
        .map(({ madeMs, endsMs }) => ({ madeMs, endsMs })),
    /** @throws AppError validation_failed, conflict (too many) */
    create: (ctx: WriteContext, owner: WebhookOwner, input: EndpointInput) => create(deps, ctx, owner, input),
    /** @throws AppError not_found, validation_failed */
    update: (ctx: WriteContext, owner: WebhookOwner, input: EndpointInput & { publicId: string }) =>
      update(deps, ctx, owner, input),
    setOnIn,
    /** The secret before signs along for a day. @returns `whsec_…` */
    rotateIn: (tx: Tx, owner: WebhookOwner, publicId: string) => rotateIn(deps, tx, owner, publicId),
    removeIn,
    resendIn,
    resendMissedIn,
    testIn,

    /** Newest first. @param beforeId `id` of the last one of the page before */
    deliveries: (endpointId: number, query: { rows: number; state?: DeliveryState | undefined; beforeId?: number }) =>
      deliveriesOf(store.read, { endpointId, ...query }),
    delivery(endpointId: number, publicId: string): DeliveryDetail | null {
      const row = deliveryOf(store.read, endpointId, publicId)
      if (!row) return null
      const { message, id, ...delivery } = row
      const onItsWay = outbox.entry(message)
      const isWaiting = delivery.state === "waiting" && onItsWay?.state === "waiting"
      return { ...delivery, history: triesOf(store.read, id), nextMs: isWaiting ? onItsWay.dueMs : null }
    },

    deliver: (message: Parameters<typeof deliver>[1]) => deliver(deps, message),
    tellOwners: (ports: Pick<TellDeps, "emailsOf" | "appOf">, rows: number) => tellOwners({ ...deps, ...ports }, rows),
    tellDays: (figuresOf: Parameters<typeof tellDays>[1], rows: number) => tellDays(deps, figuresOf, rows),
    tellLows: (ports: Parameters<typeof tellLows>[1], after: number, rows: number) =>
      tellLows(deps, ports, after, rows),
    sweep: (keptMs: number, rows: number) => sweep(deps, keptMs, rows, L.keptMax),
  }
}

export type { Delivery }

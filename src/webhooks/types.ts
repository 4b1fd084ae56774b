// The nouns of webhooks: endpoints, what they are told, and how it went.
import type { ClientId, Clock, Ids, Keyring, Log, UserId } from "../app/index.ts"
import type { SafeCheck, SafeFetch } from "../http/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { Store } from "../store/index.ts"

export type Mode = "live" | "test"

/** `removed`: it is gone but for its rows. `owner` turned it off; `gone`: it answered 410; `failing`: nothing was taken for days; `overflow`: too much waits. */
export type OffBecause = "owner" | "gone" | "failing" | "overflow" | "removed"

/** `dropped`: the endpoint was off when its turn came. */
export type DeliveryState = "waiting" | "delivered" | "failed" | "dropped"

/** Whose events: an app's, which its developer minds, or a person's own. */
export type WebhookOwner = { userId: UserId; client: AppRef } | { userId: UserId; client: null }

export interface AppRef {
  id: ClientId
  publicId: string
  mode: Mode
}

export interface Endpoint {
  id: number
  /** `whe_…` */
  publicId: string
  userId: UserId
  clientId: ClientId | null
  mode: Mode
  url: string
  description: string
  /** Null = all, also those that come later. */
  types: readonly string[] | null
  offBecause: OffBecause | null
  offMs: number | null
  createdMs: number
}

export interface EndpointHealth {
  waiting: number
  /** Failures since the last event that was taken. */
  failures: number
  /** Since when none was taken; null = the last one was. */
  failingMs: number | null
}

export interface EndpointInput {
  url: string
  description?: string
  /** Null = all. */
  types: readonly string[] | null
  /** Of a person's own endpoint; an app's has the mode of the app. */
  mode?: Mode
}

export interface Delivery {
  /** `whd_…` */
  publicId: string
  /** `evt_…`: the header `webhook-id`, the same over all tries and endpoints. */
  eventId: string
  type: string
  subject: string
  state: DeliveryState
  tries: number
  createdMs: number
  /** Of the last answer; null = none came yet. */
  status: number | null
}

export interface DeliveryTry {
  atMs: number
  tookMs: number
  status: number | null
  problem: string | null
  sent: Readonly<Record<string, string>>
  answered: Readonly<Record<string, string>> | null
  answer: string | null
}

export interface DeliveryDetail extends Delivery {
  body: string
  history: readonly DeliveryTry[]
  /** When the next try is due; null = none is. */
  nextMs: number | null
}

export interface WebhookDeps {
  store: Store
  clock: Clock
  ids: Ids
  keyring: Keyring
  log: Log
  outbox: Outbox
  mails: Mails
  safeFetch: SafeFetch
  /** Judges an address when it is given; default: it is judged by the fetch alone. */
  safeCheck: SafeCheck
  /** ms that a receiver may take. Default: 15 seconds. */
  deadlineMs?: number | undefined
}

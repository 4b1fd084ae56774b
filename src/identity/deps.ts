// What identity is made of: given once by the wiring, or by a test.
import type { Clock, Ids, Keyring, Log } from "../app/index.ts"
import type { SafeFetch } from "../http/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { LifecycleHooks } from "../part/index.ts"
import type { Store } from "../store/index.ts"
import type { Hasher } from "./hasher.ts"

export interface IdentityDeps {
  store: Store
  clock: Clock
  ids: Ids
  keyring: Keyring
  mails: Pick<Mails, "queueIn">
  /** Told of acts that reach every domain. */
  lifecycle: Pick<LifecycleHooks, "tellIn" | "sessionEndedIn">
  /** Origin for reset and setup links, from configuration only. */
  baseUrl: string
  /** Emails that become admins once verified (`PURSER_ADMINS`). */
  adminEmails?: string[]
  hasher?: Hasher
  outbox: Pick<Outbox, "enqueueIn">
  log: Log
  /** Speaks to issuers, and fetches the pictures they name. */
  issuerFetch: SafeFetch
  google?: GoogleClient | null
}

export interface GoogleClient {
  clientId: string
  clientSecret: string
}

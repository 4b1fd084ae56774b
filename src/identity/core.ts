// What every verb of identity works with, made once by index.ts. Its only state is the set of people who may not enter.
import type { Clock, Ids, Keyring } from "../app/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { LifecycleHooks } from "../part/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import type { GoogleClient } from "./deps.ts"
import type { Hasher } from "./hasher.ts"
import type { Visitor } from "./types.ts"

export interface Core {
  store: Store
  clock: Clock
  ids: Ids
  keyring: Keyring
  mails: Pick<Mails, "queueIn">
  outbox: Pick<Outbox, "enqueueIn">
  hasher: Hasher
  baseUrl: string
  /** Normalised. */
  adminEmails: ReadonlySet<string>
  /** How the environment has Google know this house. */
  google: GoogleClient | null
  lifecycle: Pick<LifecycleHooks, "tellIn" | "sessionEndedIn">
  /** Users who are not active; changed between commit and answer only. */
  notActive: Set<number>
}

/** Browsers are kept hashed: the id is also what their form tokens are made of. */
export const browserHashOf = (core: Core, visitor: Pick<Visitor, "browserId">): string =>
  core.keyring.hmac("browser", visitor.browserId)

/** One thing waits per person and browser: the next person at this browser has nothing to do with it. */
export const personHashOf = (core: Core, browserId: string, userId: number): string =>
  core.keyring.hmac("browser", `${browserId}\n${userId}`)

/** Context of a write before anybody is signed in. */
export const visitorCtx = (visitor: Visitor, reason: string): WriteContext => ({
  actor: "system:auth",
  requestId: visitor.requestId,
  reason,
})

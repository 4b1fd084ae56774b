// What every verb of identity works with, made once by index.ts. Its only state is the set of people who may not enter.
import type { Clock, Ids, Keyring } from "../app/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"
import type { Hasher } from "./hasher.ts"
import type { User, UserLifecycle, Visitor } from "./types.ts"

export interface Kit {
  store: Store
  clock: Clock
  ids: Ids
  keyring: Keyring
  outbox: Pick<Outbox, "enqueueIn">
  hasher: Hasher
  baseUrl: string
  productName: string
  /** Normalised. */
  adminEmails: ReadonlySet<string>
  onSignUp: ((tx: Tx, user: User) => void)[]
  lifecycle: UserLifecycle[]
  /** Users who are not active; changed between commit and answer only. */
  notActive: Set<number>
}

/** Browsers are kept hashed: the id is also what their form tokens are made of. */
export const browserHashOf = (kit: Kit, visitor: Pick<Visitor, "browserId">): string =>
  kit.keyring.hmac("browser", visitor.browserId)

/** Context of a write before anybody is signed in. */
export const visitorCtx = (visitor: Visitor, reason: string): WriteContext => ({
  actor: "system:auth",
  requestId: visitor.requestId,
  reason,
})

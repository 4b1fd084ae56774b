// What every verb of this domain works with, and the memory that answers "is this revoked?" without touching the database.
// The memory holds negatives only: loaded at boot, changed after commit and before the caller hears of it.
import { AppError, type Clock, type Ids, type Keyring, type UserId } from "../app/index.ts"
import type { SafeFetch } from "../http/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { Setting } from "../part/index.ts"
import type { Reader, Store, Tx } from "../store/index.ts"
import type { Resources } from "./access/resources.ts"
import type { Documents } from "./client/documents.ts"
import type { SecretUses } from "./client/secret-uses.ts"
import type { Shares } from "./client/share.ts"
import { suspendedClientIds, tokenEpochs } from "./client/store.ts"
import type { Approvals } from "./consent/approvals.ts"
import type { Polls } from "./device/polls.ts"
import type { Nonces } from "./dpop/nonces.ts"
import type { SigningKeys } from "./keys/keys.ts"
import { OAUTH_LIMITS } from "./limits.ts"
import { recentlyRevokedGrants } from "./token/store.ts"
import { revokedTokens } from "./token/store-revoked.ts"
import type { IdentityPort, TeamsPort } from "./types.ts"

export interface Core {
  readonly store: Store
  readonly clock: Clock
  /** The machine's, which may be set back: for ID tokens, whose times apps hold against their own clock. */
  readonly wall: Clock
  readonly ids: Ids
  readonly keyring: Keyring
  readonly identity: IdentityPort
  readonly teams: TeamsPort
  /** Consents that ever spent a team's credits, so that nobody is asked about the others. */
  readonly teamPaid: Set<number>
  readonly issuer: string
  readonly audience: string
  readonly consentMaxAgeMs: () => number | null
  readonly keys: SigningKeys
  readonly revoked: Revoked
  readonly shares: Shares
  readonly approvals: Approvals
  readonly resources: Resources
  readonly nonces: Nonces
  readonly outbox: Pick<Outbox, "enqueueIn">
  readonly safeFetch: SafeFetch
  readonly polls: Polls
  readonly setting: <Value>(setting: Setting<Value>) => Value
  readonly documents: Documents
  readonly secretUses: SecretUses
}

/** Grants and tokens that ended while an access token may still be unexpired, and suspended clients. */
export interface Revoked {
  readonly clients: Set<number>
  /** Client id → epoch its tokens must be of; clients never suspended are left out and stand at 0. */
  readonly epochs: Map<number, number>
  /** Grant id → when its last access token expires, ms. */
  readonly grants: Map<number, number>
  /** Token id → when it expires, ms. */
  readonly tokens: Map<string, number>
}

export function loadRevoked(reader: Reader, nowMs: number): Revoked {
  const revoked: Revoked = {
    clients: new Set(suspendedClientIds(reader)),
    epochs: new Map(tokenEpochs(reader).map(({ id, epoch }) => [id, epoch])),
    grants: new Map(),
    tokens: new Map(),
  }
  // Twice the life: a token signed just before its grant ended is covered whatever the clock did.
  for (const row of recentlyRevokedGrants(reader, nowMs - 2 * OAUTH_LIMITS.accessTokenMs)) {
    revoked.grants.set(row.id, row.revokedMs + 2 * OAUTH_LIMITS.accessTokenMs)
  }
  for (const row of revokedTokens(reader, nowMs)) revoked.tokens.set(row.jti, row.expiresMs)
  return revoked
}

/** Remembers ended grants once they are durably ended. */
export function rememberRevoked(core: Core, tx: Tx, grantIds: readonly number[]): void {
  const untilMs = tx.now + 2 * OAUTH_LIMITS.accessTokenMs
  tx.afterCommit(() => {
    for (const id of grantIds) core.revoked.grants.set(id, untilMs)
  })
}

export const invalidGrant = (message: string, detail?: unknown): AppError =>
  new AppError("invalid_grant", message, {}, detail)

/** Re-reads the person inside the body; to a token endpoint a suspended person is an invalid grant. */
export function requireActiveUserIn(core: Core, tx: Tx, userId: UserId): void {
  try {
    core.identity.requireActiveIn(tx, userId)
  } catch (error) {
    if (error instanceof AppError && error.status < 500) throw invalidGrant("This account is suspended.", error)
    throw error
  }
}

// Who calls, in whose name and from whose wallet: by an app's access token, by a person's own key, or from a page of the console.
import type { ClientId, KeyId, Nano, UserId } from "../app/index.ts"
import type { Principal } from "../ledger/index.ts"
import type { AiScope, Mode } from "../oauth/index.ts"
import type { Tx } from "../store/index.ts"

/** What stands behind a caller at the moment of a hold. */
export interface Standing {
  /** n$ that this app may spend for the scope on a UTC day; null = no limit. Always null without an app. */
  dailyLimitNano: Nano | null
  /** Of the person who calls. */
  emailVerified: boolean
}

/** Who calls, and in whose name and from whose wallet. Made once for each token, key or session. */
export interface Caller {
  /** By an app's access token, a person's own key, or a page of the console. */
  kind: "app" | "key" | "session"
  /** The person who calls. */
  userId: UserId
  userPublicId: string
  /** Whose wallet pays. Never assumed to be the caller's. */
  payer: Principal
  clientId: ClientId | null
  clientPublicId: string | null
  keyId: KeyId | null
  /** Whose daily limits count; null for a first-party app, a developer's test token and a key. */
  consentId: number | null
  /** Who earns a share; null: nobody does. */
  developer: Principal | null
  /** Basis points of the model's price that they earn, where the price rule says this many; absent: as it says. */
  shareOf?: (ruleBp: number) => number
  mode: Mode
  /** Of the token, key or session; asked again by `requireIn`. */
  scopes: ReadonlySet<string>
  /** For the audit log: `app:cli_…`. */
  actor: string
  /**
   * Asks the rows again, inside the body that holds, that person, app and permission, or key are alive.
   * @param scope none where no permission opens it, such as managing one's own
   * @throws AppError token_revoked, client_suspended, api_key_…, account_suspended, insufficient_scope
   */
  requireIn(tx: Tx, scope?: AiScope): Standing
}

// The nouns of app secret keys: an app's own server shows one, and speaks for the app, for nobody who uses it.
import type { ClientId, Clock, Ids, UserId } from "../../app/index.ts"
import type { FoundSecret } from "../../keys/index.ts"
import type { Mails } from "../../mail/index.ts"
import type { Client, Oauth } from "../../oauth/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import type { APP_KEY_SCOPES } from "./rules.ts"

export type AppKeyScope = (typeof APP_KEY_SCOPES)[number]

export interface AppKey {
  /** `apk_…` */
  publicId: string
  name: string
  scopes: AppKeyScope[]
  /** "app_live_9fK2…c41a" */
  hint: string
  createdMs: number
  /** It is refused from then on; null: until it is revoked. */
  expiresMs: number | null
  /** May be behind by `usesEveryMs`; null: never. */
  usedMs: number | null
}

export interface AppKeyInput {
  ownerId: UserId
  clientPublicId: string
  name: string
  scopes: readonly string[]
  expiresMs?: number | null
}

export interface AppKeyRef {
  ownerId: UserId
  clientPublicId: string
  keyPublicId: string
}

/** Who asks: an app, by one of its keys. */
export interface AppCaller {
  client: Client
  keyId: number
  scopes: ReadonlySet<AppKeyScope>
}

export interface AppKeysDeps {
  store: Store
  clock: Clock
  ids: Ids
  oauth: Pick<Oauth, "clientById" | "clientByPublicId" | "clientIn">
  mails: Pick<Mails, "queueIn">
  identity: {
    requireActiveIn(tx: Tx, userId: UserId): { publicId: string }
    isSuspended(userId: UserId): boolean
    userById(id: UserId): { email: string } | null
  }
}

export interface AppKeys {
  /** Those that are not revoked, newest first, also what is over by itself. */
  of(clientId: ClientId): AppKey[]
  /** The key is in the answer alone. @throws AppError not_found, conflict (too many), validation_failed, account_suspended */
  createIn(tx: Tx, input: AppKeyInput): { secret: string; key: AppKey }
  create(ctx: WriteContext, input: AppKeyInput): Promise<{ secret: string; key: AppKey }>
  /** For good, from the next request on. @throws AppError not_found */
  revokeIn(tx: Tx, ref: AppKeyRef): AppKey
  /**
   * Asked with every request: nothing of it is kept in memory.
   * @throws AppError invalid_api_key, api_key_revoked, api_key_expired, client_suspended, account_suspended, insufficient_scope
   */
  authenticate(secret: string, scope: AppKeyScope): AppCaller
  /** The same, read again inside the body that charges. @throws as `authenticate` */
  requireIn(tx: Tx, caller: AppCaller, scope: AppKeyScope): void
  /** Found in public: what is alive of it ends, its developer is told, and whoever reports learns nothing. */
  report(ctx: WriteContext, found: readonly FoundSecret[]): Promise<void>
  /** Writes when keys were used since the last time. @returns how many */
  flushUses(): Promise<number>
  /** Deletes what was revoked long ago. @returns how many */
  sweepIn(tx: Tx, rows: number): number
}

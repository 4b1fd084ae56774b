// The nouns of API keys (SPEC KE-1): a person's own keys for direct calls and for programs that manage an account.
import type { Clock, Ids, KeyId, Log, Nano, PrincipalId, UserId } from "../app/index.ts"
import type { Mails } from "../mail/index.ts"
import type { AiScope, Mode } from "../oauth/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"
import type { ADMIN_SCOPES } from "./rules.ts"
import type { KeySpend } from "./spend.ts"

export type AdminScope = (typeof ADMIN_SCOPES)[number]
/** What a key may do: call models of a kind, manage the account, or act as the admin who made it. */
export type KeyScope = AiScope | "manage" | AdminScope

/** Why it ended: its owner wanted it, or somebody found it where it should not be. */
export type RevokedBecause = "owner" | "reported"

/** What a person decides about a key. */
export interface KeyTermsInput {
  name: string
  scopes: readonly string[]
  /** Addresses and ranges (CIDR); none = from anywhere. */
  allowedIps?: readonly string[]
  /** ms UTC; null = never. */
  expiresMs?: number | null
}

export interface CreateKey extends KeyTermsInput {
  /** Who makes it, and in whose name it acts. */
  userId: UserId
  /** Whose wallet pays, a team's; default: the maker's. */
  payerId?: UserId
  /** Default: live. */
  mode?: Mode
}

/** What is left out stays. */
export interface EditKey extends Partial<KeyTermsInput> {
  /** Whose wallet pays: a key is its payer's. */
  userId: UserId
  keyPublicId: string
}

export interface KeyRef {
  /** Whose wallet pays: a key is its payer's. */
  userId: UserId
  keyPublicId: string
}

export interface ApiKey {
  id: KeyId
  publicId: string
  userId: UserId
  /** Whose wallet pays. */
  payerId: PrincipalId
  mode: Mode
  name: string
  scopes: KeyScope[]
  allowedIps: string[]
  expiresMs: number | null
  disabledMs: number | null
  revokedMs: number | null
  revokedBecause: RevokedBecause | null
  createdMs: number
  updatedMs: number
}

/** A key for its owner's eyes; the secret itself is known only to the answer that made it. */
export interface ApiKeyShown extends ApiKey {
  /** `sk_live_Ab12`, of the newest secret. */
  prefix: string
  /** The secret that a roll replaced, while it still works. */
  ending: { prefix: string; endsMs: number } | null
  /** At most half a minute behind; null = never. */
  lastUsedMs: number | null
}

/** A key as one of several; names are no one's alone, prefixes tell them apart. */
export type KeyChoice = Pick<ApiKeyShown, "id" | "publicId" | "payerId" | "mode" | "name" | "revokedMs" | "prefix">

/** The only answer that holds the secret. */
export interface MadeKey {
  secret: string
  key: ApiKeyShown
}

/** A secret that was looked up: what it is of, as it stands now. Asked again for each request. */
export interface KeyClaims {
  keyId: KeyId
  keyPublicId: string
  secretId: number
  userId: UserId
  userPublicId: string
  payerId: PrincipalId
  mode: Mode
  scopes: ReadonlySet<string>
  expiresMs: number | null
  isDisabled: boolean
  isRevoked: boolean
  /** When a roll ends this secret. */
  endsMs: number | null
  /** Null: works from anywhere. */
  worksFrom: ((address: string) => boolean) | null
}

/** What is true of a key in the body that spends. No key has an app's daily limit. */
export interface LiveKey {
  dailyLimitNano: null
  emailVerified: boolean
}

/** A report of a found secret: who says so and where it stood. */
export interface FoundSecret {
  token: string
  /** Where it was found, for the audit log. */
  url: string | null
}

/** What this domain needs to know about people; identity fits it. */
export interface KeyPeople {
  userById(id: UserId): { publicId: string; email: string; emailVerified: boolean; isAdmin: boolean } | null
  /** Memory only, right at every moment. */
  isSuspended(userId: UserId): boolean
  /** @throws AppError account_suspended, read inside the body */
  requireActiveIn(tx: Tx, userId: UserId): { emailVerified: boolean; isAdmin?: boolean }
}

export interface KeysDeps {
  store: Store
  clock: Clock
  ids: Ids
  log: Log
  mails: Pick<Mails, "queueIn">
  identity: KeyPeople
}

/** Verbs. `…In(tx, …)` runs inside a mutation; its pair without `In` is one durable write, in force when it is answered. */
export interface Keys {
  /** @throws AppError validation_failed with formErrors, conflict above the most a person may have */
  createIn(tx: Tx, input: CreateKey): MadeKey
  create(ctx: WriteContext, input: CreateKey): Promise<MadeKey>
  /** @throws AppError not_found, conflict (revoked), validation_failed with formErrors */
  editIn(tx: Tx, input: EditKey): ApiKeyShown
  edit(ctx: WriteContext, input: EditKey): Promise<ApiKeyShown>
  /** @throws AppError not_found, conflict (revoked) */
  setDisabledIn(tx: Tx, input: KeyRef & { disabled: boolean }): ApiKeyShown
  setDisabled(ctx: WriteContext, input: KeyRef & { disabled: boolean }): Promise<ApiKeyShown>
  /** For good. Twice changes nothing. @throws AppError not_found */
  revokeIn(tx: Tx, input: KeyRef): ApiKeyShown
  revoke(ctx: WriteContext, input: KeyRef): Promise<ApiKeyShown>
  /** What somebody made for a wallet that is not theirs any more to spend from. In force when the body is committed. */
  revokeForIn(tx: Tx, by: { userId: UserId; payerId: UserId }): void
  /** A new secret for the same key. @param input.keepMs how long the one before works on; 0 = it ends now */
  rollIn(tx: Tx, input: KeyRef & { keepMs: number }): MadeKey
  roll(ctx: WriteContext, input: KeyRef & { keepMs: number }): Promise<MadeKey>
  /** Of a person, newest first; those that were revoked last. */
  of(userId: UserId): ApiKeyShown[]
  /** Null also for another person's. */
  byPublicId(userId: UserId, keyPublicId: string): ApiKeyShown | null
  /** What was spent with each key of a person so far, exact; those without a paid call are left out. */
  spendOf(userId: UserId): Map<KeyId, KeySpend>
  /** What was spent with one key on one UTC day, exact, whatever its calls still know. */
  spentOn(key: Pick<ApiKey, "id" | "payerId" | "mode">, day: number): Nano
  /** Of a person and mode, by name: those that are alive, and of those that are over the ones among `used`. */
  toChoose(of: Pick<ApiKey, "userId" | "mode">, used: readonly KeyId[]): KeyChoice[]
  /** Whoever's: for an operator. */
  find(keyPublicId: string): Pick<ApiKey, "id" | "publicId" | "name" | "userId"> | null
  /** By their numbers, whoever's; unknown ones are left out. */
  named(ids: readonly KeyId[]): Map<KeyId, Pick<ApiKey, "publicId" | "name" | "userId">>

  /** Whether a credential claims to be a key; anything else is none of ours. */
  isKey(credential: string): boolean
  /** Looks a secret up; remembered by hash until its key changes. @throws AppError invalid_api_key */
  claimsOf(secret: string): KeyClaims
  /**
   * Memory only; notes the use.
   * @param address asked for only where the key has a list
   * @throws AppError api_key_revoked, api_key_expired, api_key_disabled, api_key_address_denied, account_suspended
   */
  assertAlive(claims: KeyClaims, address: () => string): void
  /** Reads the rows again inside the body that spends. @throws as assertAlive, and insufficient_scope where one is asked for */
  requireKeyIn(tx: Tx, claims: KeyClaims, scope?: KeyScope): LiveKey
  /** Whether the person is still the admin that they were. @throws AppError insufficient_scope, forbidden */
  requireAdmin(claims: KeyClaims, scope: AdminScope): void

  /** Revokes what is alive of it and tells the owners. Answers nothing, so that nobody learns what exists. */
  report(ctx: WriteContext, found: readonly FoundSecret[]): Promise<void>

  /** Writes who was used when. @returns keys written */
  flushUses(): Promise<number>
  /** Sums by key and day all that was spent: before calls forget which key they were made with. */
  sumSpend(): Promise<void>
  stop(): Promise<void>
}

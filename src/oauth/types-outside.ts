// What this domain is given: people, keys, clocks, and where it stands.
import type { Clock, Ids, Keyring, UserId } from "../app/index.ts"
import type { Store, Tx } from "../store/index.ts"

/** What this domain needs to know about people; identity fits it. */
export interface IdentityPort {
  userById(id: UserId): OauthUser | null
  /** Memory only, right at every moment. */
  isSuspended(userId: UserId): boolean
  /** @throws AppError account_suspended (or not_found), read inside the body */
  requireActiveIn(tx: Tx, userId: UserId): { emailVerified: boolean }
}

export interface OauthUser {
  id: UserId
  publicId: string
  email: string
  emailVerified: boolean
  name: string | null
  /** When anything of this was changed last, ms. */
  updatedMs: number
}

/** The signed-in person of this browser; the site has just looked the session up. */
export interface AuthSession {
  sessionId: string | number
  userId: UserId
  authTimeMs: number
}

export interface OauthDeps {
  store: Store
  clock: Clock
  /** What others compare ID tokens with; default: the same. */
  wall?: Clock
  ids: Ids
  keyring: Keyring
  identity: IdentityPort
  /** Origin without trailing slash, fixed at first run; the `iss` of every token. */
  issuer: string
  /**
   * `aud` of access tokens; default `${issuer}/v1`. ID tokens carry the client id instead, so neither passes for the
   * other.
   */
  audience?: string
  /** Consents older than this are asked again; null = never (SPEC §4.5). */
  consentMaxAgeMs?: number | null
  /** What the first keys of a new database are made of; default: two RSA pairs that nobody had before. */
  firstPairs?: () => Promise<SigningPairs>
}

/** One signs now and one next; both extractable. */
export type SigningPairs = readonly [CryptoKeyPair, CryptoKeyPair]

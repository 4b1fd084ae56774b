// The nouns of tokens: what signs them, what a client asks of them, what one says and what still stands of it.
import type { ClientId, Nano, UserId } from "../../app/index.ts"
import type { SigningAlg } from "../keys/algs.ts"
import type { AiScope, Mode, Scope } from "../types.ts"

/** One signs now and one next; both extractable. */
export type SigningPairs = readonly [CryptoKeyPair, CryptoKeyPair]

/** What a client asks of its tokens (OpenID Connect Registration §2, RFC 9449 §5.2). */
export interface ClientTokens {
  /** `id_token_signed_response_alg`. Access tokens are signed with RS256 for everybody. */
  idTokenAlg: SigningAlg
  /** `dpop_bound_access_tokens`: no token is given without proof of a key. */
  dpopBound: boolean
}

/** What an access token says, with internal ids. Immutable facts only: liveness is asked separately. */
export interface AccessClaims {
  jti: string
  userId: UserId
  userPublicId: string
  clientId: ClientId
  clientPublicId: string
  /** How often the client had been suspended when this was signed; a token of an earlier epoch is dead. */
  clientEpoch: number
  grantId: number
  /** null for first-party clients, which need no consent. */
  consentId: number | null
  developerId: UserId | null
  mode: Mode
  scopes: ReadonlySet<string>
  expMs: number
  /** What it is for. */
  audiences: readonly string[]
  /** It is for `/v1`, as tokens are that ask for nothing else. */
  isUsual: boolean
  /** Thumbprint of the key that alone may use it; null = whoever bears it. */
  jkt: string | null
  /** Of a token for less than was given: what it may spend at most of the app's day, by scope; null = as the person gave. */
  limits: Partial<Record<AiScope, Nano>> | null
}

/** A call with a token that is bound to a key, or that says so. */
export interface ProvenCall {
  /** It came with `Authorization: DPoP`. */
  isDpop: boolean
  /** The `DPoP` header, if any. */
  proof: string | null
  method: string
  /** Its path alone counts. */
  url: string
  token: string
  /** Told the nonce for the next proof, when it is a new one. */
  onNonce?(nonce: string): void
}

export interface LiveGrant {
  /** Whose credits it spends: its person's, or a team's. */
  payerId: UserId
  /** n$ per UTC day for the asked AI scope; null = no limit (first-party) or no AI scope asked. */
  dailyLimitNano: Nano | null
  developerId: UserId | null
  scopes: Scope[]
  /** Of the person who granted it, read in the same body. */
  emailVerified: boolean
}

// The scope catalogue (SPEC §4.5) and arithmetic on scope lists (RFC 6749 §3.3). Order of the catalogue = order on
// pages.
import { credits, type Nano } from "../app/index.ts"
import type { AccountScope, AiScope, Scope } from "./types.ts"

export const IDENTITY_SCOPES = ["openid", "profile", "email", "offline_access"] as const
export const AI_SCOPES = ["llm", "embeddings", "image-generation", "video-generation", "speech", "mcp"] as const
/** What opens the account itself, as a tool server and nowhere else: a token has them only where that server was named as its resource. */
export const ACCOUNT_SCOPES = ["account:read", "account:manage", "developer:read"] as const
export const SCOPES: readonly Scope[] = [...IDENTITY_SCOPES, ...AI_SCOPES, ...ACCOUNT_SCOPES]

/** What the consent page proposes per UTC day: a day of free credits for text, less for what is called in passing. */
export const DEFAULT_DAILY_LIMIT: Readonly<Record<AiScope, Nano>> = {
  llm: credits(100),
  embeddings: credits(20),
  "image-generation": credits(50),
  "video-generation": credits(100),
  speech: credits(50),
  mcp: credits(50),
}

export const isScope = (text: string): text is Scope => (SCOPES as readonly string[]).includes(text)
export const isAiScope = (text: string): text is AiScope => (AI_SCOPES as readonly string[]).includes(text)
export const isAccountScope = (text: string): text is AccountScope =>
  (ACCOUNT_SCOPES as readonly string[]).includes(text)

/**
 * The known scopes of a space-separated list, each once, in catalogue order; unknown ones are dropped (OIDC Core
 * §3.1.2.1).
 */
export function parseScopes(text: string): Scope[] {
  const asked = new Set(text.split(" "))
  return SCOPES.filter((scope) => asked.has(scope))
}

/** In the row of an app that came by itself and said nothing: whatever there is, also what comes later. */
export const ANY_SCOPE = "*"

/** Stored lists come in few spellings (at most 2^13); each is parsed once. Never give it text from outside. */
export function storedScopes(text: string): readonly Scope[] {
  let scopes = parsed.get(text)
  if (!scopes) {
    scopes = text === ANY_SCOPE ? SCOPES : parseScopes(text)
    parsed.set(text, scopes)
  }
  return scopes
}
const parsed = new Map<string, readonly Scope[]>()

/** The names in the scope of a token of ours: as few spellings, so that tokens share their sets. Never for text from outside. */
export function signedScopes(text: string): ReadonlySet<string> {
  let scopes = signed.get(text)
  if (!scopes) {
    scopes = new Set(text.split(" "))
    signed.set(text, scopes)
  }
  return scopes
}
const signed = new Map<string, ReadonlySet<string>>()

export const formatScopes = (scopes: Iterable<Scope>): string => parseScopes([...scopes].join(" ")).join(" ")

export const isSubset = (part: readonly Scope[], whole: readonly Scope[]): boolean =>
  part.every((scope) => whole.includes(scope))
export const intersect = (left: readonly Scope[], right: readonly Scope[]): Scope[] =>
  left.filter((scope) => right.includes(scope))

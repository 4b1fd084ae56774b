// What a grant still allows, PKCE, and parameters of the token endpoint. Pure.
import { AppError, constantTimeEqual } from "../../app/index.ts"
import type { Proof } from "../dpop/proof.ts"
import { intersect } from "../scopes.ts"
import type { Client, Scope } from "../types.ts"
import type { Grant } from "./store.ts"

/** A request of the token endpoint, read. */
export interface TokenRequest {
  /** A parameter's value; empty means absent. */
  param(name: string): string | null
  /** What the access token is to be for; null = all that the grant is for. */
  resources: readonly string[] | null
  /** The key that it is to be bound to; null = whoever bears it. */
  proof: Proof | null
}

/** Scopes that stand now: granted, still consented to, still registered by the client. */
export const standingScopes = (grant: Grant): Scope[] =>
  intersect(intersect(grant.scopes, grant.standing), grant.clientScopes)

/** Scopes whose claims may be handed out one by one: consented to, or all of a client that needs no consent. */
export const openScopes = (grant: Grant): Scope[] =>
  grant.consentId === null ? grant.clientScopes : intersect(grant.standing, grant.clientScopes)

/**
 * A refresh token is given when the person granted `offline_access`, or when the request was plain OAuth without
 * `openid`, where that scope has no meaning (OIDC Core §11).
 */
export const givesRefreshToken = (scopes: readonly Scope[]): boolean =>
  scopes.includes("offline_access") || !scopes.includes("openid")

/** The key that a refresh token is bound to: a public client proves itself by it alone (RFC 9449 §5). */
export const boundRefresh = ({ client, jkt }: { client: Pick<Client, "type">; jkt: string | null }): string | null =>
  client.type === "public" ? jkt : null

/** S256 (RFC 7636 §4.6). */
export function verifierMatches(verifier: string, challenge: string): boolean {
  if (!/^[A-Za-z0-9\-._~]{43,128}$/.test(verifier)) return false
  return constantTimeEqual(new Bun.CryptoHasher("sha256").update(verifier).digest("base64url"), challenge)
}

/** Each parameter at most once (RFC 6749 §3.2), `resource` as often as the client likes (RFC 8707 §2); empty means absent. */
export function singleParams(params: URLSearchParams): (name: string) => string | null {
  const seen = new Set<string>()
  for (const name of params.keys()) {
    if (name === "resource") continue
    if (seen.has(name)) throw new AppError("invalid_request", `Send ${printable(name)} only once.`, { param: name })
    seen.add(name)
  }
  return (name) => params.get(name) || null
}

export function required(value: string | null, name: string): string {
  if (value === null) throw new AppError("invalid_request", `${name} is missing.`, { param: name })
  return value
}

const printable = (name: string): string => name.slice(0, 40).replace(/[^\w.-]/g, "?")

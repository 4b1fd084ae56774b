// Who is asking: access token or API key → caller. What it says is verified once (oauth and keys remember it by hash); that person, app
// and grant, or key are alive is asked on every request, and once more inside the hold. Cookies and query parameters are never looked at.
import { AppError, type UserId } from "../app/index.ts"
import { contextOf, credentialOf, dpopToken } from "../http/index.ts"
import type { KeyClaims } from "../keys/index.ts"
import { type Principal, principal } from "../ledger/index.ts"
import type { AccessClaims, AiScope } from "../oauth/index.ts"
import { challenge } from "./envelope.ts"
import type { Caller, GatewayDeps, KeyVerifier, TokenVerifier } from "./types.ts"

type Deps = Pick<GatewayDeps, "oauth" | "keys" | "apiUrl">

type OnRefused = (caller: Caller, error: AppError) => void

/**
 * @param onRefused a token or key whose person is known, and which does not count
 * @throws AppError token_missing, token_invalid, token_expired, token_revoked, client_suspended, account_suspended, invalid_api_key,
 * api_key_…
 */
export async function authenticate(deps: Deps, request: Request, onRefused?: OnRefused): Promise<Caller> {
  const context = contextOf(request)
  let bound: string | null = null
  try {
    bound = dpopToken(request)
    const credential = bound ?? credentialOf(request)
    const isKey = bound === null && deps.keys.isKey(credential)
    context.caller = isKey ? "key" : "app"
    if (isKey) return keyCaller(deps, request, credential, onRefused)
    const claims = await deps.oauth.verifyAccessToken(credential, request.url)
    const caller = callerOf(deps.oauth, claims)
    alive(caller, () => deps.oauth.assertAlive(claims), onRefused)
    // Nobody who merely bears a token waits for this.
    if (bound !== null || claims.jkt !== null) await proven(deps, request, claims, credential, bound !== null)
    return caller
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw challenge(error, deps.apiUrl, { scope: scopeOfPath(request), dpop: bound !== null })
  }
}

/** The key that a token is bound to made a proof for this very request (RFC 9449 §7). */
async function proven(
  { oauth }: Deps,
  request: Request,
  claims: AccessClaims,
  token: string,
  isDpop: boolean,
): Promise<void> {
  const context = contextOf(request)
  await oauth.proveCall(claims, {
    isDpop,
    proof: request.headers.get("dpop"),
    method: request.method,
    url: request.url,
    token,
    onNonce(nonce) {
      context.answerHeaders = { ...context.answerHeaders, "dpop-nonce": nonce }
    },
  })
}

/** What a token has to be asked for, told to whoever has none. */
function scopeOfPath(request: Request): AiScope | undefined {
  const { pathname } = new URL(request.url)
  if (pathname === "/v1/embeddings" || pathname === "/v1/rerank") return "embeddings"
  if (pathname.startsWith("/v1/audio/")) return "speech"
  if (pathname.startsWith("/v1/images/")) return "image-generation"
  if (/^\/v1\/videos(\/|$)/.test(pathname)) return "video-generation"
  return /\/(chat\/completions|responses|messages|moderations)(\/|$)/.test(pathname) ? "llm" : undefined
}

function keyCaller({ keys }: Deps, request: Request, secret: string, onRefused: OnRefused | undefined): Caller {
  const claims = keys.claimsOf(secret)
  const caller = callerOfKey(keys, claims)
  alive(caller, () => keys.assertAlive(claims, () => contextOf(request).ip), onRefused)
  return caller
}

function alive(caller: Caller, asserted: () => void, onRefused: OnRefused | undefined): void {
  try {
    asserted()
  } catch (error) {
    if (error instanceof AppError) onRefused?.(caller, error)
    throw error
  }
}

/** @throws AppError insufficient_scope (RFC 6750 §3.1) */
export function requireScope(
  caller: Caller,
  scope: AiScope,
  { baseUrl, apiUrl }: Pick<GatewayDeps, "baseUrl" | "apiUrl">,
): void {
  if (caller.scopes.has(scope)) return
  const words =
    caller.kind === "key"
      ? `This API key lacks the permission \`${scope}\`. Edit the key at ${baseUrl}/keys, or use another.`
      : `This needs the permission \`${scope}\`. Ask for it when the person signs in.`
  throw challenge(new AppError("insufficient_scope", words, { fields: { scope } }), apiUrl)
}

const callers = new WeakMap<AccessClaims | KeyClaims, Caller>()

/** Made once for each token, and once more when its person chooses other credits for the app. */
function callerOf(oauth: TokenVerifier, claims: AccessClaims): Caller {
  const payer = principal(oauth.payerOf(claims))
  const known = callers.get(claims)
  if (known?.payer.id === payer.id) return known
  return kept(claims, {
    kind: "app",
    userId: claims.userId,
    userPublicId: claims.userPublicId,
    payer,
    clientId: claims.clientId,
    clientPublicId: claims.clientPublicId,
    keyId: null,
    consentId: claims.consentId,
    developer: claims.developerId === null ? null : principal(claims.developerId),
    shareOf: (ruleBp) => oauth.shareFor(claims, ruleBp),
    mode: claims.mode,
    scopes: claims.scopes,
    actor: `app:${claims.clientPublicId}`,
    requireIn: (tx, scope) => samePayer(oauth.requireGrantIn(tx, claims, scope), payer),
  })
}

/** Prices, limits and what was answered before are of the one who pays. @throws AppError conflict where that is somebody else by now */
export function samePayer<Live extends { payerId: UserId }>(live: Live, payer: Principal): Live {
  if (live.payerId === payer.id) return live
  throw new AppError("conflict", "Other credits were chosen for this app just now. Send the request again.")
}

/** A person's own key: no app, so nobody earns a share, and no app's daily limit counts. */
function callerOfKey(keys: KeyVerifier, claims: KeyClaims): Caller {
  return (
    callers.get(claims) ??
    kept(claims, {
      kind: "key",
      userId: claims.userId,
      userPublicId: claims.userPublicId,
      payer: principal(claims.payerId),
      clientId: null,
      clientPublicId: null,
      keyId: claims.keyId,
      consentId: null,
      developer: null,
      mode: claims.mode,
      scopes: claims.scopes,
      actor: `user:${claims.userPublicId}`,
      requireIn: (tx, scope) => keys.requireKeyIn(tx, claims, scope),
    })
  )
}

function kept(claims: AccessClaims | KeyClaims, caller: Caller): Caller {
  callers.set(claims, caller)
  return caller
}

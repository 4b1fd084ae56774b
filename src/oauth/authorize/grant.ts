// The end of an authorization: a grant and its one code, in the caller's body (OAuth 2.1 §4.1.2).
import { type ClientId, randomSecret, sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { allowedClaims } from "../claims.ts"
import { noteUse } from "../client/store-origins.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { insertCode, insertGrant } from "../token/store.ts"
import type { AuthSession, Client, Redirect, Scope } from "../types.ts"
import type { AuthRequest } from "./request.ts"
import { fedcmDone, successLocation } from "./response.ts"
import { askingApp } from "./view.ts"

interface NewGrant {
  clientId: ClientId
  session: AuthSession
  scopes: Scope[]
  consentId: number | null
  /** What its tokens are for; default: /v1. */
  resources?: readonly string[] | null
  /** Single claims, as they are stored. */
  claims?: string | null
  /** AI scopes of which it asked for a limit, separated by blanks. */
  details?: string | null
}

/** What a person gave an app, before anything is handed out for it. @returns its id */
export function newGrantIn(
  core: Core,
  tx: Tx,
  { clientId, session, scopes, consentId, claims, details, resources = null }: NewGrant,
): number {
  const publicId = core.ids.next("gnt")
  const grantId = insertGrant(tx, {
    publicId,
    userId: session.userId,
    clientId,
    consentId,
    sessionId: String(session.sessionId),
    scopes,
    authTimeMs: session.authTimeMs,
    resources,
    sid: session.sid,
    amr: session.amr.join(" "),
    claims: claims ?? null,
    details: details ?? null,
  })
  auditIn(tx, { action: "grant.created", subject: publicId, after: { scopes } })
  noteUse(tx, clientId)
  return grantId
}

interface Given {
  request: AuthRequest
  client: Client
  session: AuthSession
  scopes: Scope[]
  allowed: readonly Scope[]
  consentId: number | null
}

export function grantIn(core: Core, tx: Tx, input: Given): Redirect {
  const { request, client } = input
  // The browser asks once more, and is given it then.
  if (request.fedcm) return fedcmDone(core, client, request, request.fedcm)
  const { code } = codeIn(core, tx, input)
  return { kind: "redirect", location: successLocation(core, request, code), app: askingApp(client, request) }
}

export function codeIn(core: Core, tx: Tx, input: Given): { code: string } {
  const { request, session, scopes, consentId } = input
  const { clientId, resources } = request
  const claims = allowedClaims(request.claims, input.allowed)
  const detailed = Object.keys(request.suggested).filter((scope) => (scopes as string[]).includes(scope))
  const details = Object.keys(request.suggested).length === 0 ? null : detailed.join(" ")
  const grantId = newGrantIn(core, tx, { clientId, session, scopes, consentId, claims, details, resources })
  const code = `ac_${randomSecret()}`
  insertCode(tx, {
    hash: sha256Hex(code),
    grantId,
    redirectUri: request.redirectUri,
    codeChallenge: request.codeChallenge,
    nonce: request.nonce,
    expiresMs: tx.now + OAUTH_LIMITS.codeMs,
    dpopJkt: request.dpopJkt,
  })
  return { code }
}

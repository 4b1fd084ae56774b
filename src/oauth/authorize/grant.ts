// The end of an authorization: a grant and its one code, in the caller's body (OAuth 2.1 §4.1.2).
import { randomSecret, sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { insertCode, insertGrant } from "../token/store.ts"
import type { AuthSession, Client, Redirect, Scope } from "../types.ts"
import type { AuthRequest } from "./request.ts"
import { successLocation } from "./response.ts"
import { askingApp } from "./view.ts"

export function grantIn(
  core: Core,
  tx: Tx,
  input: { request: AuthRequest; client: Client; session: AuthSession; scopes: Scope[]; consentId: number | null },
): Redirect {
  const { request, session } = input
  const publicId = core.ids.next("gnt")
  const grantId = insertGrant(tx, {
    publicId,
    userId: session.userId,
    clientId: request.clientId,
    consentId: input.consentId,
    sessionId: String(session.sessionId),
    scopes: input.scopes,
    authTimeMs: session.authTimeMs,
    resources: request.resources,
    sid: session.sid,
    amr: session.amr.join(" "),
  })
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
  auditIn(tx, { action: "grant.created", subject: publicId, after: { scopes: input.scopes } })
  return { kind: "redirect", location: successLocation(core, request, code), app: askingApp(input.client, request) }
}

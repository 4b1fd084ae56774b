// What an app asks when it sends somebody to sign out (OpenID Connect RP-Initiated Logout 1.0).
// * id_token_hint is an ID token that we signed, expired or not, of the client that client_id names, where both are given
// * post_logout_redirect_uri is registered, letter for letter   * without a hint of this very sign-in the person is asked
// * nobody is sent on by a link that anybody could have made: then a page has the link (RFC 9700 §4.11.2)
import { AppError, ensure } from "../../app/index.ts"
import { type IdTokenClaims, readIdToken } from "../access/verify.ts"
import { sessionsOf } from "../authorize/interaction.ts"
import { returnsTo, withParams } from "../client/redirect-uri.ts"
import { clientById, clientByPublicId } from "../client/store.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { AuthSession, Client } from "../types.ts"
import type { BeginLogout, LogoutOutcome, LogoutReturn } from "./types.ts"

const PARAMS = ["id_token_hint", "logout_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"]
const PURPOSE = "logout-request"
const PLACE = "oauth:logout-request"

/** What a request is worth once it was checked; it travels sealed in our form. */
interface Sealed {
  clientId: number
  uri: string | null
  state: string | null
  atMs: number
}

export async function beginLogout(core: Core, { params, ...people }: BeginLogout): Promise<LogoutOutcome> {
  const sessions = sessionsOf(people)
  try {
    const asked = await checked(core, params)
    if (asked === null)
      return sessions.length > 0 ? { kind: "ask", request: null, app: null } : { kind: "nobody", app: null }
    const app = returnOf(asked.client, asked)
    if (sessions.length === 0) return { kind: "nobody", app }
    const { hint } = asked
    const meant = hint && sessions.find((session) => isOf(core, hint, session))
    if (meant) return { kind: "end", app, userId: meant.userId }
    const sealed: Sealed = { clientId: asked.client.id, uri: asked.uri, state: asked.state, atMs: core.clock.now() }
    return { kind: "ask", request: core.keyring.seal(PURPOSE, PLACE, JSON.stringify(sealed)), app }
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return { kind: "error-page", error }
    throw error
  }
}

/** Where the person goes who said yes; null: nowhere, or the app may not send them there any more. */
export function logoutReturn(core: Core, request: string | null): LogoutReturn | null {
  const sealed = request === null || request.length > OAUTH_LIMITS.interactionCharsMax ? null : unseal(core, request)
  if (!sealed || core.clock.now() >= sealed.atMs + OAUTH_LIMITS.authorizationMs) return null
  const client = clientById(core.store.read, sealed.clientId)
  return client && returnOf(client, sealed)
}

interface Checked {
  client: Client
  hint: IdTokenClaims | null
  uri: string | null
  state: string | null
}

/** null: no app stands behind it. @throws AppError invalid_request for the error page */
async function checked(core: Core, params: URLSearchParams): Promise<Checked | null> {
  for (const name of PARAMS) {
    const values = params.getAll(name)
    ensure(values.length <= 1, "invalid_request", `The app sent ${name} more than once. Tell its developer.`)
    const charsMax = name === "id_token_hint" ? OAUTH_LIMITS.tokenCharsMax : OAUTH_LIMITS.parameterCharsMax
    ensure((values[0]?.length ?? 0) <= charsMax, "invalid_request", `The app sent a ${name} that is too long.`)
  }
  const hint = await hintOf(core, params.get("id_token_hint") || null)
  const named = params.get("client_id") || null
  ensure(
    hint === null || named === null || hint.aud === named,
    "invalid_request",
    "The app sent the id_token_hint of another app. Tell its developer.",
  )
  const uri = params.get("post_logout_redirect_uri") || null
  const id = named ?? hint?.aud ?? null
  if (id === null) {
    ensure(uri === null, "invalid_request", "The app did not say which app it is. Tell its developer.")
    return null
  }
  const client = clientByPublicId(core.store.read, id)
  ensure(client, "invalid_request", "We do not know the app that sent you here. Tell its developer.")
  ensure(
    uri === null || client.postLogoutUris.includes(uri),
    "invalid_request",
    "The app asked to send you to an address it has not registered (post_logout_redirect_uri). Tell its developer.",
  )
  return { client, hint, uri, state: params.get("state") || null }
}

async function hintOf(core: Core, token: string | null): Promise<IdTokenClaims | null> {
  if (token === null) return null
  const hint = await readIdToken(core, token)
  ensure(hint, "invalid_request", "The app sent an id_token_hint that is not of this server. Tell its developer.")
  return hint
}

/** Whether the hint speaks of this very sign-in; one from before there were sids, of its person. */
function isOf(core: Core, hint: IdTokenClaims, session: AuthSession): boolean {
  if (hint.sid !== null) return hint.sid === session.sid
  return core.identity.userById(session.userId)?.publicId === hint.sub
}

/** A suspended app sends nobody anywhere. */
function returnOf(client: Client, { uri, state }: Pick<Sealed, "uri" | "state">): LogoutReturn {
  const isAllowed = uri !== null && client.suspendedMs === null && client.postLogoutUris.includes(uri)
  return {
    appName: client.name,
    location: isAllowed ? withParams(uri, { state }) : null,
    returnsTo: isAllowed ? returnsTo(uri) : null,
  }
}

function unseal(core: Core, request: string): Sealed | null {
  try {
    return JSON.parse(core.keyring.open(PURPOSE, PLACE, request)) as Sealed
  } catch {
    return null
  }
}

// A browser's request for an app's page (W3C FedCM §5.3, and the OAuth profile of it), as an authorization request: the same checks, but
// * the page's origin is that of a registered redirect URI, letter for letter; loopback may use any port
// * what pages of ours would be asked for (prompt, max_age, hints) counts for nothing: the browser asked the person already
// * a code needs a challenge; an ID token needs a nonce, and opens nothing
import { AppError, ensure } from "../../app/index.ts"
import { CHECKS } from "../authorize/checks.ts"
import { type AuthRequest, newDraft } from "../authorize/request.ts"
import { redirectUriAllowed } from "../client/redirect-uri.ts"
import { clientByPublicId } from "../client/store.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { Client } from "../types.ts"
import type { FedcmAsk } from "./types.ts"
import type { Waiting } from "./waiting.ts"

/** Members of `params` that mean something. */
const MEMBERS = [
  "scope",
  "nonce",
  "code_challenge",
  "code_challenge_method",
  "redirect_uri",
  "resource",
  "authorization_details",
  "dpop_jkt",
]
const DEFAULT_SCOPE = "openid profile email"
/** Of an ID token alone no challenge is asked; the check wants one. */
const NO_CHALLENGE = "A".repeat(43)

export const waitingOf = (ask: Pick<FedcmAsk, "origin" | "clientId" | "accountId" | "params" | "nonce">): Waiting => {
  const { origin, clientId, accountId } = ask
  ensure((ask.params?.length ?? 0) <= OAUTH_LIMITS.parameterCharsMax, "invalid_request", "params is too long.")
  const said = membersOf(ask.params)
  const type = said.response_type ?? "id_token"
  ensure(type === "code" || type === "id_token", "unsupported_response_type", "response_type is code or id_token.")
  const params = Object.fromEntries(Object.entries(said).filter(([name]) => MEMBERS.includes(name)))
  if (params.nonce === undefined && ask.nonce) params.nonce = ask.nonce
  ensure(type === "code" || params.nonce, "invalid_request", "An ID token needs a nonce in params.")
  return { origin, clientId, accountId, params, wants: type }
}

function membersOf(params: string | null): Record<string, string> {
  if (params === null || params === "") return {}
  let said: unknown
  try {
    said = JSON.parse(params)
  } catch {
    throw new AppError("invalid_request", "params is no JSON.")
  }
  ensure(typeof said === "object" && said !== null && !Array.isArray(said), "invalid_request", "params is no object.")
  return Object.fromEntries(
    Object.entries(said).flatMap(([name, value]) => (typeof value === "string" && value ? [[name, value]] : [])),
  )
}

/** @throws AppError with an OAuth code */
export async function checkedOf(
  core: Core,
  waiting: Waiting,
  { network, requestId }: { network: string; requestId: string },
): Promise<{ client: Client; request: AuthRequest }> {
  const known = clientByPublicId(core.store.read, waiting.clientId)
  ensure(known, "invalid_client", "There is no such client.")
  const redirectUri = waiting.params.redirect_uri ?? uriAt(known, waiting.origin)
  ensure(
    redirectUri !== null && originOf(redirectUri) === waiting.origin,
    "unauthorized_client",
    "This page's origin is not one of the client's redirect URIs.",
  )
  const asked = new URLSearchParams({
    scope: DEFAULT_SCOPE,
    ...(waiting.wants === "id_token" ? { code_challenge: NO_CHALLENGE, code_challenge_method: "S256" } : {}),
    ...waiting.params,
    client_id: waiting.clientId,
    redirect_uri: redirectUri,
    response_type: "code",
  })
  const draft = newDraft(core, asked, { network, requestId })
  for (const check of CHECKS) await check(draft)
  const { request } = draft
  ensure(request.scopes.includes("openid"), "invalid_scope", "scope has to hold openid.")
  return { client: draft.client!, request: { ...request, fedcm: waiting } }
}

/** The redirect URI of this origin, of several the first; null: the client has none there. */
export function uriAt({ redirectUris }: Pick<Client, "redirectUris">, origin: string): string | null {
  const wanted = URL.canParse(origin) ? new URL(origin) : null
  if (!wanted || wanted.origin !== origin) return null
  for (const uri of redirectUris) {
    const url = new URL(uri)
    if (url.origin === origin) return uri
    const moved = `${origin}${uri.slice(`${url.protocol}//${url.host}`.length)}`
    if (url.protocol === "http:" && redirectUriAllowed(moved, redirectUris)) return moved
  }
  return null
}

/** Of private schemes: none. */
const originOf = (uri: string): string | null => (URL.canParse(uri) ? new URL(uri).origin : null)

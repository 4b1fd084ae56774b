// Pushed authorization requests (RFC 9126): an app sends its request here first, and people only carry a reference to it.
// * the client proves itself, and the request passes every check, PKCE too   * the reference is for that client, for a short while,
//   and for one answer; until then a page may be opened again   * nothing is written: the reference is the sealed request itself
import { AppError, ensure, randomSecret } from "../../app/index.ts"
import { authenticateClient } from "../client/authenticate.ts"
import { meetDocument } from "../client/documents.ts"
import { identifierOf } from "../client/rules.ts"
import type { Core } from "../core.ts"
import { proofAt } from "../dpop/prove.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { singleParams } from "../token/rules.ts"
import type { EndpointInput, PushedResponse } from "../types.ts"
import { CHECKS } from "./checks.ts"
import { newDraft } from "./request.ts"

const PREFIX = "urn:ietf:params:oauth:request_uri:"
const PURPOSE = "pushed-request"
const PLACE = "oauth:pushed-request"
/** They prove the client; the request goes on without them. */
const CREDENTIALS = ["client_secret", "client_assertion", "client_assertion_type"]

interface Sealed {
  /** 128 random bits; the interactions that it begins have it too, so that one of them is answered. */
  id: string
  clientIdentifier: string
  params: string
  expiresMs: number
}

export interface Pushed {
  id: string
  params: URLSearchParams
}

/** @throws AppError of the authorization endpoint, for the client itself to read; invalid_client, unauthorized_client */
export async function pushAuthorization(
  core: Core,
  input: EndpointInput & { network?: string },
): Promise<PushedResponse> {
  const param = singleParams(input.params)
  await meetDocument(core, input.params, { network: input.network ?? "unknown", requestId: input.requestId })
  const client = authenticateClient(core, input.params, input.authorization)
  ensure(param("request_uri") === null, "invalid_request", "A request that is pushed cannot refer to another one.")
  const params = new URLSearchParams(input.params)
  for (const name of CREDENTIALS) params.delete(name)
  params.set("client_id", identifierOf(client))
  await bindTo(core, input, params)
  const draft = newDraft(core, params, { isPushed: true })
  for (const check of CHECKS) await check(draft)
  const sealed: Sealed = {
    id: randomSecret(16),
    clientIdentifier: identifierOf(client),
    params: params.toString(),
    expiresMs: core.clock.now() + OAUTH_LIMITS.pushedRequestMs,
  }
  const handle = core.keyring.seal(PURPOSE, PLACE, JSON.stringify(sealed))
  ensure(handle.length <= OAUTH_LIMITS.interactionCharsMax, "invalid_request", "The request is too long.")
  return { request_uri: `${PREFIX}${handle}`, expires_in: OAUTH_LIMITS.pushedRequestMs / 1_000 }
}

/** A proof that comes with the request is as good as `dpop_jkt` in it (RFC 9449 §10.1). */
async function bindTo(core: Core, input: EndpointInput, params: URLSearchParams): Promise<void> {
  const proof = await proofAt(core, { dpopBound: false }, input, "/par")
  if (proof === null) return
  const named = params.get("dpop_jkt") || proof.jkt
  ensure(named === proof.jkt, "invalid_request", "dpop_jkt is not the key of the DPoP proof.", { param: "dpop_jkt" })
  proof.spend()
  params.set("dpop_jkt", proof.jkt)
}

/**
 * What was pushed; null when the request refers to nothing of ours. Parameters beside the reference count for nothing (RFC 9101 §5).
 * @throws AppError invalid_request for the error page
 */
export function pushedOf(core: Core, asked: URLSearchParams): Pushed | null {
  const uri = asked.getAll("request_uri").find((one) => one.startsWith(PREFIX))
  if (uri === undefined) return null
  ensure(asked.getAll("request_uri").length === 1, "invalid_request", "The app sent request_uri more than once.")
  const sealed = unseal(core, uri.slice(PREFIX.length))
  const isTheirs = sealed !== null && asked.getAll("client_id").join(" ") === sealed.clientIdentifier
  if (!isTheirs || core.clock.now() >= sealed.expiresMs)
    throw new AppError("invalid_request", "This sign-in has expired. Go back to the app and start again.")
  return { id: sealed.id, params: new URLSearchParams(sealed.params) }
}

function unseal(core: Core, handle: string): Sealed | null {
  if (handle.length > OAUTH_LIMITS.interactionCharsMax) return null
  try {
    return JSON.parse(core.keyring.open(PURPOSE, PLACE, handle)) as Sealed
  } catch {
    return null
  }
}

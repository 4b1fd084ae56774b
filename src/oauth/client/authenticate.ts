// Who calls the token and revocation endpoints (RFC 6749 §2.3, OAuth 2.1 §2.4).
// * client_secret_basic: id and secret are form-url-encoded before base64. * client_secret_post. * none: public
// clients.
// * One method per request.  * A public client that sends a secret is refused: it was registered wrongly or leaks one.
import { AppError, sha256Hex } from "../../app/index.ts"
import type { Core } from "../core.ts"
import type { Client } from "../types.ts"
import { isOver } from "./rules.ts"
import { clientByPublicId } from "./store.ts"
import { secretByHash } from "./store-secrets.ts"

/** @throws AppError invalid_request, invalid_client (with WWW-Authenticate when Basic was used), unauthorized_client (suspended) */
export function authenticateClient(
  core: Pick<Core, "store" | "clock" | "secretUses">,
  params: URLSearchParams,
  authorization: string | null,
): Client {
  const basic = parseBasic(authorization)
  const posted = params.get("client_secret") || null
  const postedId = params.get("client_id") || null
  if (basic && posted) {
    throw new AppError("invalid_request", "Send the client secret once: by HTTP Basic or in the body, not both.")
  }
  if (basic && postedId && postedId !== basic.id) {
    throw new AppError("invalid_request", "client_id in the body differs from the one in the Authorization header.")
  }
  const id = basic?.id ?? postedId
  if (!id) throw refused(basic !== null, "Name the client: HTTP Basic, or client_id in the body.")
  const client = clientByPublicId(core.store.read, id)
  if (!client) throw refused(basic !== null, "There is no client with this id.")
  const secret = basic ? basic.secret : posted
  if (client.type === "public") {
    if (secret !== null)
      throw refused(basic !== null, "This is a public client. Send client_id in the body and no secret.")
  } else if (secret === null) {
    throw refused(false, "This client has a secret. Send it by HTTP Basic or as client_secret.")
  } else {
    const known = secretByHash(core.store.read, client.id, sha256Hex(secret))
    if (!known) throw refused(basic !== null, "The client secret is wrong or was revoked.")
    if (isOver(known, core.clock.now()))
      throw refused(basic !== null, "This client secret has expired. Use another one of the app.")
    core.secretUses.note(known.id, core.clock.now())
  }
  if (client.suspendedMs !== null) throw new AppError("unauthorized_client", "This app is suspended.")
  return client
}

function parseBasic(header: string | null): { id: string; secret: string } | null {
  if (header === null) return null
  const match = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header)
  const text = match ? Buffer.from(match[1]!, "base64").toString("utf8") : ""
  const colon = text.indexOf(":")
  if (colon < 1) throw refused(true, "The Authorization header is not HTTP Basic with client id and secret.")
  try {
    return { id: formDecode(text.slice(0, colon)), secret: formDecode(text.slice(colon + 1)) }
  } catch {
    throw refused(true, "Encode client id and secret as application/x-www-form-urlencoded before base64.")
  }
}

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll("+", " "))

const refused = (basic: boolean, message: string): AppError =>
  new AppError("invalid_client", message, basic ? { headers: { "www-authenticate": 'Basic realm="token"' } } : {})

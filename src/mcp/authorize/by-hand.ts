// A client that a person registered at a server's sign-in by hand, for one that takes neither metadata documents nor registration. It is bound
// to that sign-in: should the server name another one later, the secret does not go there.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { type Core, requireServer, sealedCredential } from "../core.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import { isVisible } from "../rules.ts"
import { saveServer, serverById } from "../store.ts"
import type { ByHand, ClientByHand, Server, ServerRef } from "../types.ts"
import { fetchFor, type Kept, keptOf, redirectUrlOf } from "./grant.ts"
import { library } from "./library.ts"

/** Of a sign-in that we cannot become known to by ourselves. */
export const CLIENT_NEEDED = "client_needed"

export const clientNeeded = (host: string): AppError =>
  new AppError(
    "conflict",
    `The sign-in at ${host} lets no app register by itself. Register one there, then enter its client ID here.`,
    { fields: { reason: CLIENT_NEEDED } },
  )

/** @throws AppError not_found, conflict */
export function byHandOf(core: Core, ref: ServerRef): ByHand {
  const { server } = requireServer(core.store.read, ref)
  const { client, isByHand, discovery } = keptOf(core, signInServer(server))
  const url = discovery?.authorizationServerUrl ?? null
  return {
    redirectUrl: redirectUrlOf(core, server.publicId),
    signInHost: url === null ? null : new URL(url).host,
    clientId: isByHand ? (client?.client_id ?? null) : null,
  }
}

/** What was signed in with another client ends. @throws AppError validation_failed, conflict, tool_error */
export async function setClient(core: Core, ctx: WriteContext, input: ClientByHand): Promise<Server> {
  const { server } = requireServer(core.store.read, input)
  const { resourceMetadataUrl } = keptOf(core, signInServer(server))
  const clientId = input.clientId.trim()
  const clientSecret = input.clientSecret?.trim() || null
  const formErrors = {
    ...(isVisible(clientId) && clientId.length <= L.clientIdCharsMax ? {} : { clientId: "Enter the client ID." }),
    ...(clientSecret === null || (isVisible(clientSecret) && clientSecret.length <= L.credentialCharsMax)
      ? {}
      : { clientSecret: "Use letters, digits and signs without blanks." }),
  }
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
  const found = await library()
    .discoverOAuthServerInfo(server.url, {
      ...(resourceMetadataUrl ? { resourceMetadataUrl: new URL(resourceMetadataUrl) } : {}),
      fetchFn: fetchFor(core),
    })
    .catch((error: unknown) => {
      throw new AppError("tool_error", "That server’s sign-in cannot be found. Try again later.", {}, error)
    })
  const issuer = String(found.authorizationServerUrl)
  const client = { client_id: clientId, ...(clientSecret === null ? {} : { client_secret: clientSecret }), issuer }
  const kept: Kept = { client, isByHand: true, resourceMetadataUrl: resourceMetadataUrl ?? null }
  core.pool.end(server.id)
  return core.store.write(ctx, (tx) => {
    requireServer(tx, input)
    const credentialSealed = sealedCredential(tx, core, server.publicId, JSON.stringify(kept))
    saveServer(tx, server.id, { credentialSealed, state: "consent", updatedMs: tx.now })
    const after = { name: server.name, signIn: new URL(issuer).host }
    auditIn(tx, { action: "mcp_server.client_set", subject: server.publicId, after })
    return serverById(tx, server.id)!
  })
}

function signInServer(server: Server): Server {
  ensure(server.auth === "oauth", "conflict", "That server does not ask you to sign in.")
  return server
}

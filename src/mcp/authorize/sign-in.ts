// A person signs in at a tool server (RFC 9728 and 8414 say where; PKCE; `resource`), and comes back with a code.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { type Core, requireServer } from "../core.ts"
import { relist } from "../discover.ts"
import type { Server, ServerRef, SignInReturn } from "../types.ts"
import { clientNeeded } from "./by-hand.ts"
import { fetchFor, type Kept, keep, keptOf, walkOf } from "./grant.ts"
import { library } from "./library.ts"
import { openTrip, sealTrip } from "./trip.ts"

/** @returns where the person goes. @throws AppError conflict, tool_error */
export async function beginSignIn(core: Core, ref: ServerRef): Promise<string> {
  const { server } = requireServer(core.store.read, ref)
  ensure(server.auth === "oauth", "conflict", "That server does not ask you to sign in.")
  const { client, isByHand, resourceMetadataUrl } = keptOf(core, server)
  // Where it is, is asked anew; as whom we are known there stays.
  const walk = walkOf(core, server, { client, isByHand }, (verifier) =>
    sealTrip(core, ref.userId, server.publicId, verifier),
  )
  await library()
    .auth(walk.provider, {
      serverUrl: server.url,
      ...(resourceMetadataUrl ? { resourceMetadataUrl: new URL(resourceMetadataUrl) } : {}),
      fetchFn: fetchFor(core),
    })
    .catch(async (error: unknown) => {
      const needed = unknownThere(core, walk.kept)
      if (needed) await keep(core, server, { ...keptOf(core, server), discovery: walk.kept.discovery })
      throw needed ?? failed(error)
    })
  ensure(walk.location, "tool_error", "That server’s sign-in cannot be used.")
  const isPlain = walk.location.protocol === "http:" && core.baseUrl.startsWith("http:")
  ensure(walk.location.protocol === "https:" || isPlain, "tool_error", "That server’s sign-in is not an https address.")
  await keep(core, server, { ...keptOf(core, server), client: walk.kept.client, discovery: walk.kept.discovery })
  return walk.location.href
}

/** @throws AppError invalid_request, tool_error */
export async function endSignIn(core: Core, ctx: WriteContext, input: SignInReturn): Promise<Server> {
  const { server } = requireServer(core.store.read, input)
  const verifier = openTrip(core, input.userId, server.publicId, input.state)
  const kept = keptOf(core, server)
  const issuer = kept.discovery?.authorizationServerMetadata?.issuer
  ensure(input.iss === null || input.iss === issuer, "invalid_request", "That answer came from another server.")
  ensure(input.code, "invalid_request", "The server did not let you in. Try again, or choose another account there.")
  const walk = walkOf(core, server, kept, () => "")
  walk.verifier = verifier
  await library()
    .auth(walk.provider, { serverUrl: server.url, authorizationCode: input.code, fetchFn: fetchFor(core) })
    .catch((error: unknown) => Promise.reject(failed(error)))
  await keep(core, server, kept)
  await core.store.write(ctx, (tx) =>
    auditIn(tx, { action: "mcp_server.signed_in", subject: server.publicId, after: { name: server.name } }),
  )
  core.pool.end(server.id)
  return (await relist(core, server)) ?? server
}

/** Its documents say that we have no way to become known there; null: something else is the matter. */
function unknownThere({ baseUrl }: Core, { client, discovery }: Kept): AppError | null {
  if (client || !discovery) return null
  const said = discovery.authorizationServerMetadata
  const takesDocuments = said?.client_id_metadata_document_supported === true && baseUrl.startsWith("https:")
  return takesDocuments || said?.registration_endpoint
    ? null
    : clientNeeded(new URL(discovery.authorizationServerUrl).host)
}

const failed = (error: unknown): AppError =>
  error instanceof AppError
    ? error
    : new AppError("tool_error", "That server’s sign-in did not work. Try again later.", {}, error)

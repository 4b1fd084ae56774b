// What the verbs of mcp work with: what they were given, the connections that are open, and the one way to the outside.
import { AppError, ensure } from "../app/index.ts"
import { createSafeStream, type SafeStream } from "../http/index.ts"
import { type SealedColumn, sealIn } from "../part/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { Changes } from "./changes.ts"
import { type Connection, type ConnectOptions, connect } from "./remote/connect.ts"
import { Fault } from "./remote/fault.ts"
import { Pool } from "./remote/pool.ts"
import type { Target } from "./remote/way.ts"
import { NETWORKS } from "./settings.ts"
import { credentialOf, groupById, groupNamed, serverByPublicId } from "./store.ts"
import type { Group, GroupRef, McpDeps, Server, ServerRef } from "./types.ts"

export interface Core extends McpDeps {
  pool: Pool
  stream: SafeStream
  changes: Changes
  /** Of a person's account there: the token that counts now, and a new one. */
  token(server: Server): string | null
  freshen(server: Server): Promise<void>
  renew(server: Server): Promise<boolean>
  /** Hears from a connected server that its lists changed. */
  listen(client: Connection["client"], server: Server): void
}

const PURPOSE = "mcp-credential"

export const SEALED_CREDENTIALS: SealedColumn = {
  what: "credentials of tool servers",
  table: "mcp_servers",
  blob: "credential_sealed",
  assign: "credential_sealed = ?",
  purpose: PURPOSE,
  columns: ["public_id"],
  place: (publicId) => `mcp_servers:credential_sealed:${publicId}`,
}

export const createCore = (deps: McpDeps & Pick<Core, "listen" | "token" | "freshen" | "renew">): Core => ({
  ...deps,
  pool: new Pool(),
  changes: new Changes(),
  // What an operator opens or closes counts from the next request on.
  stream:
    deps.stream ??
    ((url, request) => createSafeStream({ ownHosts: deps.ownHosts, allow: deps.settings.get(NETWORKS) })(url, request)),
})

export const sealedCredential = (tx: Tx, core: Pick<Core, "keyring">, publicId: string, plain: string | null) =>
  plain === null ? null : sealIn(tx, core.keyring, SEALED_CREDENTIALS, [publicId], plain)

export function openedCredential(
  core: Pick<Core, "keyring" | "store">,
  server: Pick<Server, "id" | "publicId">,
): string | null {
  const sealed = credentialOf(core.store.read, server.id)
  return sealed === null ? null : core.keyring.open(PURPOSE, SEALED_CREDENTIALS.place(server.publicId), sealed)
}

export const targetOf = (core: Core, server: Server): Target => ({
  ...server,
  credential: () => (server.auth === "oauth" ? core.token(server) : openedCredential(core, server)),
})

/** @throws Fault */
export const connectTo = (core: Core, server: Server, options?: ConnectOptions): Promise<Connection> =>
  connect(core.stream, targetOf(core, server), options)

/** Whose connection it is, where a server may ask its client something. */
export interface Own extends ConnectOptions {
  session: string
}

/**
 * Over the connection that is open, or a new one. A token that its server refuses is renewed once: what was refused did not run.
 * @throws Fault, AppError overloaded
 */
export async function overConnection<T>(
  core: Core,
  server: Server,
  run: (connection: Connection) => Promise<T>,
  own?: Own | null,
): Promise<T> {
  const prepare = (client: Connection["client"]) => {
    own?.prepare?.(client)
    core.listen(client, server)
  }
  const use = () =>
    core.pool.use(
      { serverId: server.id, session: own?.session },
      () => connectTo(core, server, { ...own, prepare }),
      run,
    )
  await core.freshen(server)
  try {
    return await use()
  } catch (error) {
    const isRefused = error instanceof Fault && error.reason === "sign_in" && server.auth === "oauth"
    if (!isRefused || !(await core.renew(server))) throw error
    core.pool.end(server.id)
    return use()
  }
}

/** @throws AppError not_found */
export function requireGroup(sql: Reader, { userId, group }: GroupRef): Group {
  const found = groupNamed(sql, userId, group)
  ensure(found, "not_found", "You have no group of this name.")
  return found
}

/** @throws AppError not_found, also for somebody else's */
export function requireServer(sql: Reader, { userId, server: publicId }: ServerRef): { server: Server; group: Group } {
  const server = serverByPublicId(sql, publicId)
  const group = server && groupById(sql, server.groupId)
  ensure(server && group && group.ownerId === userId, "not_found", "You have no server of this name.")
  return { server, group }
}

/** What a person is told whose form named the address. */
export const formFault = (fault: unknown): AppError => {
  if (!(fault instanceof Fault)) throw fault
  const field = fault.reason === "sign_in" ? "credential" : "url"
  return new AppError("validation_failed", fault.message, { formErrors: { [field]: fault.message } }, fault.detail)
}

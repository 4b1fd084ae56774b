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

/** What an operator opens or closes counts from the next request on; the list is read again only where it changed. */
function guarded({ ownHosts, settings }: Pick<McpDeps, "ownHosts" | "settings">): SafeStream {
  let made: { of: string; stream: SafeStream } | null = null
  return (url, request) => {
    const allow = settings.get(NETWORKS)
    const of = allow.join("\n")
    if (made?.of !== of) made = { of, stream: createSafeStream({ ownHosts, allow }) }
    return made.stream(url, request)
  }
}

export const createCore = (deps: McpDeps & Pick<Core, "listen" | "token" | "freshen" | "renew">): Core => ({
  ...deps,
  pool: new Pool(),
  changes: new Changes(),
  stream: deps.stream ?? guarded(deps),
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
const connectTo = (core: Core, server: Server, options?: ConnectOptions): Promise<Connection> =>
  connect(core.stream, targetOf(core, server), options)

/** A connection of one session alone, where a server may ask its client something, or tell it something that it asked for. */
export interface Own {
  session: string
  capabilities: Record<string, unknown>
  /** Before the first message of the server can come. */
  prepare(client: Connection["client"], server: Server): void
  /** Before anybody uses it. Never throws. */
  ready(connection: Connection, server: Server): Promise<void>
}

/**
 * Over the connection that is open, or a new one. A token that its server refuses is renewed once, and a session that it forgot begun anew once:
 * what was refused did not run.
 * @throws Fault, AppError overloaded
 */
export async function overConnection<T>(
  core: Core,
  server: Server,
  run: (connection: Connection) => Promise<T>,
  own?: Own | null,
): Promise<T> {
  const prepare = (client: Connection["client"]) => {
    own?.prepare(client, server)
    core.listen(client, server)
  }
  const made = async () => {
    const connection = await connectTo(core, server, { prepare, ...(own ? { capabilities: own.capabilities } : {}) })
    await own?.ready(connection, server)
    return connection
  }
  const key = { serverId: server.id, session: own?.session }
  let isAsked = false
  const asking = (connection: Connection) => {
    isAsked = true
    return run(connection)
  }
  const use = () => core.pool.use(key, made, asking)
  await core.freshen(server)
  try {
    return await use()
  } catch (error) {
    if (isAsked && isForgotten(error)) {
      core.pool.drop(key)
      return use()
    }
    const isRefused = error instanceof Fault && error.reason === "sign_in" && server.auth === "oauth"
    if (!isRefused || !(await core.renew(server))) throw error
    core.pool.end(server.id)
    return use()
  }
}

/** "When a client receives HTTP 404 in response to a request containing an MCP-Session-Id, it MUST start a new session" (MCP 2025-11-25). */
const isForgotten = (error: unknown): boolean =>
  error instanceof Fault && (error.detail as { code?: unknown } | undefined)?.code === 404

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

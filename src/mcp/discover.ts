// What a server offers, read from it and kept as rows. What its person approved stays approved as long as it is the same; a tool that is new
// or has other words or another schema waits for a yes (rug pull), except with the first list, which its person asked for.

import type { Tx } from "../store/index.ts"
import { type Core, overConnection } from "./core.ts"
import { MCP_LIMITS } from "./limits.ts"
import { type Listed, listAll } from "./remote/ask.ts"
import { connect } from "./remote/connect.ts"
import { Fault } from "./remote/fault.ts"
import { words } from "./remote/library.ts"
import { canonical, offerName } from "./rules.ts"
import { forgetUnlisted, listOffer, saveServer, serverById, serversToList, unlistOffers } from "./store.ts"
import type { Server, Transport } from "./types.ts"

const DISCOVERY = { actor: "system:mcp-lists", requestId: "job:mcp-lists", reason: "what a tool server offers" }

/** Rows it left behind and that nobody listed since: what was decided about them comes back with them. */
const UNLISTED_KEPT = MCP_LIMITS.offersMax

export function keepListIn(
  core: Pick<Core, "changes">,
  tx: Tx,
  server: Pick<Server, "id" | "groupId" | "listedMs">,
  listed: Listed,
  transport: Transport,
): void {
  const isFirst = server.listedMs === null
  unlistOffers(tx, server.id)
  listed.offers.forEach(({ kind, definition }, position) => {
    const text = canonical(definition)
    // Only what a model is told before it acts has to be approved.
    const approved = isFirst || kind !== "tool" ? text : null
    listOffer(tx, {
      serverId: server.id,
      kind,
      name: offerName(kind, definition),
      definition: text,
      approved,
      position,
    })
  })
  forgetUnlisted(tx, server.id, UNLISTED_KEPT)
  const { title } = listed
  saveServer(tx, server.id, { title, transport, state: "ok", problem: null, listedMs: tx.now, updatedMs: tx.now })
  core.changes.toldIn(tx, server.groupId)
}

/** Asks anew; faults become the server's state. @returns as it stands then; null when it is gone meanwhile */
export async function relist(core: Core, server: Server): Promise<Server | null> {
  try {
    const { listed, transport } = await overConnection(core, server, async (connection) => ({
      listed: await listAll(connection),
      transport: connection.transport,
    }))
    await core.store.write(DISCOVERY, (tx) => {
      const now = serverById(tx, server.id)
      if (now?.url === server.url) keepListIn(core, tx, now, listed, transport)
    })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    core.log.info("mcp.list_failed", { server: server.publicId, reason: error.reason, error: error.detail })
    await core.store.write(DISCOVERY, (tx) => noteFaultIn(tx, server, error))
  }
  return serverById(core.store.read, server.id)
}

export function noteFaultIn(tx: Tx, server: Pick<Server, "id" | "auth">, { reason, message: problem }: Fault): void {
  if (!serverById(tx, server.id)) return
  const state = reason === "sign_in" && server.auth === "oauth" ? "consent" : "failing"
  saveServer(tx, server.id, { state, problem, updatedMs: tx.now })
}

/** Of a server that is no row yet. @throws Fault */
export async function firstLook(core: Core, server: Server, credential: string | null) {
  const connection = await connect(core.stream, { ...server, credential: () => credential })
  try {
    return { listed: await listAll(connection), transport: connection.transport }
  } finally {
    await connection.close()
  }
}

/** One slice. @returns whether more may wait */
export async function refreshOld(core: Core): Promise<boolean> {
  const now = core.clock.now()
  const most = MCP_LIMITS.refreshSliceMax
  const ids = serversToList(core.store.read, now - MCP_LIMITS.listedForMs, now - MCP_LIMITS.failedForMs, most)
  const servers = ids.flatMap((id) => serverById(core.store.read, id) ?? [])
  await Promise.all(servers.map((server) => relist(core, server)))
  return ids.length === most
}

/** A server says that its lists changed: it is asked soon, once for all it says meanwhile. */
export function listening(core: () => Core): Core["listen"] {
  const due = new Set<number>()
  return (client, { id }) => {
    const {
      PromptListChangedNotificationSchema,
      ResourceListChangedNotificationSchema,
      ToolListChangedNotificationSchema,
    } = words()
    const heard = () => {
      if (due.has(id)) return
      due.add(id)
      const timer = setTimeout(() => {
        due.delete(id)
        const server = serverById(core().store.read, id)
        if (server?.active) relist(core(), server).catch((error) => core().log.warn("mcp.list_failed", { error }))
      }, MCP_LIMITS.listChangesMs)
      timer.unref?.()
    }
    client.setNotificationHandler(ToolListChangedNotificationSchema, heard)
    client.setNotificationHandler(ResourceListChangedNotificationSchema, heard)
    client.setNotificationHandler(PromptListChangedNotificationSchema, heard)
  }
}

// Servers of a group: added after they were asked, turned on and off, given another credential, removed.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { fetchFor, type Kept } from "./authorize/grant.ts"
import { library } from "./authorize/library.ts"
import { type Core, formFault, requireGroup, requireServer, sealedCredential } from "./core.ts"
import { firstLook, keepListIn, relist } from "./discover.ts"
import { MCP_LIMITS } from "./limits.ts"
import { Fault } from "./remote/fault.ts"
import { checkedServer, credentialProblem } from "./rules.ts"
import { deleteServer, insertServer, saveServer, serverById, serversOf } from "./store.ts"
import type { Group, NewServer, Server, ServerRef } from "./types.ts"

export async function addServer(core: Core, ctx: WriteContext, input: NewServer): Promise<Server> {
  const { credential: given, ...checked } = checkedServer(input)
  const ref = { userId: input.userId, group: input.group }
  requireRoom(core.store.read, requireGroup(core.store.read, ref), checked.name)
  const { draft, credential, seen } = await looked(core, draftOf(core, checked), given)
  return core.store.write(ctx, (tx) => {
    const group = requireGroup(tx, ref)
    requireRoom(tx, group, checked.name)
    const { id: _, hasCredential: __, ...row } = { ...draft, groupId: group.id, createdMs: tx.now, updatedMs: tx.now }
    const credentialSealed = sealedCredential(tx, core, row.publicId, credential)
    const id = insertServer(tx, { ...row, credentialSealed })
    if (seen) keepListIn(core, tx, { id, groupId: group.id, listedMs: null }, seen.listed, seen.transport)
    // An address may hold what only its owner should know.
    const after = { name: row.name, host: new URL(row.url).host, auth: row.auth, group: group.name }
    auditIn(tx, { action: "mcp_server.added", subject: row.publicId, after })
    return serverById(tx, id)!
  })
}

/** What it offers; null for one at which its person has to sign in first, as its own documents say. @throws AppError validation_failed */
async function looked(core: Core, draft: Server, credential: string | null) {
  try {
    return { draft, credential, seen: await firstLook(core, draft, credential) }
  } catch (fault) {
    const wantsSignIn = fault instanceof Fault && fault.reason === "sign_in" && draft.auth === "none"
    if (!wantsSignIn || !(await saysWhere(core, draft.url, fault.resourceMetadataUrl))) throw formFault(fault)
    const kept: Kept = { resourceMetadataUrl: fault.resourceMetadataUrl }
    const waiting: Server = { ...draft, auth: "oauth", state: "consent" }
    return { draft: waiting, credential: JSON.stringify(kept), seen: null }
  }
}

/** RFC 9728: whether the server says who signs people in. */
const saysWhere = (core: Core, url: string, resourceMetadataUrl: string | null): Promise<boolean> =>
  library()
    .discoverOAuthProtectedResourceMetadata(
      url,
      resourceMetadataUrl === null ? {} : { resourceMetadataUrl },
      fetchFor(core),
    )
    .then(
      () => true,
      () => false,
    )

const draftOf = (core: Core, checked: Pick<Server, "name" | "url" | "auth" | "keyIn" | "keyName">): Server => ({
  ...checked,
  id: 0,
  publicId: core.ids.next("mcs"),
  groupId: 0,
  hasCredential: false,
  transport: null,
  active: true,
  state: "new",
  problem: null,
  title: "",
  listedMs: null,
  usedMs: null,
  createdMs: 0,
  updatedMs: 0,
})

function requireRoom(sql: Parameters<typeof serversOf>[0], group: Group, name: string): void {
  const servers = serversOf(sql, group.id)
  if (servers.some((server) => server.name === name)) {
    const words = "This group has a server of this name. Choose another one."
    throw new AppError("validation_failed", words, { formErrors: { name: words } })
  }
  const most = MCP_LIMITS.serversPerGroupMax
  ensure(servers.length < most, "conflict", `This group has ${most} servers, which is the most.`)
}

export async function refresh(core: Core, ref: ServerRef): Promise<Server> {
  const { server } = requireServer(core.store.read, ref)
  // What an old connection knows of it may be older than the wish.
  core.pool.end(server.id)
  const now = await relist(core, server)
  ensure(now, "not_found", "You have no server of this name.")
  return now
}

export function turnServerIn(core: Core, tx: Tx, { active, ...ref }: ServerRef & { active: boolean }): Server {
  const { server } = requireServer(tx, ref)
  if (server.active === active) return server
  saveServer(tx, server.id, { active, updatedMs: tx.now })
  auditIn(tx, { action: "mcp_server.turned", subject: server.publicId, after: { name: server.name, active } })
  core.changes.toldIn(tx, server.groupId)
  tx.afterCommit(() => core.pool.end(server.id))
  return { ...server, active, updatedMs: tx.now }
}

export async function changeCredential(
  core: Core,
  ctx: WriteContext,
  { credential: raw, ...ref }: ServerRef & { credential: string },
): Promise<Server> {
  const credential = raw.trim()
  await core.store.write(ctx, (tx) => {
    const { server } = requireServer(tx, ref)
    ensure(server.auth === "bearer" || server.auth === "key", "conflict", "This server takes no credential of yours.")
    const problem = credentialProblem(server.auth, credential)
    if (problem) throw new AppError("validation_failed", problem, { formErrors: { credential: problem } })
    const credentialSealed = sealedCredential(tx, core, server.publicId, credential)
    saveServer(tx, server.id, { credentialSealed, updatedMs: tx.now })
    auditIn(tx, { action: "mcp_server.credential_changed", subject: server.publicId, after: { name: server.name } })
  })
  return refresh(core, ref)
}

export function removeServerIn(core: Core, tx: Tx, ref: ServerRef): Server {
  const { server, group } = requireServer(tx, ref)
  deleteServer(tx, server.id)
  const before = { name: server.name, group: group.name }
  auditIn(tx, { action: "mcp_server.removed", subject: server.publicId, before })
  core.changes.toldIn(tx, server.groupId)
  tx.afterCommit(() => core.pool.end(server.id))
  return server
}

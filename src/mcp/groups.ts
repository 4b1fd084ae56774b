// Groups: made, renamed, removed with all that is in them.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { type Core, requireGroup } from "./core.ts"
import { MCP_LIMITS } from "./limits.ts"
import { pathOf } from "./reach.ts"
import { checkedGroup, checkedTitle } from "./rules.ts"
import { deleteGroup, groupNamed, groupsOf, insertGroup, renameGroup, serversOf } from "./store.ts"
import type { Group, GroupRef, NewGroup } from "./types.ts"

export function createGroupIn(core: Core, tx: Tx, input: NewGroup): Group {
  const { name, title } = checkedGroup(input)
  const { userId } = input
  if (groupNamed(tx, userId, name)) {
    const words = "You have a group of this name. Choose another one."
    throw new AppError("validation_failed", words, { formErrors: { name: words } })
  }
  const most = MCP_LIMITS.groupsPerPersonMax
  ensure(
    groupsOf(tx, userId).length < most,
    "conflict",
    `You have ${most} groups, which is the most. Remove one first.`,
  )
  const row = { publicId: core.ids.next("mcg"), ownerId: userId, name, title, createdMs: tx.now, updatedMs: tx.now }
  const group = { id: insertGroup(tx, row), ...row }
  auditIn(tx, { action: "mcp_group.created", subject: group.publicId, after: { name, title } })
  return group
}

export function renameGroupIn(tx: Tx, { title: raw, ...ref }: GroupRef & { title: string }): Group {
  const group = requireGroup(tx, ref)
  const title = checkedTitle(raw)
  if (title === group.title) return group
  renameGroup(tx, group.id, title)
  const { publicId: subject } = group
  auditIn(tx, { action: "mcp_group.renamed", subject, before: { title: group.title }, after: { title } })
  return { ...group, title, updatedMs: tx.now }
}

export function removeGroupIn(core: Core, tx: Tx, ref: GroupRef): Group {
  const group = requireGroup(tx, ref)
  const servers = serversOf(tx, group.id)
  deleteGroup(tx, group.id)
  core.oauth.forgetToolsIn(tx, { userId: ref.userId, path: pathOf(group.name) })
  const before = { name: group.name, servers: servers.length }
  auditIn(tx, { action: "mcp_group.removed", subject: group.publicId, before })
  tx.afterCommit(() => {
    for (const { id } of servers) core.pool.end(id)
  })
  return group
}

// What servers offer: which of it a group passes on, what waits for its person's yes, and the switch of each tool.
import { ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { type Core, requireServer } from "./core.ts"
import { digestOf, exposedNames } from "./rules.ts"
import { approveAll, offerNamed, offersIn, offersOf, serversOf, turnOffer } from "./store.ts"
import type { ApproveOffers, Exposed, Offer, OfferKind, Server, ServerRef } from "./types.ts"

/** By the order of servers and, within one, its own. Of resources an address is offered once. */
export function exposedIn(sql: Reader, groupId: number, kind: OfferKind): Exposed[] {
  const servers = new Map(serversOf(sql, groupId).map((server) => [server.id, server]))
  const found = offersIn(sql, groupId, kind).map((offer) => ({ offer, server: servers.get(offer.serverId)! }))
  if (kind === "tool" || kind === "prompt") return exposedNames(found)
  const first = new Map<string, Exposed>()
  for (const one of found) if (!first.has(one.offer.name)) first.set(one.offer.name, { ...one, name: one.offer.name })
  return [...first.values()]
}

export function waitingOf(sql: Reader, serverId: number): { offers: Offer[]; seen: string } {
  const offers = offersOf(sql, serverId).filter(({ standing }) => standing !== "approved")
  return { offers, seen: digestOf(offers) }
}

export function approveIn(core: Pick<Core, "changes">, tx: Tx, { seen, ...ref }: ApproveOffers): Server {
  const { server } = requireServer(tx, ref)
  const waiting = waitingOf(tx, server.id)
  ensure(
    waiting.seen === seen,
    "conflict",
    "The server changed what it offers since you looked. Look again before you say yes.",
  )
  if (waiting.offers.length === 0) return server
  approveAll(tx, server.id)
  core.changes.toldIn(tx, server.groupId)
  const after = { name: server.name, tools: waiting.offers.map(({ name }) => name).slice(0, AUDITED_MAX) }
  auditIn(tx, { action: "mcp_server.approved", subject: server.publicId, after })
  return server
}

/** Names that an entry of the audit log holds. */
const AUDITED_MAX = 20

export function turnToolIn(
  core: Pick<Core, "changes">,
  tx: Tx,
  { tool, active, ...ref }: ServerRef & { tool: string; active: boolean },
): Offer {
  const { server } = requireServer(tx, ref)
  const offer = offerNamed(tx, server.id, "tool", tool)
  ensure(offer, "not_found", "This server has no such tool.")
  if (offer.active === active) return offer
  turnOffer(tx, offer.id, active)
  core.changes.toldIn(tx, server.groupId)
  auditIn(tx, { action: "mcp_tool.turned", subject: server.publicId, after: { tool, active } })
  return { ...offer, active }
}

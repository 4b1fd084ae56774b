// Where an app of the portal is: its pages, and the addresses and the model that its code names.
import { ensure, type UserId } from "../../app/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { PortalDeps } from "./site.ts"

export const pathOf = (client: Client): string => `/developer/apps/${client.publicId}`

/** Clients are reached through their owner: another developer's is simply not there. */
export function mine({ oauth, teams }: Pick<PortalDeps, "oauth" | "teams">, page: PageRequest, id: string): Client {
  const client = oauth.clientsOf(page.holder.id).find((one) => one.publicId === id && one.removedMs === null)
  ensure(client, "not_found", elsewhereOf({ teams }, page, oauth.clientByPublicId(id)?.ownerId ?? null) ?? NO_APP)
  return client
}

const NO_APP = "You have no such app. Your apps are listed under Developer."

/** Whose it is, for somebody of the team that has it; null: they hear nothing of it. */
export function elsewhereOf(
  { teams }: Pick<PortalDeps, "teams">,
  { session }: PageRequest,
  ownerId: UserId | null,
): string | null {
  const has = teams.of(session.userId).find(({ team }) => team.id === ownerId)
  return has
    ? `This is of the team ${has.team.name}. Act as ${has.team.name} to open it: the switch is in the sidebar.`
    : null
}

/** A test client reaches sandboxes only, so its code must name their model. */
export function placesOf({ oauth, gateway, sdk }: PortalDeps, client: Client) {
  const fits = gateway.upstreams().filter((one) => one.enabled && (client.mode === "live" || one.isLocal))
  const upstream = fits.find((one) => one.models.length > 0)
  return { issuer: oauth.issuer, apiBaseUrl: `${oauth.issuer}/v1`, sampleModel: upstream?.models[0] ?? "sandbox", sdk }
}

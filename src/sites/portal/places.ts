// Where an app of the portal is: its pages, and the addresses and the model that its code names.
import { ensure } from "../../app/index.ts"
import type { Client } from "../../oauth/index.ts"
import type { PageRequest } from "../base/index.ts"
import type { PortalDeps } from "./site.ts"

export const pathOf = (client: Client): string => `/developer/apps/${client.publicId}`

/** Clients are reached through their owner: another developer's is simply not there. */
export function mine({ oauth }: Pick<PortalDeps, "oauth">, page: PageRequest, id: string): Client {
  const client = oauth.clientsOf(page.session.userId).find((one) => one.publicId === id && one.removedMs === null)
  ensure(client, "not_found", "You have no such app. Your apps are listed under Developer.")
  return client
}

/** A test client reaches sandboxes only, so its code must name their model. */
export function placesOf({ oauth, gateway, sdk }: PortalDeps, client: Client) {
  const fits = gateway.upstreams().filter((one) => one.enabled && (client.mode === "live" || one.isLocal))
  const upstream = fits.find((one) => one.models.length > 0)
  return { issuer: oauth.issuer, apiBaseUrl: `${oauth.issuer}/v1`, sampleModel: upstream?.models[0] ?? "sandbox", sdk }
}

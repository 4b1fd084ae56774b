// Tokens of a person at a tool server: renewed before they end and when the server refuses one; one renewal a server at a time, since
// refresh tokens count once. What cannot be renewed waits for its person to sign in again.
import { MINUTE_MS } from "../../app/index.ts"
import type { Core } from "../core.ts"
import { serverById } from "../store.ts"
import type { Server } from "../types.ts"
import { fetchFor, type Kept, keep, keptOf } from "./grant.ts"
import { library } from "./library.ts"

const AHEAD_MS = MINUTE_MS
const running = new WeakMap<Core, Map<number, Promise<boolean>>>()

const isDue = ({ tokens, expiresMs }: Kept, nowMs: number): boolean =>
  tokens !== undefined && typeof expiresMs === "number" && expiresMs - nowMs < AHEAD_MS

/** The token that counts now; null: there is none. */
export const tokenOf = (core: Core, server: Server): string | null => keptOf(core, server).tokens?.access_token ?? null

export async function freshen(core: Core, server: Server): Promise<void> {
  if (server.auth === "oauth" && isDue(keptOf(core, server), core.clock.now())) await renew(core, server)
}

/** @returns whether there is a new token */
export function renew(core: Core, server: Server): Promise<boolean> {
  const all = running.get(core) ?? new Map<number, Promise<boolean>>()
  running.set(core, all)
  const known = all.get(server.id)
  if (known) return known
  const renewing = renewed(core, server).finally(() => all.delete(server.id))
  all.set(server.id, renewing)
  return renewing
}

async function renewed(core: Core, server: Server): Promise<boolean> {
  const kept = keptOf(core, server)
  const { tokens, client, discovery } = kept
  if (!tokens?.refresh_token || !client || !discovery || !serverById(core.store.read, server.id)) return false
  const { authorizationServerMetadata: metadata, authorizationServerUrl, resourceMetadata } = discovery
  try {
    const next = await library().refreshAuthorization(authorizationServerUrl, {
      ...(metadata ? { metadata } : {}),
      clientInformation: client,
      refreshToken: tokens.refresh_token,
      ...(resourceMetadata ? { resource: new URL(resourceMetadata.resource) } : {}),
      fetchFn: fetchFor(core),
    })
    const expiresMs = next.expires_in === undefined ? null : core.clock.now() + next.expires_in * 1_000
    await keep(core, server, { ...kept, tokens: { ...tokens, ...next }, expiresMs })
    return true
  } catch (error) {
    core.log.info("mcp.refresh_failed", { server: server.publicId, error })
    return false
  }
}

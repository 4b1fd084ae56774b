// Approvals of this browser session, for apps on a loopback port: anything on the machine may answer there, so consent is asked each
// time (RFC 8252 §8.6), but not again of the session that gave it, at the same origin. Otherwise no page app in development could
// renew in a hidden frame (prompt=none). Memory only: after a restart people are asked once more.
import { Lru } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { AuthSession, Client } from "../types.ts"

export interface Approvals {
  add(session: AuthSession, client: Client, redirectUri: string): void
  has(session: AuthSession, client: Client, redirectUri: string): boolean
}

export function createApprovals(): Approvals {
  const given = new Lru<true>(OAUTH_LIMITS.approvalsMax)
  const keyOf = (session: AuthSession, client: Client, uri: string) =>
    `${session.sessionId} ${client.id} ${new URL(uri).origin}`
  return {
    add(session, client, redirectUri) {
      // A scheme of its own has no origin, and any program may take it.
      if (redirectUri.startsWith("http:")) given.set(keyOf(session, client, redirectUri), true)
    },
    has: (session, client, redirectUri) => given.get(keyOf(session, client, redirectUri)) === true,
  }
}

// Events of permissions for the endpoints of their app. Looked up where somebody listens alone.
import { ClientId, creditsDecimal, type Nano, UserId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type AppRef, type DataOf, emitIn, isAnybodyOf } from "../../webhooks/index.ts"
import { clientById } from "../client/store.ts"
import type { Core } from "../core.ts"
import type { Consent } from "../types.ts"

type By = DataOf<"permission.revoked">["by"]

type Which = Pick<Consent, "publicId" | "userId" | "clientId">

function about(core: Core, tx: Tx, { userId, clientId }: Which): { app: AppRef; user: string } | null {
  if (!isAnybodyOf(tx, { client: ClientId(clientId) })) return null
  const app = clientById(tx, clientId)
  const user = core.identity.userById(UserId(userId))?.publicId
  return app && user !== undefined ? { app, user } : null
}

export function emitTermsIn(core: Core, tx: Tx, type: "permission.granted" | "permission.changed", consent: Consent) {
  const found = about(core, tx, consent)
  if (!found) return
  const { app, user } = found
  const limits = Object.entries(consent.limits).map(([scope, n]) => [scope, creditsDecimal(n as Nano)])
  const data = {
    permission: consent.publicId,
    user,
    scopes: [...consent.scopes],
    limits: Object.fromEntries(limits) as Record<string, string>,
  }
  emitIn(tx, { type, app, subject: consent.publicId, data })
}

export function emitEndedIn(core: Core, tx: Tx, consent: Which, by: By): void {
  const found = about(core, tx, consent)
  if (!found) return
  const data = { permission: consent.publicId, user: found.user, by }
  emitIn(tx, { type: "permission.revoked", app: found.app, subject: consent.publicId, data })
}

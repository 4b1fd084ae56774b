// What a person lets an app spend while they are not in it: asked by the app's own server, which shows no token of theirs. A permission stands for that
// when a refresh token under it would: not revoked, not older than it may be, given to the developer who has the app now, with `offline_access`.
import { AppError, ensure, nano, UserId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import { requirePayerIn } from "../access/alive.ts"
import { clientById } from "../client/store.ts"
import type { Core } from "../core.ts"
import type { AiScope, Client, Consent, LiveGrant } from "../types.ts"
import { consentOf } from "./store.ts"

export interface AwayInput {
  clientId: number
  userId: number
  scope: AiScope
}

/** Whoever did not let the app in is as unknown to it as nobody. @throws AppError not_found */
export function permissionOf(core: Core, reader: Reader, { clientId, userId }: Omit<AwayInput, "scope">): Consent {
  const client = clientById(reader, clientId)
  const consent = client && consentOf(reader, userId, clientId)
  ensure(client && consent && stands(core, client, consent), "not_found", NOBODY, { param: "user" })
  return consent
}

const NOBODY = "There is nobody with this id who lets your app in."

function stands(core: Core, client: Client, consent: Consent): boolean {
  const maxAgeMs = core.consentMaxAgeMs()
  return (
    consent.revokedMs === null &&
    client.removedMs === null &&
    (client.movedMs === null || consent.grantedMs > client.movedMs) &&
    (maxAgeMs === null || core.clock.now() - consent.grantedMs <= maxAgeMs)
  )
}

/** Read again inside the body that charges. @throws AppError not_found, insufficient_scope, client_suspended, account_suspended */
export function requireAwayIn(core: Core, tx: Tx, input: AwayInput): LiveGrant {
  const consent = permissionOf(core, tx, input)
  const client = clientById(tx, input.clientId)!
  if (client.suspendedMs !== null) throw new AppError("client_suspended", "This app is suspended.")
  const { emailVerified } = core.identity.requireActiveIn(tx, UserId(input.userId))
  const scopes = consent.scopes.filter((scope) => client.scopes.includes(scope))
  for (const scope of ["offline_access", input.scope] as const) {
    if (scopes.includes(scope)) continue
    const words = `This person did not allow your app \`${scope}\`. Ask for it when they sign in.`
    throw new AppError("insufficient_scope", words, { fields: { scope } })
  }
  // A granted scope always has a limit row; should one be missing, nothing may be spent.
  const dailyLimitNano = consent.limits[input.scope] ?? nano(0)
  const payerId = requirePayerIn(core, tx, consent)
  return { payerId, dailyLimitNano, developerId: client.ownerId, scopes, emailVerified }
}

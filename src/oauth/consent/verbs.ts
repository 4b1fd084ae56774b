// Give, narrow, limit and revoke consents. A consent is per user and client; grants hang below it and die with it.
import { AppError, ensure, type Nano } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, rememberRevoked } from "../core.ts"
import { permissionEndedIn } from "../logout/tell.ts"
import { parseScopes } from "../scopes.ts"
import { activeGrantsOfConsent, activeGrantsOfUser, endAllGrants, endGrants } from "../token/store.ts"
import type { AiScope, Consent, Limits, Scope } from "../types.ts"
import { limitsFor } from "./rules.ts"
import * as rows from "./store.ts"

/**
 * Records an answer. Of the scopes that were asked, the chosen ones stand from now on; those not asked stay as they
 * were.
 */
export function answerConsentIn(
  core: Core,
  tx: Tx,
  input: { userId: number; clientId: number; asked: Scope[]; chosen: Scope[]; limits: Limits },
): Consent {
  const before = rows.consentOf(tx, input.userId, input.clientId)
  const standing = before && before.revokedMs === null ? before : null
  const notAsked = (some: Scope[] = []): Scope[] => some.filter((scope) => !input.asked.includes(scope))
  const scopes = parseScopes([...notAsked(standing?.scopes), ...input.chosen].join(" "))
  const left = input.asked.filter((scope) => !input.chosen.includes(scope))
  const declined = parseScopes([...notAsked(standing?.declined), ...left].join(" "))
  rows.upsertConsent(tx, {
    publicId: before?.publicId ?? core.ids.next("con"),
    userId: input.userId,
    clientId: input.clientId,
    scopes,
    declined,
  })
  const row = rows.consentOf(tx, input.userId, input.clientId)!
  for (const [scope, value] of Object.entries(limitsFor(input.chosen, input.limits, row.limits))) {
    rows.setLimit(tx, row.id, scope as AiScope, value)
  }
  const consent = rows.consentOf(tx, input.userId, input.clientId)!
  auditIn(tx, {
    action: "consent.granted",
    subject: consent.publicId,
    before: before && summary(before),
    after: summary(consent),
  })
  return consent
}

export function grantConsentIn(
  core: Core,
  tx: Tx,
  input: { userId: number; clientId: number; scopes: string[]; limits?: Limits },
): Consent {
  const scopes = parseScopes(input.scopes.join(" "))
  return answerConsentIn(core, tx, {
    userId: input.userId,
    clientId: input.clientId,
    asked: scopes,
    chosen: scopes,
    limits: input.limits ?? {},
  })
}

export function updateLimitsIn(
  _core: Core,
  tx: Tx,
  input: { userId: number; consentPublicId: string; limits: Limits },
): Consent {
  const before = activeIn(tx, input.userId, input.consentPublicId)
  for (const [scope, value] of Object.entries(limitsFor(before.scopes, input.limits, before.limits))) {
    rows.setLimit(tx, before.id, scope as AiScope, value)
  }
  const after = rows.ownConsent(tx, input.userId, input.consentPublicId)!
  auditIn(tx, {
    action: "consent.limits_changed",
    subject: after.publicId,
    before: before.limits,
    after: after.limits,
  })
  return after
}

export function revokeConsentIn(core: Core, tx: Tx, input: { userId: number; consentPublicId: string }): void {
  const consent = activeIn(tx, input.userId, input.consentPublicId)
  rows.markRevoked(tx, consent.id)
  permissionEndedIn(core, tx, { userId: consent.userId, clientId: consent.clientId })
  const grants = activeGrantsOfConsent(tx, consent.id)
  endGrants(tx, grants, "consent_revoked")
  rememberRevoked(core, tx, grants)
  auditIn(tx, { action: "consent.revoked", subject: consent.publicId, before: summary(consent) })
}

export function revokeGrantsOfUserIn(core: Core, tx: Tx, userId: number): number {
  const grants = activeGrantsOfUser(tx, userId)
  endGrants(tx, grants, "account")
  rememberRevoked(core, tx, grants)
  return grants.length
}

export function revokeEveryGrantIn(core: Core, tx: Tx): number {
  const grants = endAllGrants(tx, "restored")
  rememberRevoked(core, tx, grants)
  return grants.length
}

function activeIn(tx: Tx, userId: number, publicId: string): Consent {
  const consent = rows.ownConsent(tx, userId, publicId)
  if (!consent) throw new AppError("not_found", "There is no such app among yours.")
  ensure(consent.revokedMs === null, "conflict", "This app's access was revoked already.")
  return consent
}

const summary = (consent: Consent): { scopes: Scope[]; limits: Partial<Record<AiScope, Nano>>; revoked: boolean } => ({
  scopes: consent.scopes,
  limits: consent.limits,
  revoked: consent.revokedMs !== null,
})

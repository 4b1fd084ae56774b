// Give, narrow, limit and revoke consents. A consent is per user and client; grants hang below it and die with it.
import { AppError, ensure, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, rememberRevoked } from "../core.ts"
import type { Suggested } from "../details.ts"
import { permissionEndedIn } from "../logout/tell.ts"
import { parseScopes } from "../scopes.ts"
import { activeGrantsOfConsent, activeGrantsOfUser, endAllGrants, endGrants } from "../token/store.ts"
import type { AiScope, Consent, Limits, Scope, ToolPaths } from "../types.ts"
import { emitEndedIn, emitTermsIn } from "./emit.ts"
import { answerPayerIn } from "./payer.ts"
import { limitsFor } from "./rules.ts"
import * as rows from "./store.ts"
import { type ToolAnswer, toolsAfter } from "./tools.ts"

interface AnswerConsent {
  userId: number
  clientId: number
  asked: Scope[]
  chosen: Scope[]
  limits: Limits
  suggested?: Suggested
  /** Default: about all of them, and all given. */
  tools?: Omit<ToolAnswer, "isGiven">
  /** Whose credits: of a team by its public id, null = their own; default: as it stands. */
  payer?: string | null | undefined
}

/**
 * Records an answer. Of the scopes that were asked, the chosen ones stand from now on; those not asked stay as they
 * were.
 */
export function answerConsentIn(core: Core, tx: Tx, input: AnswerConsent): Consent {
  const before = rows.consentOf(tx, input.userId, input.clientId)
  const standing = before && before.revokedMs === null ? before : null
  const notAsked = (some: Scope[] = []): Scope[] => some.filter((scope) => !input.asked.includes(scope))
  const given = toolsOfAnswer(standing, input)
  const kept: Scope[] = given?.keepsScope ? ["mcp"] : []
  const scopes = parseScopes([...notAsked(standing?.scopes), ...input.chosen, ...kept].join(" "))
  const left = input.asked.filter((scope) => !scopes.includes(scope))
  const declined = parseScopes([...notAsked(standing?.declined), ...left].join(" "))
  rows.upsertConsent(tx, {
    publicId: before?.publicId ?? core.ids.next("con"),
    userId: input.userId,
    clientId: input.clientId,
    scopes,
    declined,
  })
  const row = rows.consentOf(tx, input.userId, input.clientId)!
  if (given) rows.setTools(tx, row.id, given.tools, given.isNarrow)
  for (const [scope, value] of Object.entries(limitsFor(input.chosen, input.limits, row.limits))) {
    rows.setLimit(tx, row.id, scope as AiScope, value, input.suggested?.[scope as AiScope])
  }
  answerPayerIn(core, tx, row, standing?.payerId ?? null, input.payer)
  const consent = rows.consentOf(tx, input.userId, input.clientId)!
  auditIn(tx, {
    action: "consent.granted",
    subject: consent.publicId,
    before: before && summary(before),
    after: summary(consent),
  })
  if (!standing || !sameTerms(standing, consent)) emitTermsIn(core, tx, "permission.granted", consent)
  return consent
}

/** Somebody who signs in again and answers the same gave nothing. */
const sameTerms = (one: Consent, other: Consent): boolean =>
  JSON.stringify([one.scopes, one.limits, one.tools, one.payerId]) ===
  JSON.stringify([other.scopes, other.limits, other.tools, other.payerId])

/** Null: the answer is not about tools. */
const toolsOfAnswer = (standing: Consent | null, { asked, chosen, tools }: AnswerConsent) =>
  asked.includes("mcp")
    ? toolsAfter(standing, { named: null, chosen: undefined, ...tools, isGiven: chosen.includes("mcp") })
    : null

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
  core: Core,
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
  if (!sameTerms(before, after)) emitTermsIn(core, tx, "permission.changed", after)
  return after
}

export function updateToolsIn(
  core: Core,
  tx: Tx,
  input: { userId: number; consentPublicId: string; tools: ToolPaths },
): Consent {
  const before = activeIn(tx, input.userId, input.consentPublicId)
  ensure(before.scopes.includes("mcp"), "not_found", "This app may not use tools.")
  const tools = input.tools === null ? null : core.resources.knownTools(input.tools)
  rows.setTools(tx, before.id, tools, false)
  auditIn(tx, {
    action: "consent.tools_changed",
    subject: before.publicId,
    before: toolsSaid(before.tools),
    after: toolsSaid(tools),
  })
  const after = { ...before, tools, toolsNarrow: false }
  if (!sameTerms(before, after)) emitTermsIn(core, tx, "permission.changed", after)
  return after
}

const toolsSaid = (tools: ToolPaths) => ({ tools: tools ?? "all" })

/** Tools that are gone: others of the same address were allowed to nobody. */
export function forgetToolsIn(tx: Tx, { userId, path }: { userId: number; path: string }): void {
  for (const { id, tools, toolsNarrow } of rows.consentsWithTools(tx, userId, path))
    rows.setTools(tx, id, tools?.filter((one) => one !== path) ?? null, toolsNarrow)
}

export function revokeConsentIn(core: Core, tx: Tx, input: { userId: number; consentPublicId: string }): void {
  const consent = activeIn(tx, input.userId, input.consentPublicId)
  endConsentIn(core, tx, consent, tx.ctx.actor === personActor(core, consent) ? "person" : byOf(tx))
}

export function endConsentIn(core: Core, tx: Tx, consent: Consent, by: Parameters<typeof emitEndedIn>[3]): void {
  rows.markRevoked(tx, consent.id)
  permissionEndedIn(core, tx, { userId: consent.userId, clientId: consent.clientId })
  const grants = activeGrantsOfConsent(tx, consent.id)
  endGrants(tx, grants, "consent_revoked")
  rememberRevoked(core, tx, grants)
  auditIn(tx, { action: "consent.revoked", subject: consent.publicId, before: summary(consent) })
  emitEndedIn(core, tx, consent, by)
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

const personActor = (core: Core, { userId }: Consent) => `user:${core.identity.userById(UserId(userId))?.publicId}`
/** Of whoever is not the person: an admin, or the app's developer on the page of its users. */
const byOf = (tx: Tx) =>
  tx.ctx.actor.startsWith("user:") ? "developer" : tx.ctx.actor.startsWith("app:") ? "developer" : "operator"

export function activeIn(tx: Tx, userId: number, publicId: string): Consent {
  const consent = rows.ownConsent(tx, userId, publicId)
  if (!consent) throw new AppError("not_found", "There is no such app among yours.")
  ensure(consent.revokedMs === null, "conflict", "This app's access was revoked already.")
  return consent
}

const summary = (consent: Consent) => ({
  scopes: consent.scopes,
  ...(consent.scopes.includes("mcp") ? toolsSaid(consent.tools) : {}),
  limits: consent.limits,
  ...(consent.payerId === null ? {} : { payer: "team" }),
  revoked: consent.revokedMs !== null,
})

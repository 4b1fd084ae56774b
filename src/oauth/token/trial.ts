// A developer's test token: for the own account, or the team's, through the own app, chat alone, an hour, a few credits a day. Its grant hangs below no
// consent, so that nobody is said to have agreed to something on a page they never saw; whatever ends grants of a person ends it too.
import { AppError, credits, ensure, MINUTE_MS, type Nano, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { clientByPublicId } from "../client/store.ts"
import { type Core, rememberRevoked } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { Scope } from "../types.ts"
import { signCandidate } from "./issue.ts"
import { endGrants, grantByPublicId, insertGrant } from "./store.ts"
import { trialsOf } from "./store-trials.ts"

/** What all test tokens of a person and app may spend of a UTC day, with whatever else the person spends through it. */
export const TRIAL_DAILY: Nano = credits(20)
const SCOPES: Scope[] = ["llm"]
/** A grant is signed for once, right after it was made. */
const SIGN_WITHIN_MS = MINUTE_MS

export interface TrialInput {
  /** Whose app it is; whoever asks may act for them. */
  ownerId: UserId
  userId: UserId
  clientPublicId: string
  session: { sessionId: string | number; authTimeMs: number }
  /** Ends the ones before: there is one test token at a time that somebody was shown. */
  replaces: boolean
}

/**
 * @returns the grant's public id, for `signTrial`
 * @throws AppError not_found (not the owner's), client_suspended, account_suspended, conflict (the app may not chat)
 */
export function trialGrantIn(core: Core, tx: Tx, input: TrialInput): string {
  const client = clientByPublicId(tx, input.clientPublicId)
  ensure(client && client.ownerId === input.ownerId, "not_found", "There is no such app.")
  ensure(client.suspendedMs === null, "client_suspended", "This app is suspended. Its tokens do not work.")
  core.identity.requireActiveIn(tx, input.userId)
  ensure(client.scopes.includes("llm"), "conflict", "This app may not chat. Add the scope llm to it first.")
  if (input.replaces) endTrialsIn(core, tx, input)
  const publicId = core.ids.next("gnt")
  insertGrant(tx, {
    publicId,
    userId: input.userId,
    clientId: client.id,
    consentId: null,
    trialNano: TRIAL_DAILY,
    sessionId: String(input.session.sessionId),
    scopes: SCOPES,
    authTimeMs: input.session.authTimeMs,
  })
  auditIn(tx, {
    action: "grant.trial_created",
    subject: publicId,
    after: { client: client.publicId, scopes: SCOPES, dailyNano: TRIAL_DAILY },
  })
  return publicId
}

/** The token of a grant that was just made and committed. @throws AppError token_revoked */
export async function signTrial(core: Core, grantPublicId: string): Promise<{ token: string; expiresMs: number }> {
  const grant = grantByPublicId(core.store.read, grantPublicId)
  const user = grant && core.identity.userById(grant.userId)
  const now = core.clock.now()
  const isNew = grant !== null && grant.trialNano !== null && now - grant.createdMs < SIGN_WITHIN_MS
  if (!isNew || !user || grant.revokedMs !== null) throw new AppError("token_revoked", "Make a new test token.")
  const { access_token } = await signCandidate(core, grant, user, SCOPES, { nonce: null, refresh: false })
  return { token: access_token, expiresMs: now + OAUTH_LIMITS.accessTokenMs }
}

/** Ends them all, or the one named. @returns how many there were */
export function endTrialsIn(
  core: Core,
  tx: Tx,
  input: { userId: UserId; clientPublicId: string; grant?: string },
): number {
  const trials = trialsOf(tx, input.userId, input.clientPublicId).filter(
    ({ publicId }) => input.grant === undefined || publicId === input.grant,
  )
  const ids = trials.map(({ id }) => id)
  endGrants(tx, ids, "user_request")
  rememberRevoked(core, tx, ids)
  for (const { publicId } of trials) auditIn(tx, { action: "grant.trial_ended", subject: publicId })
  return ids.length
}

/** When the newest test token that still works ends, ms; null: there is none. */
export function trialEndsMs(core: Core, userId: UserId, clientPublicId: string): number | null {
  const made = trialsOf(core.store.read, userId, clientPublicId).map(({ createdMs }) => createdMs)
  const endsMs = Math.max(0, ...made) + OAUTH_LIMITS.accessTokenMs
  return made.length > 0 && endsMs > core.clock.now() ? endsMs : null
}

// Does the person have to do something before the client gets its answer? Pure; asked again in every body that acts
// on it.
import { consentReason } from "../consent/rules.ts"
import type { NamedTools } from "../consent/tools.ts"
import { ACR_SEVERAL, acrOf, satisfies } from "../token/acr.ts"
import type { AuthSession, Client, Consent, ConsentReason, LoginReason, OauthUser } from "../types.ts"
import { type AuthRequest, asksFor } from "./request.ts"

/** An interaction in progress; null on the first visit. */
export interface Progress {
  startedMs: number
  /** The sessions that were there when it started, separated by blanks. */
  sessionBefore: string | null
  accountConfirmed: boolean
}

export type NextStep =
  | { kind: "login"; reason: LoginReason; fresh: boolean }
  | { kind: "consent"; reason: ConsentReason }
  /** The app insists on a strength that this person has not set up. */
  | { kind: "unmet" }
  | { kind: "done" }

export function nextStep(input: {
  request: AuthRequest
  client: Client
  session: AuthSession | null
  user: OauthUser | null
  consent: Consent | null
  progress: Progress | null
  approvedHere: boolean
  /** Single tools that it asks for; null = all. */
  tools: NamedTools
  /** They have a second factor. */
  canStepUp: boolean
  nowMs: number
  consentMaxAgeMs: number | null
}): NextStep {
  const { request, session, user, progress, nowMs } = input
  if (!session || !user) return { kind: "login", reason: "signed_out", fresh: false }
  const fresh = signedInSince(session, progress)
  const login = (reason: LoginReason): NextStep => ({ kind: "login", reason, fresh })
  if (!fresh) {
    if (request.prompt.includes("create")) return login("create")
    if (request.prompt.includes("login")) return login("prompt")
    if (request.prompt.includes("select_account") && !progress?.accountConfirmed) return login("select_account")
    // max_age=0 asks for a new login, however fast the last one was.
    const age = nowMs - session.authTimeMs
    if (request.maxAgeMs !== null && (request.maxAgeMs === 0 || age > request.maxAgeMs)) return login("max_age")
  }
  if (request.expectedSub !== null && request.expectedSub !== user.publicId) return login("other_account")
  const missing = missingStrength(request.acr, acrOf(session.amr), input.canStepUp)
  if (missing) return missing === "unmet" ? { kind: "unmet" } : login(missing)
  const reason = consentReason({
    client: input.client,
    consent: input.consent,
    scopes: asksFor(request),
    redirectUri: request.redirectUri,
    device: request.device !== null,
    suggested: request.suggested,
    tools: input.tools,
    promptConsent: request.prompt.includes("consent"),
    approvedHere: input.approvedHere,
    nowMs,
    maxAgeMs: input.consentMaxAgeMs,
  })
  return reason ? { kind: "consent", reason } : { kind: "done" }
}

/** Asked for where it can be had; what is only wished for holds nobody up. */
function missingStrength(asked: AuthRequest["acr"], has: string, canStepUp: boolean): "stronger" | "unmet" | null {
  if (!asked || satisfies(has, asked.values)) return null
  if (canStepUp && has !== ACR_SEVERAL && satisfies(ACR_SEVERAL, asked.values)) return "stronger"
  return asked.isEssential ? "unmet" : null
}

/** Whether this session began inside the interaction; a new session id tells two logins of one millisecond apart. */
function signedInSince(session: AuthSession, progress: Progress | null): boolean {
  if (!progress || session.authTimeMs < progress.startedMs) return false
  if (session.authTimeMs > progress.startedMs) return true
  return !(progress.sessionBefore ?? "").split(" ").includes(String(session.sessionId))
}

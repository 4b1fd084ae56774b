// When a person is asked, and how much an app may be given. Pure (SPEC §4.5, RFC 8252 §8.6).
import { credits, type Nano, nano } from "../../app/index.ts"
import { isNativeRedirect } from "../client/redirect-uri.ts"
import { isRaisedSince } from "../client/share.ts"
import type { Suggested } from "../details.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { DEFAULT_DAILY_LIMIT, isAiScope, isSubset } from "../scopes.ts"
import type { AiScope, Client, Consent, ConsentReason, Limits, Scope } from "../types.ts"
import { type NamedTools, wantsOtherTools } from "./tools.ts"

export const DAILY_LIMIT_MAX: Nano = credits(OAUTH_LIMITS.dailyLimitCreditsMax)

/**
 * Any number a form sends, as a limit that may stand: whole n$ between 0 and the maximum; nonsense becomes the
 * fallback.
 */
function clampLimit(value: number | undefined, fallback: Nano): Nano {
  if (value === undefined || !Number.isFinite(value)) return fallback
  return nano(Math.min(Math.max(Math.floor(value), 0), DAILY_LIMIT_MAX))
}

/** The limit of every granted AI scope: what was chosen now, else what stood before, else the default. */
export function limitsFor(
  scopes: readonly Scope[],
  chosen: Limits,
  standing: Consent["limits"],
): Partial<Record<AiScope, Nano>> {
  const limits: Partial<Record<AiScope, Nano>> = {}
  for (const scope of scopes.filter(isAiScope)) {
    limits[scope] = clampLimit(chosen[scope], standing[scope] ?? DEFAULT_DAILY_LIMIT[scope])
  }
  return limits
}

/**
 * Why the person must be asked, or null when an earlier answer covers the request.
 * * a device that showed a code: always, for only the person can tell that it is theirs
 * * first-party: never   * `prompt=consent`: always   * no consent, or revoked   * a scope never asked for before, or none
 *   of those asked was ever granted: what was declined is an answer too
 * * tools that nobody was asked about: single ones that are not among those allowed, or all where only single ones were
 * * another developer has it than when it was allowed
 * * the developer earns a larger share than when it was allowed
 * * a daily limit above the one that stands and above any the app proposed before
 * * older than the configured age   * an app that cannot prove itself (loopback or private scheme): always, but for the same
 *   origin in the browser session that approved it
 */
export function consentReason(input: {
  client: Client
  consent: Consent | null
  scopes: readonly Scope[]
  redirectUri: string
  device: boolean
  promptConsent: boolean
  suggested: Suggested
  tools: NamedTools
  approvedHere: boolean
  nowMs: number
  maxAgeMs: number | null
}): ConsentReason | null {
  const { client, consent } = input
  if (input.device) return "device"
  if (client.type === "first-party") return null
  if (!consent) return "first"
  if (consent.revokedMs !== null) return "revoked"
  if (!isSubset(input.scopes, [...consent.scopes, ...consent.declined])) return "new_scopes"
  if (!input.scopes.some((scope) => consent.scopes.includes(scope))) return "new_scopes"
  if (wantsOtherTools(consent, input.scopes, input.tools)) return "tools"
  if (client.movedMs !== null && consent.grantedMs <= client.movedMs) return "developer"
  if (isRaisedSince(client, consent.grantedMs)) return "share"
  if (wantsMore(consent, input.suggested)) return "limits"
  if (input.maxAgeMs !== null && input.nowMs - consent.grantedMs > input.maxAgeMs) return "expired"
  if (client.type === "public" && isNativeRedirect(input.redirectUri) && !input.approvedHere) return "native_app"
  return input.promptConsent ? "prompt" : null
}

/** Whoever gave less than was proposed is not asked for the same again. */
const wantsMore = (consent: Consent, suggested: Suggested): boolean =>
  consent.scopes
    .filter(isAiScope)
    .some((scope) => (suggested[scope] ?? 0) > Math.max(consent.limits[scope] ?? 0, consent.asked[scope] ?? 0))

// A token for less than what was given (RFC 9396 §6): authorization_details at the token endpoint name the AI scopes that the token may
// use, and at most how much of the app's day. It carries them itself (§9.1); what the person changes later narrows it further.
// * only types we know   * never more than what stands   * scopes about the person stay   * the grant and its refresh token stay whole
import { AppError, creditsDecimal, ensure, type Nano, nano, parseCredits } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import { limitsOf } from "../consent/store.ts"
import { DETAIL_TYPES } from "../detail-types.ts"
import { type Suggested, suggestedBy } from "../details.ts"
import { isAiScope } from "../scopes.ts"
import type { AiScope, AuthorizationDetail, Client, Scope } from "../types.ts"
import type { Grant } from "./store.ts"

const CODE = "invalid_authorization_details"

/** What the request asks for; null: all that the grant gives. @throws AppError invalid_authorization_details */
export function narrowingOf(param: (name: string) => string | null, client: Client): Suggested | null {
  const text = param("authorization_details")
  return text === null ? null : suggestedBy(text, client)
}

/**
 * Scopes of the narrower token.
 * @throws AppError invalid_authorization_details where more is asked for than stands now
 */
export function narrowScopes(
  reader: Reader,
  grant: Grant,
  scopes: readonly Scope[],
  wanted: Suggested | null,
): Scope[] {
  if (wanted === null) return [...scopes]
  ensure(grant.consentId !== null, CODE, "This permission has no daily limits.")
  const limits = limitsOf(reader, grant.consentId)
  for (const [scope, asked] of Object.entries(wanted) as [AiScope, Nano][]) {
    const given = scopes.includes(scope) ? limits[scope] : undefined
    if (given === undefined) throw new AppError(CODE, `The person did not give ${scope}.`)
    if (asked > given) throw new AppError(CODE, `The person gave less of ${scope} than that.`)
  }
  return scopes.filter((scope) => !isAiScope(scope) || wanted[scope] !== undefined)
}

/** One spelling, for what has to be equal when a request is repeated. */
export const narrowingText = (wanted: Suggested | null): string =>
  wanted === null ? "" : JSON.stringify(Object.entries(wanted).toSorted(([a], [b]) => a.localeCompare(b)))

/** The claim of our tokens, and of the answer that they come in. */
export const detailsFor = (limits: Suggested): AuthorizationDetail[] =>
  (Object.entries(limits) as [AiScope, Nano][]).map(([scope, amount]) => ({
    type: DETAIL_TYPES[0],
    scopes: [scope],
    credits: creditsDecimal(amount),
  }))

/** What a token of ours may use at most; null: it is not narrowed. */
export function limitsOfClaim(details: unknown): Suggested | null {
  if (!Array.isArray(details)) return null
  const limits: Suggested = {}
  for (const { scopes, credits } of details as AuthorizationDetail[])
    for (const scope of scopes) limits[scope] = parseCredits(credits) ?? nano(0)
  return limits
}

/** Of a narrowed token, as it stands now: never more than the person gives meanwhile. */
export function standingDetails(reader: Reader, grant: Grant, limits: Suggested): AuthorizationDetail[] {
  const given = grant.consentId === null ? {} : limitsOf(reader, grant.consentId)
  const standing = Object.entries(limits).map(([scope, own]) => [scope, Math.min(own, given[scope as AiScope] ?? 0)])
  return detailsFor(Object.fromEntries(standing) as Suggested)
}

// Authorization details (RFC 9396): the one type there is asks for a daily limit of AI scopes. The person decides what it is; what was
// given is told as it stands now, since they may change it any time. Pure but for the one read.
import { AppError, creditsDecimal, ensure, type Nano, parseCredits } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { DAILY_LIMIT_MAX } from "./consent/rules.ts"
import { limitsOf } from "./consent/store.ts"
import { DETAIL_TYPES } from "./detail-types.ts"
import { AI_SCOPES, isAiScope } from "./scopes.ts"
import type { Grant } from "./token/store.ts"
import type { AiScope, AuthorizationDetail, Client } from "./types.ts"

/** One a scope is as many as make sense. */
const DETAILS_MAX = AI_SCOPES.length
const FIELDS = new Set(["type", "scopes", "credits"])

/** What an app proposes, n$ a day. */
export type Suggested = Partial<Record<AiScope, Nano>>

/** @throws AppError invalid_authorization_details */
export function suggestedBy(text: string, client: Client): Suggested {
  ensure(client.type !== "first-party", CODE, "This app needs no limits.")
  const isRegistered = client.detailTypes?.includes(DETAIL_TYPES[0]) ?? true
  ensure(isRegistered, CODE, "This app has not registered this type of authorization details.")
  const details = parse(text)
  ensure(Array.isArray(details), CODE, "authorization_details must be a JSON array.")
  ensure(details.length > 0 && details.length <= DETAILS_MAX, CODE, `Send 1 to ${DETAILS_MAX} authorization details.`)
  const suggested: Suggested = {}
  for (const detail of details) {
    const { scopes, nano } = one(detail)
    for (const scope of scopes) {
      ensure(client.scopes.includes(scope), CODE, `This app has not registered the scope ${scope}.`)
      ensure(suggested[scope] === undefined, CODE, `The scope ${scope} is there twice.`)
      suggested[scope] = nano
    }
  }
  return suggested
}

const CODE = "invalid_authorization_details"

function one(detail: unknown): { scopes: AiScope[]; nano: Nano } {
  ensure(typeof detail === "object" && detail !== null && !Array.isArray(detail), CODE, "Each detail is an object.")
  const { type, scopes, credits } = detail as Record<string, unknown>
  ensure(type === DETAIL_TYPES[0], CODE, `The only type is ${DETAIL_TYPES[0]}.`)
  const foreign = Object.keys(detail).filter((name) => !FIELDS.has(name))
  // An unknown field may change what is meant, so it is never overlooked (RFC 9396 §5).
  ensure(foreign.length === 0, CODE, `${DETAIL_TYPES[0]} has the fields type, scopes and credits alone.`)
  const known = Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string" && isAiScope(scope)) : []
  ensure(
    Array.isArray(scopes) && known.length > 0 && known.length === scopes.length,
    CODE,
    `scopes is a list of ${AI_SCOPES.join(", ")}.`,
  )
  const nano = typeof credits === "string" && /^[\d.]+$/.test(credits) ? parseCredits(credits) : null
  ensure(
    nano !== null && nano > 0 && nano <= DAILY_LIMIT_MAX,
    CODE,
    `credits is a decimal in quotes, more than 0 and at most ${creditsDecimal(DAILY_LIMIT_MAX)}.`,
  )
  return { scopes: known as AiScope[], nano }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new AppError(CODE, "authorization_details is not JSON.")
  }
}

/** What stands now of what the app asked for; undefined: it asked for nothing in detail. */
export function detailsOf(reader: Reader, grant: Grant, scopes: readonly string[]): AuthorizationDetail[] | undefined {
  if (grant.details === null || grant.consentId === null) return undefined
  const limits = limitsOf(reader, grant.consentId)
  return grant.details
    .split(" ")
    .filter(isAiScope)
    .filter((scope) => scopes.includes(scope) && limits[scope] !== undefined)
    .map((scope) => ({ type: DETAIL_TYPES[0], scopes: [scope], credits: creditsDecimal(limits[scope]!) }))
}

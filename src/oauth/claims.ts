// Claims about a person: what each is worth, which scope opens it, and which were asked for one by one (OIDC Core §5.1, §5.4, §5.5). Pure.
// What nobody told us is not handed out: no family name made of a name, no user name made of an address.
import type { OauthUser, PersonClaims, Scope } from "./types.ts"

interface Claim {
  scope: Scope
  /** undefined: not known of them. */
  of(user: OauthUser): string | number | boolean | undefined
}

const CLAIMS: Readonly<Record<keyof PersonClaims, Claim>> = {
  name: { scope: "profile", of: ({ name }) => name ?? undefined },
  picture: { scope: "profile", of: ({ picture }) => picture ?? undefined },
  locale: { scope: "profile", of: ({ locale }) => locale ?? undefined },
  zoneinfo: { scope: "profile", of: ({ zoneinfo }) => zoneinfo ?? undefined },
  updated_at: { scope: "profile", of: ({ updatedMs }) => Math.floor(updatedMs / 1_000) },
  email: { scope: "email", of: ({ email }) => email },
  email_verified: { scope: "email", of: ({ emailVerified }) => emailVerified },
}

export const PERSON_CLAIMS = Object.keys(CLAIMS) as readonly (keyof PersonClaims)[]

export const isPersonClaim = (name: string): name is keyof PersonClaims => Object.hasOwn(CLAIMS, name)
export const scopeOfClaim = (name: string): Scope | null => (isPersonClaim(name) ? CLAIMS[name].scope : null)

/** One claim, with the values that it may have; none: any. */
export interface AskedClaim {
  name: string
  values?: unknown[]
}

export interface ClaimsAsked {
  idToken: readonly AskedClaim[]
  userinfo: readonly AskedClaim[]
}

export const NO_CLAIMS: ClaimsAsked = { idToken: [], userinfo: [] }

/** As it lies in the row of a grant. */
export const storedClaims = (text: string | null): ClaimsAsked =>
  text === null ? NO_CLAIMS : (JSON.parse(text) as ClaimsAsked)

/** Only claims whose scope the person allowed; null: nothing to keep. */
export function allowedClaims(asked: ClaimsAsked, scopes: readonly Scope[]): string | null {
  const allowed = (claims: readonly AskedClaim[]) => claims.filter(({ name }) => scopes.includes(scopeOfClaim(name)!))
  const kept: ClaimsAsked = { idToken: allowed(asked.idToken), userinfo: allowed(asked.userinfo) }
  return kept.idToken.length + kept.userinfo.length === 0 ? null : JSON.stringify(kept)
}

/**
 * What an app learns of a person.
 * @param scopes that the token has and that stand: each opens all of its claims
 * @param single asked for one by one, as long as what opens them is among `open`
 */
export function personClaims(
  user: OauthUser,
  scopes: readonly Scope[],
  single: readonly AskedClaim[],
  open: readonly Scope[],
): PersonClaims {
  const told: Record<string, unknown> = {}
  for (const name of PERSON_CLAIMS) {
    const { scope, of } = CLAIMS[name]
    const one = open.includes(scope) ? single.find((each) => each.name === name) : undefined
    if (!scopes.includes(scope) && !one) continue
    const value = of(user)
    if (value !== undefined && (scopes.includes(scope) || isOneOf(value, one?.values))) told[name] = value
  }
  return told as PersonClaims
}

const isOneOf = (value: unknown, values: readonly unknown[] | undefined): boolean =>
  values === undefined || values.includes(value)

// * claims is a JSON object of objects (OIDC Core §5.5)   * a claim about the person is handed out where it is asked for, userinfo or
//   ID token, and alone: the person is asked for the scope that opens it, the app gets this one claim of it   * with a value or
//   values it is handed out only when it is one of them   * of a scope that the client has not registered nothing is
// * `sub` names the person who must sign in   * `acr` asks for a strength of the sign-in   * all else is accepted without effect
import { AppError } from "../../app/index.ts"
import { type AskedClaim, type ClaimsAsked, isPersonClaim, NO_CLAIMS, scopeOfClaim } from "../claims.ts"
import { SCOPES } from "../scopes.ts"
import type { Client } from "../types.ts"
import type { AuthRequest, Check } from "./request.ts"

type Json = Readonly<Record<string, unknown>>

export const checkClaims: Check = ({ param, request, client }) => {
  const text = param("claims")
  if (text === null) return
  const claims = object(parse(text))
  const idToken = claims.id_token == null ? {} : object(claims.id_token)
  const userinfo = claims.userinfo == null ? {} : object(claims.userinfo)
  for (const part of [idToken, userinfo]) {
    for (const wish of Object.values(part)) if (wish !== null) object(wish)
    const [sub] = valuesOf(part.sub) ?? []
    if (typeof sub === "string") request.expectedSub = sub
  }
  request.acr = acrOf(idToken.acr) ?? request.acr
  const asked = { idToken: personClaims(idToken, client!), userinfo: personClaims(userinfo, client!) }
  request.claims = asked.idToken.length + asked.userinfo.length === 0 ? NO_CLAIMS : asked
  request.claimScopes = scopesBeside(request, asked)
}

function personClaims(part: Json, client: Client): AskedClaim[] {
  return Object.entries(part)
    .filter(([name]) => isPersonClaim(name) && client.scopes.includes(scopeOfClaim(name)!))
    .map(([name, wish]) => {
      const values = valuesOf(wish)
      return values === null ? { name } : { name, values }
    })
}

/** Scopes that open single claims, where the request does not ask for them whole. */
function scopesBeside(request: AuthRequest, { idToken, userinfo }: ClaimsAsked) {
  const needed = new Set([...idToken, ...userinfo].map(({ name }) => scopeOfClaim(name)))
  return SCOPES.filter((scope) => needed.has(scope) && !request.scopes.includes(scope))
}

/** A strength that must be (`essential`, with a value: OIDC Core §5.5.1.1), or that would be nice. */
function acrOf(wish: unknown): AuthRequest["acr"] {
  const values = (valuesOf(wish) ?? []).filter((value) => typeof value === "string")
  return values.length === 0 ? null : { values, isEssential: (wish as Json).essential === true }
}

/** null: any. */
function valuesOf(wish: unknown): unknown[] | null {
  if (typeof wish !== "object" || wish === null) return null
  const { value, values } = wish as Json
  if (value !== undefined) return [value]
  return Array.isArray(values) ? values : null
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notAnObject()
  }
}

function object(value: unknown): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject()
  return value as Json
}

const notAnObject = () =>
  new AppError("invalid_request", "claims must be a JSON object of objects.", { param: "claims" })

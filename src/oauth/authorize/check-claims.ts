// * claims is a JSON object (OIDC Core §5.5)   * a claim asks for the scope that opens it, so that the person is asked and both
//   userinfo and ID token have it; when the client has not registered that scope, nothing happens
// * a `sub` value must be the person who signs in   * anything else is accepted and has no effect
import { AppError } from "../../app/index.ts"
import { SCOPES } from "../scopes.ts"
import type { Scope } from "../types.ts"
import type { Check } from "./request.ts"

const SCOPE_OF = new Map<string, Scope>([
  ["name", "profile"],
  ["updated_at", "profile"],
  ["email", "email"],
  ["email_verified", "email"],
])

export const checkClaims: Check = ({ param, request, client }) => {
  const text = param("claims")
  if (text === null) return
  const claims = object(parse(text))
  for (const part of [claims.id_token, claims.userinfo].map((one) => (one == null ? {} : object(one)))) {
    const asked = Object.keys(part).map((name) => SCOPE_OF.get(name))
    request.scopes = SCOPES.filter(
      (scope) => request.scopes.includes(scope) || (asked.includes(scope) && client!.scopes.includes(scope)),
    )
    const sub = part.sub as { value?: unknown } | null | undefined
    if (typeof sub?.value === "string") request.expectedSub = sub.value
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw notAnObject()
  }
}

function object(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw notAnObject()
  return value as Record<string, unknown>
}

const notAnObject = () =>
  new AppError("invalid_request", "claims must be a JSON object of objects.", { param: "claims" })

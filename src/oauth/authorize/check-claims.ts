// * claims is a JSON object (OIDC Core §5.5)   * id_token members are moved there as far as the scopes open them
// * a `sub` value must be the person who signs in   * anything else is accepted and has no effect
import { AppError } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkClaims: Check = ({ param, request }) => {
  const text = param("claims")
  if (text === null) return
  const claims = object(parse(text))
  const idToken = claims.id_token == null ? {} : object(claims.id_token)
  request.idClaims = Object.keys(idToken)
    .filter((name) => /^[a-z_]{1,40}$/.test(name))
    .slice(0, 20)
    .join(" ")
  for (const part of [idToken, claims.userinfo == null ? {} : object(claims.userinfo)]) {
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

// * without a scope the app asks for what it may spend on (RFC 6749 §3.3): tools that know no scopes sign in too   * unknown scopes are ignored (OIDC Core §3.1.2.1), known ones must be registered by the client
// * something is left   * first-party clients may ask for everything
import { ensure } from "../../app/index.ts"
import { isAiScope, parseScopes } from "../scopes.ts"
import type { Client, Scope } from "../types.ts"
import type { Check } from "./request.ts"

export const checkScope: Check = ({ param, request, client }) => {
  request.scopes = scopesAsked(param("scope"), client!)
}

/** @throws AppError invalid_scope */
export function scopesAsked(text: string | null, client: Client): Scope[] {
  const scopes = text === null ? client.scopes.filter(isAiScope) : parseScopes(text)
  const foreign = scopes.filter((scope) => !client.scopes.includes(scope))
  ensure(foreign.length === 0, "invalid_scope", `This app has not registered the scope ${foreign.join(" ")}.`)
  ensure(scopes.length > 0, "invalid_scope", "Send a scope, such as openid.", { param: "scope" })
  return scopes
}

// * without a scope the app asks for what it may spend on, or for what its one resource opens (RFC 6749 §3.3): tools that know no scopes sign in too
// * unknown scopes are ignored (OIDC Core §3.1.2.1), and those of the account where its server is not the resource; known ones must be registered
// by the client   * something is left   * first-party clients may ask for everything   * in test mode nobody gets at a real account
import { ensure } from "../../app/index.ts"
import type { Core } from "../core.ts"
import { isAccountScope, parseScopes } from "../scopes.ts"
import type { Client, Scope } from "../types.ts"
import type { Check } from "./request.ts"

export const checkScope: Check = ({ core, param, request, client }) => {
  request.scopes = scopesAsked(core, param("scope"), client!, request.resources)
}

/** @param resources as the request names them. @throws AppError invalid_scope */
export function scopesAsked(
  { resources: known }: Pick<Core, "resources">,
  text: string | null,
  client: Client,
  resources: readonly string[] | null,
): Scope[] {
  const usual = known.usualScopes(resources)
  const asked = text === null ? client.scopes.filter((scope) => usual.includes(scope)) : parseScopes(text)
  const scopes = known.fitting(asked, resources).filter((scope) => client.mode === "live" || !isAccountScope(scope))
  const foreign = scopes.filter((scope) => !client.scopes.includes(scope))
  ensure(foreign.length === 0, "invalid_scope", `This app has not registered the scope ${foreign.join(" ")}.`)
  ensure(scopes.length > 0, "invalid_scope", "Send a scope, such as openid.", { param: "scope" })
  return scopes
}

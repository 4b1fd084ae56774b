// * scope is given   * unknown scopes are ignored (OIDC Core §3.1.2.1), known ones must be registered by the client
// * something is left   * first-party clients may ask for everything
import { ensure } from "../../app/index.ts"
import { parseScopes } from "../scopes.ts"
import type { Check } from "./request.ts"

export const checkScope: Check = ({ param, request, client }) => {
  const scopes = parseScopes(param("scope") ?? "")
  const foreign = scopes.filter((scope) => !client!.scopes.includes(scope))
  ensure(foreign.length === 0, "invalid_scope", `This app has not registered the scope ${foreign.join(" ")}.`)
  ensure(scopes.length > 0, "invalid_scope", "Send a scope, such as openid.", { param: "scope" })
  request.scopes = scopes
}

// * redirect_uri is always given, once   * it is registered, letter for letter; loopback may use any port
// Never redirects on failure. From here on the client may be told about errors.
import { ensure } from "../../app/index.ts"
import { redirectUriAllowed } from "../client/redirect-uri.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { Check } from "./request.ts"

export const checkRedirectUri: Check = (draft) => {
  const uris = draft.params.getAll("redirect_uri")
  ensure(uris.length === 1 && uris[0], "invalid_request", "The app did not say where to return to (redirect_uri).")
  ensure(
    redirectUriAllowed(uris[0], draft.client!.redirectUris),
    "invalid_request",
    "The app asked to return to an address it has not registered (redirect_uri). Tell its developer.",
  )
  draft.request.redirectUri = uris[0]
  const states = draft.params.getAll("state")
  const echoable = states.length === 1 && states[0] && states[0].length <= OAUTH_LIMITS.parameterCharsMax
  draft.request.state = echoable ? states[0]! : null
  draft.trusted = true
}

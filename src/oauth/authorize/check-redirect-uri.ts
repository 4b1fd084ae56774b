// * redirect_uri is always given, once   * it is registered, letter for letter; loopback may use any port
// * state is short enough to be echoed
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
  // Every answer has to bring back the exact state (RFC 6749 §4.1.2.1): where it cannot, there is no answer but this page.
  ensure(
    states.every((state) => state.length <= OAUTH_LIMITS.parameterCharsMax),
    "invalid_request",
    "The app sent a state that is too long to be sent back. Tell its developer.",
  )
  draft.request.state = states.length === 1 && states[0] ? states[0] : null
  draft.trusted = true
}

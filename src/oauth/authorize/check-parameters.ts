// * a parameter we know is sent once (RFC 6749 §3.1); unknown ones are ignored   * none is absurdly long
import { AppError, ensure } from "../../app/index.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { Check } from "./request.ts"

const KNOWN = [
  "client_id",
  "redirect_uri",
  "response_type",
  "response_mode",
  "scope",
  "state",
  "nonce",
  "prompt",
  "max_age",
  "code_challenge",
  "code_challenge_method",
  "claims",
  "id_token_hint",
  "login_hint",
  "request",
  "request_uri",
  "acr_values",
  "display",
  "ui_locales",
  "claims_locales",
  "registration",
  "dpop_jkt",
]

export const checkParameters: Check = ({ params }) => {
  for (const name of KNOWN) {
    const values = params.getAll(name)
    if (values.length > 1) throw new AppError("invalid_request", `Send ${name} only once.`, { param: name })
    const charsMax = name === "id_token_hint" ? OAUTH_LIMITS.tokenCharsMax : OAUTH_LIMITS.parameterCharsMax
    ensure((values[0]?.length ?? 0) <= charsMax, "invalid_request", `${name} is too long.`, { param: name })
  }
}

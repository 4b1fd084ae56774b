// * code_challenge is given by every client, confidential and first-party too   * its method is S256, said out loud:
// a missing method would mean `plain` (RFC 7636 §4.3)   * it is the base64url of a SHA-256
import { ensure } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkPkce: Check = ({ param, request }) => {
  const challenge = param("code_challenge")
  ensure(challenge !== null, "invalid_request", "PKCE is required: send code_challenge.", { param: "code_challenge" })
  ensure(param("code_challenge_method") === "S256", "invalid_request", "Send code_challenge_method=S256.")
  ensure(/^[A-Za-z0-9_-]{43}$/.test(challenge), "invalid_request", "code_challenge is not a base64url SHA-256.")
  request.codeChallenge = challenge
}

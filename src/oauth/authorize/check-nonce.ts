// * nonce is optional in the code flow and comes back unchanged in the ID token (OIDC Core §3.1.2.1)
import type { Check } from "./request.ts"

export const checkNonce: Check = ({ param, request }) => {
  request.nonce = param("nonce")
}

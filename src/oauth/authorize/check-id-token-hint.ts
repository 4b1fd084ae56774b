// * id_token_hint is an ID token that we signed, expired or not   * its subject must be the person who signs in
import { ensure } from "../../app/index.ts"
import { readIdToken } from "../access/verify.ts"
import type { Check } from "./request.ts"

export const checkIdTokenHint: Check = async ({ core, param, request }) => {
  const hint = param("id_token_hint")
  if (hint === null) return
  const sub = (await readIdToken(core, hint))?.sub
  ensure(sub !== undefined, "invalid_request", "id_token_hint is not an ID token of this server.", {
    param: "id_token_hint",
  })
  ensure(
    request.expectedSub === null || request.expectedSub === sub,
    "invalid_request",
    "claims and id_token_hint differ.",
  )
  request.expectedSub = sub
}

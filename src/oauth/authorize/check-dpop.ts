// * dpop_jkt, where it is sent, is the thumbprint of a key: only its holder redeems the code (RFC 9449 §10)
import { ensure } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkDpop: Check = ({ param, request }) => {
  const jkt = param("dpop_jkt")
  ensure(
    jkt === null || /^[A-Za-z0-9_-]{43}$/.test(jkt),
    "invalid_request",
    "dpop_jkt is not a base64url SHA-256 thumbprint.",
    { param: "dpop_jkt" },
  )
  request.dpopJkt = jkt
}

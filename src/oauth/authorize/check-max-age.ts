// * max_age, when given, is a whole number of seconds (OIDC Core §3.1.2.1)
import { ensure } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkMaxAge: Check = ({ param, request }) => {
  const maxAge = param("max_age")
  if (maxAge === null) return
  ensure(/^\d{1,9}$/.test(maxAge), "invalid_request", "max_age must be a whole number of seconds.", {
    param: "max_age",
  })
  request.maxAgeMs = Number(maxAge) * 1_000
}

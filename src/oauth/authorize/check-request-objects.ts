// * request and request_uri are refused by name, never silently ignored (OIDC Core §6): nothing is fetched, nothing
// is parsed
import { ensure } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkRequestObjects: Check = ({ param }) => {
  ensure(param("request") === null, "request_not_supported", "Request objects are not supported.")
  ensure(param("request_uri") === null, "request_uri_not_supported", "Request URIs are not supported.")
}

// * every resource is an API of this server (RFC 8707 §2)   * none means what every token was for before: /v1
import type { Check } from "./request.ts"

export const checkResource: Check = ({ core, params, request }) => {
  request.resources = core.resources.asked(params)
}

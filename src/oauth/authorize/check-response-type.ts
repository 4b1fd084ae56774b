// * response_type is given   * it is `code`: no token ever travels in a front channel (OAuth 2.1 §10.1)
import { ensure } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkResponseType: Check = ({ param }) => {
  const type = param("response_type")
  ensure(type !== null, "invalid_request", "response_type is missing.", { param: "response_type" })
  ensure(type === "code", "unsupported_response_type", "Only response_type=code is offered.")
}

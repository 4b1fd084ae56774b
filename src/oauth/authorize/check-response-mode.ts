// * response_mode, when given, is `query`
import { ensure } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkResponseMode: Check = ({ param }) => {
  const mode = param("response_mode")
  ensure(mode === null || mode === "query", "invalid_request", "Only response_mode=query is offered.")
}

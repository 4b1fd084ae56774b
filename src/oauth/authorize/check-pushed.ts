// * a client that registered so sends its requests to /par, and no other way (RFC 9126 §6)
import { ensure } from "../../app/index.ts"
import type { Check } from "./request.ts"

export const checkPushed: Check = ({ client, isPushed }) => {
  ensure(isPushed || !client!.requirePar, "invalid_request", "This app has to send its requests to /par first.")
}

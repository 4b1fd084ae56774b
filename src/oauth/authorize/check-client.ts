// * client_id is given once and names a client we know   * the client is not suspended
// Never redirects: there is nobody yet whom to trust (OAuth 2.1 §4.1.2.1).
import { AppError, ensure } from "../../app/index.ts"
import { clientByPublicId } from "../client/store.ts"
import type { Check } from "./request.ts"

export const checkClient: Check = (draft) => {
  const ids = draft.params.getAll("client_id")
  ensure(ids.length === 1 && ids[0], "invalid_request", "The app did not say which app it is (client_id).")
  const client = clientByPublicId(draft.core.store.read, ids[0])
  ensure(client, "invalid_request", "We do not know this app (client_id). Tell its developer.")
  if (client.suspendedMs !== null)
    throw new AppError("client_suspended", "This app is suspended. You cannot sign in to it.")
  draft.client = client
  draft.request.clientId = client.id
}

// * client_id is given once and names a client we know, or is the address of a document that describes one   * the client is not suspended
// Never redirects: there is nobody yet whom to trust (OAuth 2.1 §4.1.2.1).
import { AppError, ensure } from "../../app/index.ts"
import { isDocumentId } from "../client/document-rules.ts"
import { clientOfDocument } from "../client/documents.ts"
import { clientByPublicId } from "../client/store.ts"
import type { Check } from "./request.ts"

export const checkClient: Check = async (draft) => {
  const ids = draft.params.getAll("client_id")
  ensure(
    ids.length === 1 && ids[0],
    "invalid_request",
    "The app that sent you here did not say which app it is. Tell its developer that the client_id is missing.",
  )
  const { core, network, requestId } = draft
  const client = isDocumentId(ids[0])
    ? await clientOfDocument(core, { url: ids[0], network, requestId })
    : clientByPublicId(core.store.read, ids[0])
  ensure(
    client,
    "invalid_request",
    "We do not know the app that sent you here. Go back to it and tell its developer that the client_id is unknown.",
  )
  if (client.suspendedMs !== null)
    throw new AppError("client_suspended", "This app is suspended. You cannot sign in to it.")
  draft.client = client
  draft.request.clientId = client.id
}

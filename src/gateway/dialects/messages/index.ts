// POST /v1/messages, as Anthropic documents it.
import { apiErrorResponse, readJsonText } from "../../../http/index.ts"
import { CORS } from "../../envelope.ts"
import type { Dialect } from "../dialect.ts"
import { parseJson } from "../json.ts"
import { betasIn } from "./betas.ts"
import { conversationOf } from "./conversation.ts"
import { MessagesFramer, wholeMessage } from "./frame.ts"
import { checkMessages, fieldsOf, type MessagesRequest } from "./request.ts"

/** Anthropic's SDKs read the request's id here. */
const idHeader = (requestId: string): Record<string, string> => ({ "request-id": requestId })

export const messages: Dialect<MessagesRequest> = {
  name: "messages",
  endpoint: "messages",
  scope: "llm",
  check: async (request, owner) =>
    checkMessages(parseJson(await readJsonText(request, { owner })), betasIn(request.headers)),
  estimate: (request) => request,
  fields: fieldsOf,
  conversation: conversationOf,
  framer: (request, requestId) => new MessagesFramer(request, requestId),
  whole: wholeMessage,
  headers: idHeader,
  error(error, requestId) {
    const response = apiErrorResponse(error, "anthropic", requestId)
    for (const [name, value] of Object.entries({ ...CORS, "x-request-id": requestId, ...idHeader(requestId) })) {
      response.headers.set(name, value)
    }
    return response
  },
}

/** A question whose tokens are to be counted. */
export const checkCount = async (request: Request, owner: string): Promise<MessagesRequest> =>
  checkMessages(parseJson(await readJsonText(request, { owner })), betasIn(request.headers), false)

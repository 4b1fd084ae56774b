// POST /v1/messages, as Anthropic documents it.
import { readJsonText } from "../../../http/index.ts"
import { v1Error } from "../../envelope.ts"
import type { Dialect } from "../dialect.ts"
import { parseJson } from "../json.ts"
import { betasIn } from "./betas.ts"
import { conversationOf } from "./conversation.ts"
import { MessagesFramer, wholeMessage } from "./frame.ts"
import { checkMessages, fieldsOf, type MessagesRequest } from "./request.ts"

export const messages: Dialect<MessagesRequest> = {
  name: "messages",
  endpoint: "messages",
  scope: "llm",
  params: { prompt: "messages", most: () => "max_tokens" },
  check: async (request, owner) =>
    checkMessages(parseJson(await readJsonText(request, { owner })), betasIn(request.headers)),
  estimate: (request) => request,
  fields: fieldsOf,
  conversation: conversationOf,
  framer: (request, requestId) => new MessagesFramer(request, requestId),
  whole: wholeMessage,
  // Anthropic's SDKs read the request's id here.
  headers: (requestId) => ({ "request-id": requestId }),
  error: (error, requestId) => v1Error(error, requestId, "anthropic"),
}

/** A question whose tokens are to be counted. */
export const checkCount = async (request: Request, owner: string): Promise<MessagesRequest> =>
  checkMessages(parseJson(await readJsonText(request, { owner })), betasIn(request.headers), false)

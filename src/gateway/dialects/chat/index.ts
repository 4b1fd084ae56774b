// POST /v1/chat/completions, as OpenAI documents it.
import { readJsonText } from "../../../http/index.ts"
import { v1Error } from "../../envelope.ts"
import type { Dialect } from "../dialect.ts"
import { parseJson } from "../json.ts"
import { conversationOf } from "./conversation.ts"
import { ChatFramer, wholeChat } from "./frame.ts"
import { type ChatRequest, checkChat, fieldsOf } from "./request.ts"

export const chat: Dialect<ChatRequest> = {
  name: "chat",
  endpoint: "chat",
  scope: "llm",
  params: {
    prompt: "messages",
    most: ({ plain }) => (typeof plain.max_tokens === "number" ? "max_tokens" : "max_completion_tokens"),
  },
  check: async (request, owner) => checkChat(parseJson(await readJsonText(request, { owner }))),
  estimate: (request) => request,
  fields: fieldsOf,
  conversation: conversationOf,
  framer: (request, requestId) => new ChatFramer(request, requestId),
  whole: (_, frame, isNative, requestId) => wholeChat(frame, isNative, requestId),
  error: v1Error,
}

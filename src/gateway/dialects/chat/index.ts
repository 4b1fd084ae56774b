// POST /v1/chat/completions, as OpenAI documents it.
import { quoteChat } from "../../charge/quote.ts"
import { v1Error } from "../../envelope.ts"
import type { Dialect } from "../dialect.ts"
import { parseJson } from "../json.ts"
import { readText } from "../read.ts"
import { ChatFramer, wholeChat } from "./frame.ts"
import { bodyFor, type ChatRequest, checkChat } from "./request.ts"

export const chat: Dialect<ChatRequest> = {
  name: "chat",
  kind: "chat",
  scope: "llm",
  check: async (request) => checkChat(parseJson(await readText(request))),
  estimate: quoteChat,
  bodyFor,
  framer: (request, requestId) => new ChatFramer(request, requestId),
  whole: wholeChat,
  error: v1Error,
}

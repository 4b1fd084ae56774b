// POST /v1/chat/completions, as OpenAI documents it.
import { fitToHold, quoteChat } from "../../charge/quote.ts"
import { v1Error } from "../../envelope.ts"
import type { Dialect } from "../dialect.ts"
import { type ChatBody, checkChat, readJson } from "./check.ts"
import { ChatFramer, wholeChat } from "./frame.ts"

export const chat: Dialect<ChatBody> = {
  name: "chat",
  kind: "chat",
  scope: "llm",
  check: async (request) => checkChat(await readJson(request)),
  estimate: quoteChat,
  fit: ({ pricing }, body, { call, heldNano }) => fitToHold(pricing, call.quotes, body, heldNano),
  framer: (body, requestId) => new ChatFramer(body, requestId),
  whole: wholeChat,
  error: v1Error,
}

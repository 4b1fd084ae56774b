// What clients that others wrote sent, turn after turn, passes whole: nothing in it is unknown, the document allows it, and other wires
// can be told it.
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import type { TSchema } from "@sinclair/typebox"
import Ajv from "ajv/dist/2020"
import type { Conversation } from "../providers/index.ts"
import { conversationOf as chatConversation } from "./chat/conversation.ts"
import { checkChat } from "./chat/request.ts"
import { ChatRequest } from "./chat/schema.ts"
import type { Extra } from "./dialect.ts"
import { parseJson } from "./json.ts"
import { conversationOf as messagesConversation } from "./messages/conversation.ts"
import { checkMessages } from "./messages/request.ts"
import { MessagesRequest } from "./messages/schema.ts"
import { conversationOf as responsesConversation } from "./responses/conversation.ts"
import { checkResponses } from "./responses/request.ts"
import { ResponsesRequest } from "./responses/schema.ts"

type Parsed = ReturnType<typeof parseJson>
interface Understood {
  extras: readonly Extra[]
  conversation: Conversation
}
const BODIES = new URL("../../../test/cases/gateway/bodies/", import.meta.url)
const DIALECTS: readonly [file: string, TSchema, (parsed: Parsed) => Understood][] = [
  ["chat-echoes", ChatRequest, (parsed) => understood(checkChat(parsed), chatConversation)],
  ["responses", ResponsesRequest, (parsed) => understood(checkResponses(parsed), responsesConversation)],
  ["messages", MessagesRequest, (parsed) => understood(checkMessages(parsed, []), messagesConversation)],
]
const understood = <Request extends { extras: readonly Extra[] }>(
  request: Request,
  conversationOf: (request: Request) => Conversation,
): Understood => ({ extras: request.extras, conversation: conversationOf(request) })

for (const [file, document, read] of DIALECTS) {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(JSON.stringify(document)))
  const lines = readFileSync(new URL(`${file}.jsonl`, BODIES), "utf8")
    .trim()
    .split("\n")
  for (const [index, line] of lines.entries()) {
    const { client, body } = JSON.parse(line) as { client: string; body: unknown }
    test(`${file}, line ${index + 1}: ${client}`, () => {
      const { extras, conversation } = read(parseJson(JSON.stringify(body)))
      expect(extras).toEqual([])
      expect(conversation.messages.length).toBeGreaterThan(0)
      expect([validate(body), validate.errors]).toEqual([true, null])
    })
  }
}

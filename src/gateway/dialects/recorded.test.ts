// What clients that others wrote sent, turn after turn, passes whole: nothing in it is unknown, and the document allows it.
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import type { TSchema } from "@sinclair/typebox"
import Ajv from "ajv/dist/2020"
import { checkChat } from "./chat/request.ts"
import { ChatRequest } from "./chat/schema.ts"
import type { Extra } from "./dialect.ts"
import { parseJson } from "./json.ts"
import { checkMessages } from "./messages/request.ts"
import { MessagesRequest } from "./messages/schema.ts"
import { checkResponses } from "./responses/request.ts"
import { ResponsesRequest } from "./responses/schema.ts"

type Check = (parsed: ReturnType<typeof parseJson>) => { extras: readonly Extra[] }
const BODIES = new URL("../../../test/cases/gateway/bodies/", import.meta.url)
const RECORDED: readonly [file: string, Check, TSchema][] = [
  ["chat-echoes", checkChat, ChatRequest],
  ["responses", checkResponses, ResponsesRequest],
  ["messages", (parsed) => checkMessages(parsed, []), MessagesRequest],
]

for (const [file, check, document] of RECORDED) {
  const validate = new Ajv({ strict: false }).compile(JSON.parse(JSON.stringify(document)))
  const lines = readFileSync(new URL(`${file}.jsonl`, BODIES), "utf8")
    .trim()
    .split("\n")
  for (const [index, line] of lines.entries()) {
    const { client, body } = JSON.parse(line) as { client: string; body: unknown }
    test(`${file}, line ${index + 1}: ${client}`, () => {
      expect(check(parseJson(JSON.stringify(body))).extras).toEqual([])
      expect([validate(body), validate.errors]).toEqual([true, null])
    })
  }
}

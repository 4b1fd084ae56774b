import { expect, test } from "bun:test"
import { parseJson } from "../json.ts"
import { withoutEchoes } from "./echoes.ts"
import { checkChat } from "./request.ts"

const CALL = { id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }
const DETAIL = { type: "reasoning.text", text: "Hm.", signature: "c2VhbA==" }
const fields = (messages: unknown[]) => checkChat(parseJson(JSON.stringify({ model: "m", messages }))).fields.messages

test("messages without echoes are the same list", () => {
  const messages = [
    { role: "user", content: "hi" },
    { role: "assistant", content: [{ type: "text", text: "yes" }] },
  ]
  expect(withoutEchoes(messages)).toBe(messages)
})

test("copies of the answer leave its text, and thinking goes to the message", () => {
  const part = {
    type: "text",
    text: "yes",
    role: "assistant",
    refusal: null,
    annotations: [],
    reasoning_content: "Hm.",
    reasoning_details: [DETAIL],
    tool_calls: [CALL],
  }
  const echoed = { role: "assistant", content: [part], tool_calls: [CALL] }
  expect(fields([echoed])).toEqual([
    {
      reasoning_content: "Hm.",
      reasoning_details: [DETAIL],
      role: "assistant",
      content: [{ type: "text", text: "yes" }],
      tool_calls: [CALL],
    },
  ])
})

test("thinking that is sent is counted, wherever it came from", () => {
  const long = "word ".repeat(10_000)
  const part = { type: "text", text: "yes", reasoning_content: long }
  for (const message of [{ content: [part] }, { content: "yes", provider_specific_fields: { reasoning: long } }]) {
    const messages = [{ role: "assistant", ...message }]
    const { size } = checkChat(parseJson(JSON.stringify({ model: "m", messages })))
    expect(size.fairFor("m", null)).toBeGreaterThan(8_000)
  }
})

test("what the message says itself outranks a copy; what stands beside it is told where providers read it", () => {
  const besides = { reasoning: "Other.", reasoning_details: [DETAIL], thought: 1 }
  const message = { role: "assistant", content: "yes", reasoning: "Own.", provider_specific_fields: besides }
  expect(fields([message])).toEqual([
    {
      reasoning: "Own.",
      reasoning_details: [DETAIL],
      role: "assistant",
      content: "yes",
      provider_specific_fields: { thought: 1 },
    },
  ])
})

test("a picture's media type is not sent, and unknown members stay refused", () => {
  const url = "data:image/png;base64,iVBORw0KGgo="
  const picture = { type: "image_url", image_url: { url, format: "image/png" } }
  expect(fields([{ role: "user", content: [picture] }])).toEqual([
    { role: "user", content: [{ type: "image_url", image_url: { url } }] },
  ])
  const odd = [{ role: "user", content: [{ type: "text", text: "hi", weight: 1 }] }]
  const { extras } = checkChat(parseJson(JSON.stringify({ model: "m", messages: odd })))
  expect(extras).toEqual([{ name: "messages.content.weight", param: "messages[0].content[0].weight" }])
})

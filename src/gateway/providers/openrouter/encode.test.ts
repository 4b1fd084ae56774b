// Thinking of an earlier answer in OpenRouter's words: its seal goes back, however the caller's dialect shows the words.
import { expect, test } from "bun:test"
import { type Conversation, NO_SAMPLING, type Part, type Signature } from "../conversation.ts"
import { encode } from "./encode.ts"

/** What it is told of one thought. */
function details(text: string, summary: boolean, signature: Signature | null): unknown {
  const parts: Part[] = [{ type: "reasoning", text, summary, signature, param: "input[0]" }]
  const conversation: Conversation = {
    messages: [{ role: "assistant", parts, param: "input[0]" }],
    tools: [],
    toolChoice: null,
    parallelTools: null,
    format: null,
    reasoning: null,
    sampling: NO_SAMPLING,
    stop: [],
    logprobs: null,
    choices: 1,
    verbosity: null,
    user: null,
    cacheKey: null,
    metadata: null,
    params: {},
  }
  const question = { fields: null, conversation }
  const asked = { model: "m", stream: false, maxTokens: 9, maxTokensField: "max_tokens" as const, question }
  return JSON.parse(encode(asked, new Set())).messages[0].reasoning_details
}

const anthropic = { format: "anthropic", data: "seal" } as const
const openai = { format: "openai", data: "seal", id: "rs_1" } as const

test("a seal stands with the words it seals, also where they are shown as a summary", () => {
  const told = [{ type: "reasoning.text", text: "hm", signature: "seal", format: "anthropic-claude-v1", index: 0 }]
  expect(details("hm", true, anthropic)).toEqual(told)
  expect(details("hm", false, anthropic)).toEqual(told)
})

test("OpenAI's is a detail of its own after the summary", () => {
  const more = { format: "openai-responses-v1", id: "rs_1" }
  expect(details("hm", true, openai)).toEqual([
    { type: "reasoning.summary", summary: "hm", ...more, index: 0 },
    { type: "reasoning.encrypted", data: "seal", ...more, index: 1 },
  ])
})

test("words without a seal, and a seal without words", () => {
  expect(details("hm", false, null)).toEqual([{ type: "reasoning.text", text: "hm", format: "unknown", index: 0 }])
  expect(details("hm", true, null)).toEqual([{ type: "reasoning.summary", summary: "hm", format: "unknown", index: 0 }])
  expect(details("", false, { ...anthropic, redacted: true })).toEqual([
    { type: "reasoning.encrypted", data: "seal", format: "anthropic-claude-v1", index: 0 },
  ])
})

import { expect, test } from "bun:test"
import { outputMaximumIn, wantsNewerName } from "./maximum.ts"

// As the servers word it.
const SAID: [words: string, tokens: number | null, ofModel?: boolean][] = [
  [
    "max_tokens is too large: 8192. This model supports at most 4096 completion tokens, whereas you provided 8192.",
    4_096,
  ],
  [
    "`max_tokens` must be less than or equal to `8000`, the maximum value for `max_tokens` is less than the `context_window`",
    8_000,
  ],
  ["`max_completion_tokens` must be less than or equal to `1024`", 1_024],
  ["max_tokens: 8192 > 4096, which is the maximum allowed number of output tokens for claude-3-haiku-20240307", 4_096],
  ["Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", 8_192],
  ["<400> InternalError.Algo.InvalidParameter: Range of max_tokens should be [1, 2000]", 2_000],
  [
    "This model's maximum context length is 8192 tokens. However, you requested 8212 tokens (20 in the messages, 8192 in the completion).",
    8_172,
    false,
  ],
  [
    "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's maximum context length is 4096 tokens and your request has 96 input tokens (8192 > 4096 - 96).",
    4_000,
    false,
  ],
  [
    "This endpoint's maximum context length is 131072 tokens. However, you requested about 139290 tokens (131000 of text input, 8290 in the output).",
    72,
    false,
  ],
  // A prompt that is too long by itself: nothing helps.
  ["This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.", null],
  ["This model's maximum context length is 4096 tokens (5000 in the messages, 1 in the completion).", null],
  ["temperature must be at most 2", null],
  ["", null],
]

test("a refusal says how much output there may be", () => {
  for (const [words, tokens, ofModel = true] of SAID) {
    expect([words, outputMaximumIn(words)]).toEqual([words, tokens === null ? null : { tokens, ofModel }])
  }
})

test("or that it knows the maximum by its newer name", () => {
  expect(
    wantsNewerName(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ),
  ).toBe(true)
  expect(SAID.some(([words]) => wantsNewerName(words))).toBe(false)
})

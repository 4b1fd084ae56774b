import { describe, expect, test } from "bun:test"
import { estimateInputTokens, estimateTextTokens } from "./estimate.ts"

describe("input", () => {
  test("text counts by UTF-8 bytes, so scripts without spaces are not undercounted", () => {
    const english = estimateInputTokens([{ role: "user", content: "Hello there, how are you today?" }])
    // The o200k tokenizer says 8 for the text and 11 with the message's frame.
    expect(english).toBeGreaterThanOrEqual(11)
    expect(english).toBeLessThan(45)
    const japanese = "こんにちは世界"
    expect(estimateInputTokens([{ role: "user", content: japanese }])).toBeGreaterThan(japanese.length)
  })

  test("text that tokenizers cut small counts more than prose of the same length", () => {
    const prose = "The quick brown fox jumps over the lazy dog. "
    const per = (text: string) => estimateTextTokens(text.repeat(100)) / (text.length * 100)
    // Tokens a character by o200k (gpt-tokenizer).
    const measured: [text: string, tokens: number][] = [
      [prose, 0.22],
      ["const next = (limit: number) => items[limit]?.at(-1) ?? null;\n", 0.25],
      ["7J0iVq3mX8kZr1LwT5bYcP9dHsUeGnQaOfRjC2vKxB4=", 0.69],
      ["\u0001\u0002\u0003\u0004", 1],
      ["🫠🫨🪿🫎", 1.5],
      ["你好世界今天天气很好", 0.71],
      ["\ue000\uf8ff", 2],
    ]
    for (const [text, tokens] of measured) expect([text, per(text) >= tokens]).toEqual([text, true])
    expect(per(prose)).toBeLessThan(0.4)
  })

  test("what claims to be a picture or sound counts like any text: only a dialect knows where data may stand", () => {
    for (const type of ["image", "image_url", "input_audio", "file"]) {
      expect(
        estimateInputTokens([{ type, text: "word ".repeat(1_000), [type]: "word ".repeat(1_000) }]),
      ).toBeGreaterThan(3_000)
    }
  })

  test("tool calls, tool results and tool definitions count", () => {
    const call = { id: "c", type: "function", function: { name: "f", arguments: "a".repeat(3_000) } }
    expect(estimateInputTokens([{ role: "assistant", tool_calls: [call] }])).toBeGreaterThan(1_000)
    expect(estimateInputTokens([{ type: "function", function: { description: "d".repeat(300) } }])).toBeGreaterThan(100)
  })

  test("anything is answered with a whole, positive number; depth does not overflow", () => {
    const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`)
    for (const body of [undefined, null, 7, "", [], {}, [null, 3, "x"], { type: "image" }, { type: 9 }, deep]) {
      const tokens = estimateInputTokens(body)
      expect(Number.isSafeInteger(tokens) && tokens > 0).toBe(true)
    }
  })

  test("more text never means fewer tokens", () => {
    let last = 0
    for (let length = 0; length < 50; length++) {
      const tokens = estimateInputTokens([{ role: "user", content: "é".repeat(length) }])
      expect(tokens).toBeGreaterThanOrEqual(last)
      last = tokens
    }
  })
})

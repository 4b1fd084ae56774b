import { describe, expect, test } from "bun:test"
import { estimateInputTokens, estimateOutputTokens } from "./estimate.ts"

describe("input", () => {
  test("text counts by UTF-8 bytes, so scripts without spaces are not undercounted", () => {
    const english = estimateInputTokens([{ role: "user", content: "Hello there, how are you today?" }])
    // The o200k tokenizer says 8 for the text and 11 with the message's frame.
    expect(english).toBeGreaterThanOrEqual(11)
    expect(english).toBeLessThan(45)
    const japanese = "こんにちは世界"
    expect(estimateInputTokens([{ role: "user", content: japanese }])).toBeGreaterThan(japanese.length)
  })

  test("an image costs its fixed amount whatever its bytes", () => {
    const image = (url: string) =>
      estimateInputTokens([{ role: "user", content: [{ type: "image_url", image_url: { url } }] }])
    expect(image(`data:image/png;base64,${"A".repeat(500_000)}`)).toBe(image("https://example.com/a.png"))
    expect(image("x")).toBeGreaterThanOrEqual(1_500)
  })

  test("tool calls, tool results and tool definitions count", () => {
    const call = { id: "c", type: "function", function: { name: "f", arguments: "a".repeat(3_000) } }
    expect(estimateInputTokens([{ role: "assistant", tool_calls: [call] }])).toBeGreaterThan(1_000)
    expect(estimateInputTokens([{ type: "function", function: { description: "d".repeat(300) } }])).toBeGreaterThan(100)
  })

  test("audio counts by length, below text and above nothing", () => {
    const audio = [
      { role: "user", content: [{ type: "input_audio", input_audio: { data: "A".repeat(64_000), format: "mp3" } }] },
    ]
    expect(estimateInputTokens(audio)).toBeGreaterThan(1_000)
    expect(estimateInputTokens(audio)).toBeLessThan(2_000)
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

test("output is characters / 4, rounded up", () => {
  expect(["", "a", "abcd", "abcde"].map(estimateOutputTokens)).toEqual([0, 1, 1, 2])
})

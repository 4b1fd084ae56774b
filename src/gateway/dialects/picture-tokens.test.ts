// Tokens of pictures as the providers' own examples count them.
import { expect, test } from "bun:test"
import { pictureSizeIn, pictureTokens } from "./picture-tokens.ts"

const high = (model: string, width: number, height: number) =>
  pictureTokens(model, { detail: "high", size: { width, height } })

test("by the providers' own examples", () => {
  // OpenAI: 1024 × 1024 is 765, 2048 × 4096 is 1105; low is 85.
  expect([high("gpt-4o", 1_024, 1_024), high("gpt-4o", 2_048, 4_096)]).toEqual([765, 1_105])
  expect(pictureTokens("gpt-4o-2024-11-20", { detail: "low", size: null })).toBe(85)
  // OpenAI: 1024 × 1024 is 1024 patches.
  expect(high("gpt-4.1-mini", 1_024, 1_024)).toBe(Math.ceil(1_024 * 1.72))
  // Anthropic: 1000 × 1000 is 1334, 200 × 200 is 54; large ones about 1,600.
  expect([high("claude-sonnet-4-5", 1_000, 1_000), high("claude-sonnet-4-5", 200, 200)]).toEqual([1_334, 54])
  expect(high("claude-sonnet-4-5", 4_000, 3_000)).toBe(1_600)
  // Google: 258 for a small one and for each tile of 768.
  expect([high("gemini-2.5-flash", 384, 384), high("gemini-2.5-flash", 960, 540)]).toEqual([258, 516])
})

test("a size that nobody knows is the largest", () => {
  for (const model of ["gpt-4o", "gpt-5", "claude-x", "gemini-2.5-pro", "someone/else"]) {
    const unknown = pictureTokens(model, { detail: "auto", size: null })
    expect(unknown).toBeGreaterThanOrEqual(high(model, 2_048, 2_048))
    expect(pictureTokens(model, { detail: "original", size: null })).toBeGreaterThanOrEqual(10_000)
  }
})

test("sizes are read from the beginning of a file, and nonsense is no size", () => {
  const png = Buffer.alloc(40)
  png.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52])
  png.writeUInt32BE(640, 16)
  png.writeUInt32BE(480, 20)
  const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc2, 0, 11, 8, 1, 0xe0, 2, 0x80, 1, 0, 0, 0])
  const gif = Buffer.from([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x80, 2, 0xe0, 1, 0, 0])
  for (const file of [png, jpeg, gif]) {
    expect(pictureSizeIn(file.toString("base64"))).toMatchObject({ width: 640, height: 480 })
    for (let length = 0; length < 10; length++) {
      expect(pictureSizeIn(file.subarray(0, length).toString("base64"))).toBeNull()
    }
  }
  for (const text of ["", "AAAA", "not base64 at all", Buffer.from("hello").toString("base64")]) {
    expect(pictureSizeIn(text)).toBeNull()
  }
})

import { describe, expect, test } from "bun:test"
import { SseLineTooLong, SseParser, sseEvent } from "./sse.ts"

function parse(chunks: Uint8Array[], cap?: number): { data: string; name: string }[] {
  const events: { data: string; name: string }[] = []
  const parser = new SseParser({ event: (data, name) => events.push({ data, name }) }, cap)
  for (const chunk of chunks) parser.push(chunk)
  parser.end()
  return events
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const STREAM = [
  ": comment\n\n",
  'data: {"a":"Grüße 🌍 漢字"}\n\n',
  'data:{"b":1}\r\n\r\n',
  "event: error\rdata: one\rdata: two\r\r",
  "id: 5\nretry: 10\ndata\n\n",
  "data:  leading space kept\n\n",
  "data: [DONE]\n\n",
].join("")

const GOLDEN = [
  { data: '{"a":"Grüße 🌍 漢字"}', name: "" },
  { data: '{"b":1}', name: "" },
  { data: "one\ntwo", name: "error" },
  { data: "", name: "" },
  { data: " leading space kept", name: "" },
  { data: "[DONE]", name: "" },
]

describe("SseParser", () => {
  test("parses the whole stream at once", () => {
    expect(parse([bytes(STREAM)])).toEqual(GOLDEN)
  })

  test("gives the same events for a split at every byte, and for every pair of splits around it", () => {
    const all = bytes(STREAM)
    for (let at = 0; at <= all.length; at++) {
      expect(parse([all.subarray(0, at), all.subarray(at)])).toEqual(GOLDEN)
      const next = Math.min(at + 1, all.length)
      expect(parse([all.subarray(0, at), all.subarray(at, next), all.subarray(next)])).toEqual(GOLDEN)
    }
    expect(parse(Array.from(all, (byte) => Uint8Array.of(byte)))).toEqual(GOLDEN)
  })

  test("counts a last event without its blank line", () => {
    expect(parse([bytes("data: a\n\ndata: b")])).toEqual([
      { data: "a", name: "" },
      { data: "b", name: "" },
    ])
  })

  test("refuses a line above the cap, however it arrives", () => {
    expect(() => parse([bytes(`data: ${"x".repeat(50)}`), bytes("y".repeat(60))], 100)).toThrow(SseLineTooLong)
  })

  test("a long line in many pieces takes time in proportion to its length", () => {
    const piece = bytes("x".repeat(1024))
    const started = performance.now()
    const [event] = parse([bytes("data: "), ...Array<Uint8Array>(8 * 1024).fill(piece), bytes("\n\n")])
    expect(event?.data.length).toBe(8 * 1024 * 1024)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

test("sseEvent frames several lines so that a parser gives them back", () => {
  expect(parse([bytes(sseEvent("a\nb", "x"))])).toEqual([{ data: "a\nb", name: "x" }])
})

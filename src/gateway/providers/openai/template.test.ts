import { expect, test } from "bun:test"
import type { Frame } from "../provider.ts"
import { decodeStream } from "./decode.ts"
import { fromTemplate, templateOf } from "./template.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

/** Events of a stream, as one decoder reads them. */
function framesOf(chunks: readonly string[]): Frame[] {
  const frames: Frame[] = []
  const decoder = decodeStream({ frame: (frame) => frames.push(frame), done() {} })
  decoder.push(bytes(chunks.map((data) => `data: ${data}\n\n`).join("")))
  decoder.end()
  return frames
}

/** The same chunks, each read by a decoder that has seen nothing before. */
const apart = (chunks: readonly string[]): Frame[] => chunks.flatMap((chunk) => framesOf([chunk]))

const seen = ({ events, model, raw }: Frame) => ({ events, model, data: raw?.data, usage: raw?.json.usage })
const frameOf = (data: string): Frame => framesOf([data])[0]!

const WORDS = [
  " word",
  "",
  "é",
  "😀",
  "\\n",
  '\\"',
  "\\\\",
  "\\u0041",
  "\t",
  '"',
  "c1",
  "content",
  "}]}",
  "\\",
  "\\\\\\",
]
const TAILS = [
  `},"finish_reason":null}]}`,
  `},"finish_reason":"stop"}]}`,
  `},"finish_reason":null}],"usage":null}`,
  `},"finish_reason":null}],"usage":{"prompt_tokens":1,"completion_tokens":2}}`,
  `,"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]}`,
  `},"finish_reason":null},{"index":1,"delta":{"content":"x"}}]}`,
  `},"finish_reason":null}],"obfuscation":"abc"}`,
  `}}],"error":{"message":"content"}}`,
  `,"content":"twice"}}]}`,
  `,"reasoning_content":" word"}}]}`,
  `}}]`,
]
const HEADS = [
  `{"id":"c1","model":"m","choices":[{"index":0,"delta":{"content":`,
  `{"id":"c1","model":"m","choices":[{"index":2,"delta":{"role":"assistant","content":`,
  `{"id":"c1","model":"other","choices":[{"index":0,"delta":{"content":`,
  `{"a\\"content":" word","choices":[{"index":0,"delta":{"content":`,
  `{"content":" word","choices":[{"index":0,"delta":{"content": `,
  `{"choices":[{"delta":{"content":"","refusal":`,
]

test("a chunk read by the last one is what it is when parsed, whatever stands in it", () => {
  const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!
  let byTemplate = 0
  for (let seed = 1; seed <= 400; seed++) {
    let state = seed * 7_919
    const next = () => {
      state = (state * 48_271) % 2_147_483_647
      return state
    }
    const head = pick(HEADS, next())
    const tail = pick(TAILS, next())
    const chunks = Array.from({ length: 30 }, () => {
      const isOdd = next() % 5 === 0
      const [before, after] = isOdd ? [pick(HEADS, next()), pick(TAILS, next())] : [head, tail]
      return `${before}"${pick(WORDS, next())}"${after}`
    }).filter((chunk) => !/[\n\r]/.test(chunk))
    const template = templateOf(frameOf(`${head}"word"${tail}`) ?? { events: [], raw: null, model: null })
    if (template) byTemplate += chunks.filter((chunk) => fromTemplate(template, chunk)).length
    expect(framesOf(chunks).map(seen)).toEqual(apart(chunks).map(seen))
  }
  expect(byTemplate).toBeGreaterThan(500)
})

test("only one piece of text in one certain place makes a template", () => {
  const one = (delta: string) => templateOf(frameOf(`{"choices":[{"index":0,"delta":${delta}}]}`))
  expect(one(`{"content":"word"}`)).toMatchObject({ before: `{"choices":[{"index":0,"delta":{"content":"`, choice: 0 })
  for (const delta of [
    `{"content":"a\\nb"}`,
    `{"content":"word","content":"word"}`,
    `{"refusal":"word"}`,
    `{"content":[{"type":"text","text":"word"}]}`,
    `{"content":"word","reasoning":"x"}`,
    `{"content": "word"}`,
    `{"content":""}`,
  ]) {
    expect([delta, one(delta)]).toEqual([delta, null])
  }
})

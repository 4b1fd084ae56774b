// The sandbox's embeddings: each word points somewhere of its own, so texts that share words lie near each other. Deterministic.
import { fairInputTokens } from "../../../pricing/index.ts"

export interface EmbeddingsBody {
  model: string
  input: string | string[] | number[] | number[][]
  dimensions?: number
  encoding_format?: "float" | "base64"
}

const DIMENSIONS = 256

export function embedded({ model, input, dimensions = DIMENSIONS, encoding_format }: EmbeddingsBody): Response {
  const texts = typeof input === "string" || typeof input[0] === "number" ? [input] : input
  const words = texts.map((text) =>
    typeof text === "string" ? (text.match(/[\p{L}\p{N}]+/gu) ?? []) : [text].flat().map(String),
  )
  const data = words.map((all, index) => {
    const vector = vectorOf(all, dimensions)
    const embedding =
      encoding_format === "base64" ? Buffer.from(new Float32Array(vector).buffer).toString("base64") : vector
    return { object: "embedding", index, embedding }
  })
  const tokens = fairInputTokens(input)
  return Response.json({ object: "list", data, model, usage: { prompt_tokens: tokens, total_tokens: tokens } })
}

/** Of length 1; a text without words lies on the first axis. */
function vectorOf(words: readonly string[], dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0)
  for (const word of words) {
    const hash = Bun.hash.xxHash32(word.toLowerCase())
    vector[hash % dimensions]! += hash & 0x80000000 ? -1 : 1
  }
  const length = Math.hypot(...vector)
  if (length === 0) vector[0] = 1
  return length === 0 ? vector : vector.map((value) => value / length)
}

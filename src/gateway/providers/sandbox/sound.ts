// The sandbox's sound: a tone for each word, as a real WAV file or raw samples; and of a recording, how long its file is. Deterministic.
import type { EncodedForm } from "../provider.ts"
import { before, toldIn } from "./magic.ts"

export interface SpeechBody {
  model: string
  input: string
  response_format?: string
  stream_format?: string
}

const RATE = 24_000
/** A word is a tenth of a second. */
const WORD_SAMPLES = RATE / 10
const WORDS_MAX = 600
const LOUDNESS = 6_000

export async function spoken(body: SpeechBody, signal: AbortSignal): Promise<Response> {
  const instead = await before(toldIn(body.input), signal)
  if (instead) return instead
  const words = (body.input.match(/\S+/g) ?? [""]).slice(0, WORDS_MAX)
  const samples = samplesOf(words)
  if (body.stream_format === "sse") return events(words, samples)
  const isRaw = body.response_format === "pcm"
  const bytes = isRaw ? samples : Buffer.concat([wavHead(samples.length), samples])
  return new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { "content-type": isRaw ? "audio/pcm" : "audio/wav" },
  })
}

function samplesOf(words: readonly string[]): Buffer {
  const samples = Buffer.alloc(words.length * WORD_SAMPLES * 2)
  for (const [at, word] of words.entries()) {
    const hertz = 200 + (Bun.hash.xxHash32(word) % 400)
    for (let n = 0; n < WORD_SAMPLES; n++) {
      const value = Math.round(Math.sin((n / RATE) * hertz * 2 * Math.PI) * LOUDNESS)
      samples.writeInt16LE(value, (at * WORD_SAMPLES + n) * 2)
    }
  }
  return samples
}

/** RIFF, one channel of 16 bits. */
function wavHead(bytes: number): Buffer {
  const head = Buffer.alloc(44)
  head.write("RIFF", 0)
  head.writeUInt32LE(36 + bytes, 4)
  head.write("WAVEfmt ", 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(RATE, 24)
  head.writeUInt32LE(RATE * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write("data", 36)
  head.writeUInt32LE(bytes, 40)
  return head
}

function events(words: readonly string[], samples: Buffer): Response {
  const size = WORD_SAMPLES * 2
  const said = words.map((_, at) => {
    const audio = samples.subarray(at * size, (at + 1) * size).toString("base64")
    return `data: ${JSON.stringify({ type: "speech.audio.delta", audio })}\n\n`
  })
  const usage = { input_tokens: words.length, output_tokens: words.length * 2, total_tokens: words.length * 3 }
  const done = `data: ${JSON.stringify({ type: "speech.audio.done", usage })}\n\n`
  return new Response(`${said.join("")}${done}`, { headers: { "content-type": "text/event-stream" } })
}

export async function listened({ fields, files }: EncodedForm, signal: AbortSignal): Promise<Response> {
  const said = new Map(fields)
  const instead = await before(toldIn(said.get("prompt") ?? ""), signal)
  if (instead) return instead
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  const text = `You sent ${bytes} bytes of sound.`
  const seconds = Math.max(1, Math.ceil((bytes - 44) / (RATE * 2)))
  const usage = { type: "duration", seconds }
  if (said.get("stream") === "true") {
    const all = text.match(/\s*\S+/g)!.map((delta) => ({ type: "transcript.text.delta", delta }))
    const events = [...all, { type: "transcript.text.done", text, usage }]
    const stream = events.map((one) => `data: ${JSON.stringify(one)}\n\n`).join("")
    return new Response(stream, { headers: { "content-type": "text/event-stream" } })
  }
  const format = said.get("response_format") ?? "json"
  if (format === "text") return new Response(`${text}\n`, { headers: { "content-type": "text/plain" } })
  if (format === "srt") return new Response(`1\n00:00:00,000 --> 00:00:01,000\n${text}\n`)
  if (format === "vtt") return new Response(`WEBVTT\n\n00:00.000 --> 00:01.000\n${text}\n`)
  return Response.json({
    text,
    ...(format === "verbose_json" ? { duration: seconds, language: "english" } : {}),
    usage,
  })
}

// A form with a file of 200 MB: it waits on disk and passes from there, so that memory does not grow by what people send.
import { expect, onTestFinished, test } from "bun:test"
import { kit, last, start } from "../../src/sites/api/testing.ts"
import { testCtx } from "../../src/store/index.ts"

/** Of a file of a second, by what it says of itself. */
const WAV_HEAD = Buffer.alloc(44)
WAV_HEAD.write("RIFF", 0)
WAV_HEAD.write("WAVEfmt ", 8)
WAV_HEAD.writeUInt32LE(16, 16)
WAV_HEAD.writeUInt32LE(1_600_000, 28)

interface Passing {
  path: string
  /** Of the file's part. */
  name: string
  model: string
  fields: Readonly<Record<string, string>>
  kind: string
  baseUrl: string
  answer: object
  /** $ as its provider takes them. */
  dollars: number
}
const SOUND: Passing = {
  path: "audio/transcriptions",
  name: "file",
  model: "whisper-1",
  fields: {},
  kind: "openai-compatible",
  baseUrl: "/v1",
  answer: { text: "long", usage: { type: "duration", seconds: 5 } },
  dollars: 5e-4,
}
/** As JSON with base64 inside, which is made as the line takes it. */
const PICTURE: Passing = {
  path: "images/edits",
  name: "image",
  model: "gemini-2.5-flash-image",
  fields: { prompt: "a hat" },
  kind: "google",
  baseUrl: "/v1beta",
  answer: {
    candidates: [{ content: { parts: [{ inlineData: { mimeType: "image/png", data: "AAAA" } }] } }],
    usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 1_000, totalTokenCount: 2_000 },
  },
  dollars: 1_000 * 0.3e-6 + 1_000 * 30e-6,
}

test.each([SOUND, PICTURE])(
  "200 MB pass through $path without growing memory",
  async (passing) => {
    const { path, name, model, fields, kind, answer: told } = passing
    await start()
    const apiKey = await (await kit.app()).token(1, { scope: "openid speech image-generation" })
    const SIZE = 200 * 1024 * 1024
    // The provider counts and drops, as one elsewhere would not be in this process.
    let got = 0
    const far = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      maxRequestBodySize: 2 * SIZE,
      async fetch(request) {
        for await (const piece of request.body!) got += piece.length
        return Response.json(told)
      },
    })
    onTestFinished(() => far.stop(true))
    await kit.gateway.addUpstream(testCtx, {
      kind,
      name: "far",
      baseUrl: `http://127.0.0.1:${far.port}${passing.baseUrl}`,
      apiKey: "k",
      priceProvider: kind === "google" ? "google" : "openai",
      models: [model],
    })
    const piece = new Uint8Array(1024 * 1024)
    const encoder = new TextEncoder()
    const head = `--b\r\ncontent-disposition: form-data; name="${name}"; filename="a.wav"\r\n\r\n`
    const parts = Object.entries({ ...fields, model: `far/${model}` }).map(
      ([field, value]) => `\r\n--b\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${value}`,
    )
    const tail = `${parts.join("")}\r\n--b--\r\n`
    let sent = -1
    const body = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          sent++
          if (sent === 0) controller.enqueue(Buffer.concat([encoder.encode(head), WAV_HEAD]))
          else if (sent <= 200) controller.enqueue(piece)
          else {
            controller.enqueue(encoder.encode(tail))
            controller.close()
          }
        },
      },
      { highWaterMark: 0 },
    )
    Bun.gc(true)
    const before = process.memoryUsage().rss
    // All three sides are in this process: each copy of the whole would be 200 MB. What is no longer held counts for nothing.
    let peak = 0
    const watch = setInterval(() => {
      Bun.gc(true)
      peak = Math.max(peak, process.memoryUsage().rss)
    }, 100)
    const answer = await fetch(`${kit.server.url}/v1/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "multipart/form-data; boundary=b" },
      body,
    })
    clearInterval(watch)
    expect([answer.status, await answer.json()]).toMatchObject([200, {}])
    expect(got).toBeGreaterThan(SIZE)
    expect(peak - before).toBeLessThan(SIZE / 2)
    // Doubled by the shares.
    expect(last().chargeNano).toBe(Math.round(passing.dollars * 2e9))
  },
  60_000,
)

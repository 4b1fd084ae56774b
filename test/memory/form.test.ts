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

test("200 MB pass through without growing memory", async () => {
  await start()
  const apiKey = await (await kit.app()).token(1, { scope: "openid speech" })
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
      return Response.json({ text: "long", usage: { type: "duration", seconds: 5 } })
    },
  })
  onTestFinished(() => far.stop(true))
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "far",
    baseUrl: `http://127.0.0.1:${far.port}/v1`,
    priceProvider: "openai",
    models: ["whisper-1"],
  })
  const piece = new Uint8Array(1024 * 1024)
  const encoder = new TextEncoder()
  const head = `--b\r\ncontent-disposition: form-data; name="file"; filename="a.wav"\r\n\r\n`
  const tail = `\r\n--b\r\ncontent-disposition: form-data; name="model"\r\n\r\nfar/whisper-1\r\n--b--\r\n`
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
  const answer = await fetch(`${kit.server.url}/v1/audio/transcriptions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "multipart/form-data; boundary=b" },
    body,
  })
  clearInterval(watch)
  expect([answer.status, await answer.json()]).toMatchObject([200, { text: "long" }])
  expect(got).toBeGreaterThan(SIZE)
  expect(peak - before).toBeLessThan(SIZE / 2)
  // 5 seconds at $0.0001, doubled by the shares.
  expect(last().chargeNano).toBe(1_000_000)
}, 60_000)

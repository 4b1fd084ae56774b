// Bodies of upstreams are foreign: a quarter of a megabyte of gzip that holds 256 MB must not be inflated into memory, wherever it comes.

import { afterEach, describe, expect, test } from "bun:test"
import { gzipSync } from "node:zlib"
import { UserId } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { chatAnswer, openV1, type V1Kit } from "./testing.ts"

const MB = 1024 * 1024
const bombs: [string, string, Uint8Array<ArrayBuffer>][] = [
  ["of nothing", "application/json", gzipSync(Buffer.alloc(256 * MB, " "))],
  ["of one line", "text/event-stream", gzipSync(Buffer.concat([Buffer.from("data: "), Buffer.alloc(256 * MB, "x")]))],
  ["of one event in many lines", "text/event-stream", gzipSync(Buffer.alloc(256 * MB, "data: xxxxxxxxxxxxxxxxxxx\n"))],
]

let kit: V1Kit
afterEach(() => kit.close())

/** How much memory grew at most while this ran. */
async function growth(run: () => Promise<unknown>): Promise<number> {
  Bun.gc(true)
  const before = process.memoryUsage.rss()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 1)
  await run()
  // What was given up must not go on being inflated behind our back.
  await Bun.sleep(500)
  clearInterval(timer)
  return Math.max(most, process.memoryUsage.rss()) - before
}

describe("a gzip bomb", () => {
  for (const [name, type, bytes] of bombs) {
    for (const [where, status, stream] of [
      ["in an answer", 200, false],
      ["in a stream", 200, true],
      ["in a refusal", 500, true],
    ] as const) {
      test(`${name}, ${where}`, async () => {
        kit = await openV1()
        const token = await (await kit.app()).token()
        const headers = { "content-encoding": "gzip", "content-type": type }
        kit.upstream.answer = () => new Response(bytes, { status, headers })
        const ask = { model: "mock-1", messages: [{ role: "user", content: "hi" }], stream }
        const grown = await growth(async () => {
          const response = await kit.post(token, ask)
          expect(response.status).toBe(502)
          await response.text()
        })
        expect(grown).toBeLessThan(200 * MB)
        expect(kit.usage.recent(UserId(1), 1)[0]).toMatchObject({ chargeNano: 0, errorCode: "provider_error" })
        // The house goes on answering.
        kit.upstream.answer = (body) => chatAnswer(body)
        expect((await kit.post(token, ask)).status).toBe(200)
      })
    }
  }

  test("in a list of models", async () => {
    kit = await openV1()
    const headers = { "content-encoding": "gzip", "content-type": "application/json" }
    kit.upstream.models = () => new Response(bombs[0]![2], { headers })
    const { publicId } = kit.gateway.upstreams().find(({ name }) => name === "mock")!
    let message = ""
    const grown = await growth(async () => {
      message = (await kit.gateway.testUpstream(testCtx, publicId)).test!.message
    })
    expect(message).toBe("The provider's list of models is too large. Check the address.")
    expect(grown).toBeLessThan(100 * MB)
  })
})

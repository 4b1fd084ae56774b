// SIGTERM while 200 streams are open: those that end in time are whole, the others are told, charged for what they produced, and settled;
// the process ends with 0 and nothing is held.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { CTX, chat, freePort, giveCredits, makeClient, makeUser, mintTokens } from "../build.ts"

setDefaultTimeout(60_000)
const STREAMS = 200
const dataDir = mkdtempSync(join(tmpdir(), "purser-stop-"))
const port = freePort()
const url = `http://localhost:${port}`
let token = ""
let opened = 0
/** Ends the answers that end at all. */
let finish = () => {}
let upstream: Bun.Server<undefined>

const chunk = (delta: object, finished: string | null = null) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini", choices: [{ index: 0, delta, finish_reason: finished }] })}\n\n`

/** Every second answer waits for `finish`; the others go on for ever. */
async function* words(isEndless: boolean, finished: Promise<void>): AsyncGenerator<string> {
  yield chunk({ content: "first " })
  if (isEndless) await new Promise(() => {})
  await finished
  yield chunk({ content: "last" })
  yield chunk({}, "stop")
  yield "data: [DONE]\n\n"
}

beforeAll(async () => {
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  upstream = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: () =>
      new Response(words(opened++ % 2 === 1, finished) as unknown as ReadableStream, {
        headers: { "content-type": "text/event-stream" },
      }),
  })
  const flags = { port: String(port), "data-dir": dataDir, "base-url": url }
  const app = await compose(readConfig(flags, {}, true), { log: silentLog })
  const user = await makeUser(app)
  await giveCredits(app, user, credits(100_000))
  token = (await mintTokens(app, { user, ...(await makeClient(app)) })).accessToken
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "slow",
    baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
    priceProvider: "openai",
    models: ["gpt-4o-mini"],
  })
  await app.stop()
})
afterAll(async () => {
  await upstream.stop(true)
  rmSync(dataDir, { recursive: true, force: true })
})

test("200 streams at SIGTERM", async () => {
  const main = join(import.meta.dir, "../../src/main.ts")
  const flags = ["--port", String(port), "--data-dir", dataDir, "--base-url", url, "--drain-seconds", "3"]
  const child = Bun.spawn([process.execPath, main, "serve", ...flags], { env: {}, stdout: "ignore", stderr: "pipe" })
  const said = new Response(child.stderr).text()
  const endMs = performance.now() + 30_000
  while (performance.now() < endMs && !(await fetch(`${url}/readyz`).catch(() => null))?.ok) await Bun.sleep(50)
  const readers = await Promise.all(
    Array.from({ length: STREAMS }, async () => {
      const response = await chat(url, token, { model: "gpt-4o-mini", stream: true })
      expect(response.status).toBe(200)
      const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
      let text = ""
      while (!text.includes("first ")) text += (await reader.read()).value
      return { reader, text }
    }),
  )
  const rest = readers.map(async ({ reader, text: begun }) => {
    let text = begun
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return text
      text += value
    }
  })
  child.kill("SIGTERM")
  await Bun.sleep(300)
  finish()
  const texts = await Promise.all(rest)
  expect(await child.exited).toBe(0)
  const whole = texts.filter((text) => text.includes("last"))
  const cut = texts.filter((text) => !text.includes("last"))
  expect([whole.length, cut.length]).toEqual([STREAMS / 2, STREAMS / 2])
  for (const text of whole) expect(text).toEndWith("data: [DONE]\n\n")
  for (const text of cut) expect(text).toContain("The server is stopping")
  for (const text of texts) expect(text).toMatch(/: charged [1-9]/)
  const db = new Database(join(dataDir, "purser.db"), { readonly: true })
  const ends = db.query(
    "SELECT end_reason AS end, COUNT(*) AS n, MIN(charge_nano) > 0 AS charged FROM charges GROUP BY 1",
  )
  expect(ends.all()).toEqual([
    { end: "cut", n: STREAMS / 2, charged: 1 },
    { end: "done", n: STREAMS / 2, charged: 1 },
  ])
  expect(db.query("SELECT COUNT(*) AS n FROM open_holds").get()).toEqual({ n: 0 })
  db.close()
  const verify = Bun.spawnSync([process.execPath, main, "ledger", "verify", "--data-dir", dataDir], { env: {} })
  expect(verify.stdout.toString()).toContain("The books balance.")
  expect(await said).toContain('"event":"stopped"')
})

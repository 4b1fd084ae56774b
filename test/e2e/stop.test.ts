// SIGTERM while 200 streams are open: those that end in time are whole, the others are told, charged for what they produced, and settled;
// the process ends with 0, nothing is held, and every trace was sent. From source, and as the executable.
import { Database } from "bun:sqlite"
import { afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { build } from "../binary/binary.ts"
import { CTX, chat, freePort, giveCredits, makeClient, makeUser, mintTokens } from "../build.ts"
import { eventually } from "../eventually.ts"

setDefaultTimeout(60_000)
const STREAMS = 200
const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const chunk = (delta: object, finished: string | null = null) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini", choices: [{ index: 0, delta, finish_reason: finished }] })}\n\n`

/** Every second answer waits for `finished`; the others go on for ever. */
async function* words(isEndless: boolean, finished: Promise<void>): AsyncGenerator<string> {
  yield chunk({ content: "first " })
  if (isEndless) await new Promise(() => {})
  await finished
  yield chunk({ content: "last" })
  yield chunk({}, "stop")
  yield "data: [DONE]\n\n"
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "purser-stop-"))
  closers.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** An upstream, and a folder whose caller may ask it. `finish` ends the answers that end at all. */
async function house() {
  const finished = Promise.withResolvers<void>()
  let opened = 0
  const upstream = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch: () =>
      new Response(words(opened++ % 2 === 1, finished.promise) as unknown as ReadableStream, {
        headers: { "content-type": "text/event-stream" },
      }),
  })
  closers.push(() => upstream.stop(true))
  const port = freePort()
  const url = `http://localhost:${port}`
  const dataDir = folder()
  const flags = { port: String(port), "data-dir": dataDir, "base-url": url }
  const app = await compose(readConfig(flags, {}, true), { log: silentLog })
  const user = await makeUser(app)
  await giveCredits(app, user, credits(100_000))
  const token = (await mintTokens(app, { user, ...(await makeClient(app)) })).accessToken
  await app.gateway.addUpstream(CTX, {
    kind: "openai-compatible",
    name: "slow",
    baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
    priceProvider: "openai",
    models: ["gpt-4o-mini"],
  })
  await app.stop()
  return { port, url, dataDir, token, opened: () => opened, finish: finished.resolve }
}

/** Takes traces as a collector does. */
function collect(): { url: string; calls(): number } {
  let calls = 0
  const collector = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const told = (await request.json()) as { resourceSpans: { scopeSpans: { spans: { kind: number }[] }[] }[] }
      calls += told.resourceSpans[0]!.scopeSpans[0]!.spans.filter(({ kind }) => kind === 2).length
      return new Response("{}")
    },
  })
  closers.push(() => collector.stop(true))
  return { url: `http://127.0.0.1:${collector.port}`, calls: () => calls }
}

const main = join(import.meta.dir, "../../src/main.ts")
const WAYS: [name: string, command: () => string[] | Promise<string[]>][] = [
  ["from source", () => [process.execPath, main]],
  ["the executable", async () => [process.env.PURSER_TEST_EXECUTABLE || (await build(folder()))]],
]

test.each(WAYS)("200 streams at SIGTERM, %s", async (_, command) => {
  const { port, url, dataDir, token, opened, finish } = await house()
  const flags = ["--port", String(port), "--data-dir", dataDir, "--base-url", url, "--drain-seconds", "3"]
  const collector = collect()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: "1" }
  const child = Bun.spawn([...(await command()), "serve", ...flags], { env, stdout: "ignore", stderr: "pipe" })
  const said = new Response(child.stderr).text()
  await eventually("it is ready", async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok, { everyMs: 50 })
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
  expect(opened()).toBe(STREAMS)
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
  expect(collector.calls()).toBe(STREAMS)
})

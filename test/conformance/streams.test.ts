// A thousand open streams whose readers are slow: what they make the server keep is bounded, they all end well, the memory comes back,
// and nothing is held afterwards. The server is a process of its own, as an operator starts it.
import { Database } from "bun:sqlite"
import { expect, onTestFinished, test } from "bun:test"
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { tokensFile } from "../../bench/gateway/seed.ts"
import { part } from "../../bench/kit.ts"
import { until } from "../../src/sites/api/testing.ts"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"

const MAIN = bundled("src/main.ts")
const STREAMS = 1_000
const PEOPLE = 200
/** Of one stream, before its provider pauses and after: what a long answer comes to. */
const EVENTS = 64
const EVENTS_LATER = 16
const EVENT_CHARS = 1_000
const RSS_MORE_MB = 200

const event = (more: object): string =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "bench-1", ...more })}\n\n`
const encoder = new TextEncoder()
const PIECE = encoder.encode(event({ choices: [{ index: 0, delta: { content: "x".repeat(EVENT_CHARS) } }] }))
const usage = { prompt_tokens: 20, completion_tokens: 50, total_tokens: 70 }
const END = encoder.encode(
  `${event({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}${event({ choices: [], usage })}data: [DONE]\n\n`,
)

/** A provider whose answers stay open until they are let go. */
function upstream() {
  const gate = Promise.withResolvers<void>()
  const seen = { open: 0, isOpen: true }
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      await request.text()
      seen.open++
      let at = 0
      const stream = new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (at === EVENTS && !seen.isOpen) await gate.promise
          const isEnd = at++ === EVENTS + EVENTS_LATER
          controller.enqueue(isEnd ? END : PIECE)
          if (isEnd) controller.close()
        },
      })
      return new Response(stream, { headers: { "content-type": "text/event-stream" } })
    },
  })
  return { seen, gate, server, url: `http://127.0.0.1:${server.port}/v1` }
}

interface Reader {
  socket: Socket
  bytes: number
  tail: string
}

function read(port: number, token: string): Reader {
  const reader: Reader = { socket: connect(port, "127.0.0.1"), bytes: 0, tail: "" }
  const { socket } = reader
  socket.on("error", () => {})
  socket.on("data", (bytes) => {
    // It has seen the beginning, and then does something else for a while.
    if (reader.bytes === 0) socket.pause()
    reader.bytes += bytes.length
    reader.tail = (reader.tail + bytes.toString("latin1")).slice(-200)
  })
  const body = JSON.stringify({
    model: "bench-1",
    stream: true,
    max_tokens: 100,
    messages: [{ role: "user", content: "q" }],
  })
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  )
  return reader
}

async function started(url: string) {
  const dataDir = join(mkdtempSync(join(tmpdir(), "purser-streams-")), "data")
  mkdirSync(dataDir)
  const seeding = await part<{ port: number }, unknown>("bench/gateway.ts", "seed", url, String(PEOPLE), dataDir)
  expect(await seeding.exited).toBe(0)
  const tokens = JSON.parse(readFileSync(tokensFile(dataDir), "utf8")) as string[]
  const port = freePort()
  const address = ["--port", String(port), "--base-url", "http://localhost:8080", "--data-dir", dataDir]
  const server = Bun.spawn([...MAIN, "serve", ...address], { stdout: "ignore", stderr: "ignore" })
  onTestFinished(async () => {
    server.kill()
    await server.exited
    rmSync(join(dataDir, ".."), { recursive: true, force: true })
  })
  const isUp = () =>
    fetch(`http://127.0.0.1:${port}/livez`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await isUp())) await Bun.sleep(100)
  return { dataDir, tokens, port, pid: server.pid }
}

/** Of a process, MB; it is the same one whatever it began as. */
function rssMb(pid: number): number {
  const kb = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))
  return Math.round(Number(kb![1]) / 1_024)
}

/** Each token is known from here on, each person's rows are there. */
async function warmed(port: number, tokens: string[]): Promise<void> {
  const readers = tokens.map((token) => read(port, token))
  await until(() => readers.every(({ bytes }) => bytes > 0), { ms: 60_000 })
  for (const { socket } of readers) socket.resume()
  await until(() => readers.every(({ tail }) => tail.includes("[DONE]")), { ms: 60_000 })
  for (const { socket } of readers) socket.destroy()
}

// What a process has in memory is asked of Linux.
test.skipIf(process.platform !== "linux")(
  "a thousand slow readers",
  async () => {
    const { seen, gate, server: mock, url } = upstream()
    onTestFinished(() => mock.stop(true))
    const { dataDir, tokens, port, pid } = await started(url)
    await warmed(port, tokens)
    const before = rssMb(pid)
    const db = new Database(join(dataDir, "purser.db"), { readonly: true })
    onTestFinished(() => db.close())
    const held = () => db.query<{ count: number }, []>("SELECT count(*) AS count FROM open_holds").get()!.count

    seen.open = 0
    seen.isOpen = false
    const readers = Array.from({ length: STREAMS }, (_, at) => read(port, tokens[at % tokens.length]!))
    await until(() => seen.open === STREAMS && readers.every(({ bytes }) => bytes > 0), { ms: 60_000 })
    await Bun.sleep(1_000)
    const open = rssMb(pid)
    expect(held()).toBe(STREAMS)
    expect(open - before).toBeLessThan(RSS_MORE_MB)

    // Half of them go on reading to the end, the others leave.
    gate.resolve()
    const staying = readers.filter((_, at) => at % 2 === 0)
    for (const [at, { socket }] of readers.entries()) {
      if (at % 2 === 0) socket.resume()
      else socket.destroy()
    }
    await until(() => staying.every(({ tail }) => tail.includes("[DONE]")), { ms: 60_000 })
    for (const { socket } of staying) socket.destroy()
    await until(() => held() === 0, { ms: 60_000 })
    // The allocator gives pages back late.
    const most = before + RSS_MORE_MB / 2
    await until(() => rssMb(pid) < most, { ms: 60_000 })
  },
  120_000,
)

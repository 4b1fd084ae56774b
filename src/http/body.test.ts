import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { Elysia } from "elysia"
import { until } from "../../test/eventually.ts"
import { type AppError, createIds, LIMITS, silentLog } from "../app/index.ts"
import {
  BodyBudget,
  BodyReadError,
  contextOf,
  createHandler,
  type HttpServer,
  readBody,
  readBounded,
  readDecoded,
  readJson,
  startServer,
} from "./index.ts"

const budget = new BodyBudget({ ownerBytesMax: 40_000, bytesMax: 60_000, ownerReadingMax: 4, readingMax: 6 })
let server: HttpServer

beforeAll(() => {
  const raw = { parse: "none" } as const
  const size = async (request: Request, owner?: string) => {
    const bytes = await readBody(request, { bytesMax: 20_000, deadlineMs: 1_500, ...(owner ? { owner } : {}) })
    return String(bytes.length)
  }
  const site = new Elysia()
    .post("/v1/size", ({ request }) => size(request, request.headers.get("x-owner") ?? undefined), raw)
    .post(
      "/v1/slow-answer",
      async ({ request }) => {
        await size(request, "slow")
        await Bun.sleep(300)
        return "done"
      },
      raw,
    )
    .post("/v1/parsed", ({ body }) => JSON.stringify(body), {
      parse: ({ request }) => readJson(request, { bytesMax: LIMITS.formBytesMax }),
    })
    .get("/v1/who", ({ request }) => contextOf(request).requestId)
  server = startServer({ ...deps(), sites: [site], host: "127.0.0.1", port: 0 })
})

function deps() {
  return {
    assets: { url: (path: string) => path, serve: () => null, compress: async () => {} },
    ids: createIds(),
    log: silentLog,
    bodies: budget,
    errorPage: (error: AppError) => new Response(error.message, { status: error.status }),
  }
}
afterAll(() => server.stop())

const post = (path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, { method: "POST", body, headers })
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code

/** A client that sends a head and so much of its body, then waits. */
function stalled(head: string, bytes: number): { answer: Promise<string>; close(): void } {
  const socket = connect(server.port, "127.0.0.1")
  let heard = ""
  socket.on("data", (data) => {
    heard += data.toString("latin1")
  })
  const answer = new Promise<string>((resolve) => {
    socket.on("close", () => resolve(heard))
    socket.on("error", () => resolve(heard))
  })
  socket.write(`${head}\r\n\r\n${"a".repeat(bytes)}`)
  return { answer, close: () => socket.destroy() }
}
const head = (length: number, owner = "x") =>
  `POST /v1/size HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\nX-Owner: ${owner}`

describe("a body", () => {
  test("of every size and framing up to the limit arrives whole", async () => {
    for (const size of [0, 1, 100, 19_999, 20_000]) {
      expect(await (await post("/v1/size", "a".repeat(size))).text()).toBe(String(size))
      const chunked = new ReadableStream({
        start(controller) {
          controller.enqueue(new Uint8Array(size))
          controller.close()
        },
      })
      expect(await (await post("/v1/size", chunked)).text()).toBe(String(size))
    }
    expect(budget.inFlight).toEqual({ bytes: 0, reading: 0, owners: 0 })
  })

  test("in a content coding is refused with the coding that is taken, and the next request is heard", async () => {
    for (const coding of ["gzip", "br", "GZIP, br"]) {
      for (const path of ["/v1/size", "/v1/parsed"]) {
        const headers = { "content-encoding": coding, "content-type": "application/json" }
        const response = await post(path, Bun.gzipSync("{}"), headers)
        expect([response.status, response.headers.get("accept-encoding")]).toEqual([415, "identity"])
        expect(await codeOf(response)).toBe("unsupported_media_type")
      }
    }
    expect(await (await post("/v1/size", "abc", { "content-encoding": "identity" })).text()).toBe("3")
    expect(budget.inFlight).toEqual({ bytes: 0, reading: 0, owners: 0 })
  })

  test("above it is refused in our words, and the next request on the line is heard", async () => {
    for (const size of [20_001, 3_000_000]) {
      const response = await post("/v1/size", "a".repeat(size))
      expect(response.status).toBe(413)
      expect(response.headers.get("access-control-allow-origin")).toBe("*")
      expect(response.headers.get("x-request-id")).toStartWith("req_")
      expect(response.headers.get("connection")).not.toBe("close")
      expect(await codeOf(response)).toBe("body_too_large")
    }
    expect((await fetch(`${server.url}/v1/who`)).status).toBe(200)
  })

  test("that stalls is answered 408 and its line closed", async () => {
    const startMs = performance.now()
    const answer = await stalled(head(10_000), 500).answer
    expect(answer).toContain("408")
    expect(answer).toContain("body_timeout")
    expect(answer.toLowerCase()).toContain("connection: close")
    expect(performance.now() - startMs).toBeLessThan(10_000)
  })

  test("whose sender leaves gives its place back", async () => {
    const client = stalled(head(10_000), 500)
    await until(() => budget.inFlight.bytes > 0)
    client.close()
    await until(() => budget.inFlight.owners === 0)
  })

  test("is never left to the router's own parsers", () => {
    const open = new Elysia().post("/open", ({ body }) => JSON.stringify(body))
    expect(() => createHandler({ ...deps(), sites: [open] })).toThrow("POST /open lets the router read its body")
  })

  test("that a route parses goes through the same reader", async () => {
    const json = { "content-type": "application/json" }
    expect(await (await post("/v1/parsed", '{"a":1}', json)).text()).toBe('{"a":1}')
    expect((await post("/v1/parsed", "{", json)).status).toBe(400)
    expect((await post("/v1/parsed", "a=1", { "content-type": "application/x-www-form-urlencoded" })).status).toBe(415)
    expect((await post("/v1/parsed", `"${"x".repeat(LIMITS.formBytesMax)}"`, json)).status).toBe(413)
  })
})

describe("the budget", () => {
  test("one sender's stalled bodies stop that sender, others go on", async () => {
    const clients = Array.from({ length: 4 }, () => stalled(head(10_000, "mallory"), 100))
    await until(() => budget.inFlight.reading === 4)
    const refused = await post("/v1/size", "a", { "x-owner": "mallory" })
    expect([refused.status, await codeOf(refused)]).toEqual([429, "rate_limit_exceeded"])
    expect(refused.headers.get("retry-after")).toBe("1")
    expect((await post("/v1/size", "a", { "x-owner": "ada" })).status).toBe(200)
    await Promise.all(clients.map((client) => client.answer))
    expect((await post("/v1/size", "a", { "x-owner": "mallory" })).status).toBe(200)
  })

  test("senders without end are refused in all before memory is gone", async () => {
    const clients = Array.from({ length: 6 }, (_, at) => stalled(head(10_000, `m${at}`), 100))
    await until(() => budget.inFlight.reading === 6)
    const refused = await post("/v1/size", "a", { "x-owner": "ada" })
    expect([refused.status, await codeOf(refused)]).toEqual([503, "overloaded"])
    for (const client of clients) client.close()
    await until(() => budget.inFlight.owners === 0)
  })

  test("bytes count until the answer is made, not only until they are read", async () => {
    const first = [1, 2].map(() => post("/v1/slow-answer", "a".repeat(15_000)))
    await until(() => budget.inFlight.bytes === 30_000)
    expect(budget.inFlight.reading).toBe(0)
    expect((await post("/v1/slow-answer", "a".repeat(15_000))).status).toBe(429)
    for (const answer of await Promise.all(first)) expect(answer.status).toBe(200)
    expect(budget.inFlight).toEqual({ bytes: 0, reading: 0, owners: 0 })
  })
})

describe("a foreign answer", () => {
  /** Made before anything is measured. */
  const bombBytes = Bun.gzipSync(new Uint8Array(64 * 1024 * 1024))
  const foreign = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => {
      const path = new URL(request.url).pathname
      if (path === "/bomb") return new Response(bombBytes, { headers: { "content-encoding": "gzip" } })
      if (path === "/gzip") return new Response(Bun.gzipSync("hello"), { headers: { "content-encoding": "gzip" } })
      if (path === "/odd") return new Response("hello", { headers: { "content-encoding": "zip" } })
      if (path === "/broken") return new Response("no gzip", { headers: { "content-encoding": "gzip" } })
      const slow = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(1)),
        pull: () => new Promise(() => {}),
      })
      return new Response(slow)
    },
  })
  afterAll(() => foreign.stop(true))
  const ask = (path: string) => fetch(`${foreign.url}${path}`, { decompress: false })
  const why = (reading: Promise<unknown>) =>
    reading.then(
      () => "read",
      (error: unknown) => (error instanceof BodyReadError ? error.why : String(error)),
    )

  test("is counted decoded: a bomb stops at the limit, in little memory", async () => {
    expect(new TextDecoder().decode(await readDecoded(await ask("gzip"), 5))).toBe("hello")
    expect(await why(readDecoded(await ask("gzip"), 4))).toBe("too_large")
    const bomb = await ask("bomb")
    const beforeBytes = process.memoryUsage.rss()
    expect(await why(readDecoded(bomb, 1_000_000))).toBe("too_large")
    expect(process.memoryUsage.rss() - beforeBytes).toBeLessThan(32 * 1024 * 1024)
  })

  test("in a coding nobody asked for, broken or without end, is no answer", async () => {
    expect(await why(readDecoded(await ask("odd"), 100))).toBe("broken")
    expect(await why(readDecoded(await ask("broken"), 100))).toBe("broken")
    expect(await why(readBounded((await ask("never")).body, 100, { deadlineMs: 100 }))).toBe("too_slow")
  })
})

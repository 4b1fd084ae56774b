// What passes between a caller and a publisher's server, and what does not: over real sockets, against servers and clients that misbehave
// (research §4). Bodies are compared byte for byte.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { createHmac } from "node:crypto"
import type net from "node:net"
import type { IssuedKey } from "../../src/marketplace/calls/index.ts"
import { type MadeProduct, productIn, SIGNING_SECRET, subscribeIn } from "../../src/marketplace/calls/testing.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { eventually } from "../eventually.ts"
import { type RawServer, rawCall, rawServer } from "./products-raw.ts"

type Talk = (socket: net.Socket, head: string, at: number) => void
const ok: Talk = (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

let server: TestServer
let upstream: RawServer
let talk: Talk = ok
let product: MadeProduct
let key: IssuedKey
let subscription: number

beforeAll(async () => {
  upstream = await rawServer((...given) => talk(...given))
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  const owner = await makeUser(server.app)
  const subscriber = await makeUser(server.app)
  const { store, keyring, marketplace } = server.app
  const made = await store.write(CTX, (tx) => {
    const product = productIn(tx, keyring, {
      ownerId: owner.id,
      upstreamUrl: `${upstream.url}/base`,
      plans: [{ quotas: [{ period: "month", anchor: "calendar", units: 100_000 }] }],
      endpoints: [
        { path: "/x" },
        { path: "/x", method: "POST" },
        { path: "/x", method: "DELETE" },
        { path: "/s/{any}" },
        { path: "/s/admin", minPlanId: null, weight: 5 },
      ],
      product: { bodyBytesMax: 3_000_000 },
    })
    const subscription = subscribeIn(tx, product, subscriber.id)
    const key = marketplace.calls.issueKeyIn(tx, { subscriptionId: subscription, userId: subscriber.id, name: "Site" })
    return { product, subscription, key }
  })
  ;({ product, subscription, key } = made)
})
beforeEach(() => {
  talk = ok
  upstream.reset()
})
afterAll(async () => {
  await server.close()
  upstream.close()
})

const path = (rest: string) => `/m/${product.publisher}/${product.slug}${rest}`
const origin = () => server.at(path("")).slice(0, -path("").length)
const head = (method: string, rest: string, ...lines: string[]) =>
  [
    `${method} ${path(rest)} HTTP/1.1`,
    `Host: ${new URL(origin()).host}`,
    `Authorization: Bearer ${key.secret}`,
    ...lines,
    "",
    "",
  ].join("\r\n")
const call = (rest: string, init: RequestInit = {}) =>
  fetch(server.at(path(rest)), {
    redirect: "manual",
    decompress: false,
    ...init,
    headers: { authorization: `Bearer ${key.secret}`, ...init.headers },
  } as RequestInit)
const sent = () => upstream.got.join("\n")
const usedNow = () =>
  server.app.store.read.get<{ used: number }>(
    "SELECT used FROM market_quota_use WHERE subscription_id = ? AND period = 'month'",
    subscription,
  )?.used ?? 0
const bytes = (length: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) % 256))

test("headers: nothing of the line, of cookies, of keys or of this hop goes on; who calls is signed", async () => {
  const hostile = [
    "Cookie: __Host-console=secret",
    "X-Api-Key: other",
    "Forwarded: for=1.2.3.4",
    "X-Forwarded-For: 1.2.3.4",
    "X-Real-IP: 1.2.3.4",
    "X-Internal-User: admin",
    "X-Gateway-Subscriber: forged",
    "X-Original-URL: /admin",
    "TE: trailers",
    "Keep-Alive: timeout=5",
    "Connection: x-secret-hop, keep-alive",
    "X-Secret-Hop: 1",
    "Proxy-Authorization: Basic eA==",
    `X-Note: my key is ${key.secret}`,
    // An answer of another API, called with its key in the address, led here.
    "Referer: https://api.example.com/m/a/b/c?api_key=api_live_another",
    "X-Kept: yes",
    "Accept: text/plain",
  ]
  await rawCall(origin(), [head("GET", "/x?a=1&b=%20", ...hostile)], { until: /ok$/ })
  const got = sent()
  const lower = got.toLowerCase()
  for (const name of [
    "cookie",
    "authorization",
    "x-api-key",
    "forwarded",
    "x-forwarded-for",
    "x-real-ip",
    "x-internal-user",
    "x-original-url",
    "te:",
    "keep-alive:",
    "x-secret-hop",
    "x-note",
    "referer",
  ])
    expect([name, lower.includes(`\r\n${name}`)]).toEqual([name, false])
  expect(got).not.toContain(key.secret)
  expect(got).not.toContain("forged")
  expect(got).toStartWith("GET /base/x?a=1&b=%20 HTTP/1.1\r\n")
  const value = (name: string) => new RegExp(`\r\n${name}: ([^\r]*)`, "i").exec(got)?.[1] ?? ""
  expect([value("x-kept"), value("accept"), value("accept-encoding"), value("host")]).toEqual([
    "yes",
    "text/plain",
    "identity",
    new URL(upstream.url).host,
  ])
  expect(value("via")).toBe("1.1 purser")
  const text = [
    value("x-gateway-timestamp"),
    "GET",
    "/x?a=1&b=%20",
    value("x-request-id"),
    value("x-gateway-subscriber"),
    value("x-gateway-plan"),
  ].join("\n")
  expect(value("x-gateway-signature")).toBe(`v1=${createHmac("sha256", SIGNING_SECRET).update(text).digest("hex")}`)
  expect(value("x-gateway-subscriber")).toMatch(/^sub_[\w-]{24}$/)
})

test("an answer's headers: no cookie, no name of a server, no limits but ours; never a page of this origin", async () => {
  const said = [
    "HTTP/1.1 200 OK",
    "Content-Length: 2",
    "Set-Cookie: __Host-console=evil; Path=/",
    "Server: nginx",
    'RateLimit: "x";r=0',
    "X-RateLimit-Remaining: 0",
    "X-Quota-Remaining: 0",
    "Strict-Transport-Security: max-age=1",
    'Clear-Site-Data: "*"',
    'Alt-Svc: h3=":443"',
    "Access-Control-Allow-Origin: https://evil.example",
    "Access-Control-Allow-Credentials: true",
    "Content-Security-Policy: default-src *",
    "Referrer-Policy: unsafe-url",
    "Connection: x-hop",
    "X-Hop: 1",
    "X-Kept: yes",
    'ETag: "1"',
    "Content-Type: text/html",
    "",
    "ok",
  ].join("\r\n")
  talk = (socket) => socket.end(said)
  const answer = await call("/x")
  const { headers } = answer
  expect(await answer.text()).toBe("ok")
  const gone = [
    "set-cookie",
    "server",
    "strict-transport-security",
    "clear-site-data",
    "alt-svc",
    "access-control-allow-credentials",
    "x-hop",
  ]
  expect(gone.filter((name) => headers.has(name))).toEqual([])
  expect([headers.get("x-kept"), headers.get("etag"), headers.get("content-type")]).toEqual(["yes", '"1"', "text/html"])
  expect(headers.get("access-control-allow-origin")).toBe("*")
  expect(headers.get("content-security-policy")).toContain("sandbox")
  expect(headers.get("x-content-type-options")).toBe("nosniff")
  expect(headers.get("referrer-policy")).toBe("no-referrer")
  expect(headers.get("ratelimit")).toMatch(/^"quota-month";r=\d+;t=\d+$/)
  expect(Number(headers.get("x-quota-remaining"))).toBeGreaterThan(0)
  expect(headers.get("x-request-id")).toMatch(/^req_/)
  expect(headers.get("x-quota-units")).toBe("1")
})

test("bodies pass byte for byte, both ways: empty, small, large, chunked, of known length and gzip", async () => {
  for (const [length, chunked] of [
    [0, false],
    [1, false],
    [70_000, false],
    [2_000_000, false],
    [300_000, true],
  ] as const) {
    const body = bytes(length)
    talk = (socket, first) => {
      const at = first.indexOf("\r\n\r\n")
      let rest = first.slice(at + 4)
      const answer = () => {
        const whole = chunked ? dechunked(rest) : rest.length >= length ? rest : null
        if (whole === null) return
        const out = Buffer.from(whole, "latin1")
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
        for (let from = 0; from < out.length; from += 50_000) {
          const part = out.subarray(from, from + 50_000)
          socket.write(`${part.length.toString(16)}\r\n`)
          socket.write(part)
          socket.write("\r\n")
        }
        socket.end("0\r\n\r\n")
      }
      socket.on("data", (more) => {
        rest += more.toString("latin1")
        answer()
      })
      answer()
    }
    const stream = () => {
      let at = 0
      return new ReadableStream({
        pull(controller) {
          if (at >= body.length) return controller.close()
          controller.enqueue(body.subarray(at, at + 32_768))
          at += 32_768
        },
      })
    }
    const answer = await call("/x", { method: "POST", body: chunked ? stream() : body })
    expect([length, answer.status]).toEqual([length, 200])
    expect(Buffer.from(await answer.arrayBuffer()).equals(body)).toBe(true)
    const framing = chunked ? /transfer-encoding: chunked/i : new RegExp(`content-length: ${length}\r`, "i")
    expect(sent()).toMatch(framing)
    upstream.reset()
  }
  const packed = Bun.gzipSync("hello ".repeat(1_000))
  talk = (socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${packed.length}\r\nConnection: close\r\n\r\n`,
    )
    socket.end(packed)
  }
  const answer = await call("/x", { headers: { "accept-encoding": "gzip" } })
  expect(answer.headers.get("content-encoding")).toBe("gzip")
  expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.from(packed))).toBe(true)
})

function dechunked(text: string): string | null {
  let [out, at] = ["", 0]
  for (;;) {
    const end = text.indexOf("\r\n", at)
    if (end < 0) return null
    const size = Number.parseInt(text.slice(at, end), 16)
    if (size === 0) return out
    if (text.length < end + 2 + size + 2) return null
    out += text.slice(end + 2, end + 2 + size)
    at = end + 2 + size + 2
  }
}

test("HEAD stays HEAD and tells the length; ranges and redirects pass, and are not followed", async () => {
  talk = (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 1234\r\nConnection: close\r\n\r\n")
  const { text } = await rawCall(origin(), [head("HEAD", "/x")], { until: /\r\n\r\n/ })
  expect(sent()).toStartWith("HEAD /base/x ")
  expect(text).toMatch(/^HTTP\/1.1 200/)
  expect(text).toMatch(/\r\ncontent-length: 1234\r/i)
  talk = (socket) =>
    socket.end(
      "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 2-3/10\r\nContent-Length: 2\r\nConnection: close\r\n\r\ncd",
    )
  const range = await call("/x", { headers: { range: "bytes=2-3" } })
  expect([range.status, range.headers.get("content-range"), await range.text()]).toEqual([206, "bytes 2-3/10", "cd"])
  expect(sent()).toMatch(/\r\nrange: bytes=2-3\r/i)
  talk = (socket) =>
    socket.end(
      "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/latest\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    )
  const before = upstream.got.length
  const moved = await call("/x")
  expect([moved.status, moved.headers.get("location"), upstream.got.length - before]).toEqual([
    302,
    "http://169.254.169.254/latest",
    1,
  ])
  for (const status of [204, 304, 404, 429, 500, 503]) {
    talk = (socket) =>
      socket.end(
        `HTTP/1.1 ${status} X\r\nRetry-After: 7\r\nConnection: close\r\n${status === 204 || status === 304 ? "" : "Content-Length: 0\r\n"}\r\n`,
      )
    const answer = await call("/x")
    expect([status, answer.status, answer.headers.get("retry-after")]).toEqual([status, status, "7"])
  }
})

test("100-continue is answered, and the body goes on", async () => {
  const { text } = await rawCall(
    origin(),
    [head("POST", "/x", "Expect: 100-continue", "Content-Length: 5"), / 100 Continue\r\n\r\n/, "hello"],
    { until: /\r\n\r\nok$/ },
  )
  expect(text).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/)
  await eventually("the body", () => sent().endsWith("hello"))
  expect(sent().toLowerCase()).not.toContain("expect:")
})

test("a slow body is passed on as it comes", async () => {
  talk = (socket, first) => {
    let rest = first
    const answer = () =>
      void (rest.endsWith("0\r\n\r\n") && socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
    socket.on("data", (more) => {
      rest += more.toString("latin1")
      answer()
    })
    answer()
  }
  // Nothing is sent before what was sent last has arrived there: one that waits for the whole would never get it.
  const there = (piece: string) => () => eventually(`"${piece}" at the publisher`, () => sent().includes(piece))
  const pieces = ["5\r\nfirst\r\n", there("first"), "6\r\nsecond\r\n", there("second"), "4\r\nlast\r\n0\r\n\r\n"]
  const { text } = await rawCall(origin(), [head("POST", "/x", "Transfer-Encoding: chunked"), ...pieces], {
    until: /\r\n\r\nok$/,
  })
  expect(text).toStartWith("HTTP/1.1 200")
  expect(dechunked(sent().slice(sent().indexOf("\r\n\r\n") + 4))).toBe("firstsecondlast")
})

test("events pass as they come, and a slow reader holds nobody's memory", async () => {
  const gate = Promise.withResolvers<void>()
  talk = async (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
    socket.write("9\r\ndata: 1\n\n\r\n")
    await gate.promise
    socket.end("9\r\ndata: 2\n\n\r\n0\r\n\r\n")
  }
  const answer = await call("/x")
  const reader = answer.body!.getReader()
  expect(Buffer.from((await reader.read()).value!).toString()).toBe("data: 1\n\n")
  gate.resolve()
  expect(Buffer.from((await reader.read()).value!).toString()).toBe("data: 2\n\n")
  expect((await reader.read()).done).toBe(true)
})

test("an answer that breaks off there breaks off here: nobody takes a part for the whole", async () => {
  let breakOff = () => {}
  talk = (socket) => {
    breakOff = () => socket.destroy()
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
  }
  const { text, isClosed } = await rawCall(origin(), [head("GET", "/x"), /abc/, () => breakOff()])
  expect(text).toContain("abc")
  expect(text).not.toContain("\r\n0\r\n")
  expect(isClosed).toBe(true)
  // Of known length and small: it is read first, so it can be told.
  talk = (socket) => {
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", () => socket.destroy())
  }
  const cut = await call("/x")
  expect([cut.status, ((await cut.json()) as { code: string }).code]).toEqual([502, "upstream_error"])
})

test("a client that leaves ends the call upstream, before and after the answer began; its unit is used", async () => {
  const before = usedNow()
  let closed = 0
  talk = (socket) => socket.on("close", () => closed++)
  const silent = new AbortController()
  const waiting = call("/x", { signal: silent.signal }).catch(() => "left")
  await eventually("the call upstream", () => upstream.got.length === 1)
  silent.abort()
  expect(await waiting).toBe("left")
  await eventually("the end of the call upstream", () => closed === 1)
  talk = (socket) => {
    socket.on("close", () => closed++)
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
  }
  const reading = new AbortController()
  const answer = await call("/x", { signal: reading.signal })
  await answer.body!.getReader().read()
  reading.abort()
  await eventually("the end of the second call upstream", () => closed === 2)
  expect(usedNow() - before).toBe(2)
  await eventually("no call running", () => server.app.marketplace.calls.running() === 0)
})

test("silence and refusal: timeouts keep the unit, whoever is not reached costs none, and no address is told", async () => {
  const before = usedNow()
  const change = (column: "upstream_url" | "timeout_ms", value: string | number) =>
    server.app.store.write(
      CTX,
      (tx) => void tx.run(`UPDATE market_products SET ${column} = ? WHERE id = ?`, value, product.id),
    )
  talk = () => {}
  await change("timeout_ms", 1_000)
  const late = await call("/x")
  await change("timeout_ms", 30_000)
  const problem = (await late.json()) as Record<string, unknown>
  expect([late.status, problem.code, late.headers.get("content-type")]).toEqual([
    504,
    "upstream_timeout",
    "application/problem+json",
  ])
  expect(usedNow() - before).toBe(1)
  talk = (socket) => socket.destroy()
  const broken = await call("/x")
  expect(broken.status).toBe(502)
  expect(usedNow() - before).toBe(2)
  await change("upstream_url", "http://127.0.0.1:1")
  const away = await call("/x")
  const text = await away.text()
  expect([away.status, usedNow() - before]).toEqual([502, 2])
  expect(text).not.toMatch(/127\.0|ECONN|:1\b|socket/)
  await change("upstream_url", `${upstream.url}/base`)
})

test("a body above its limit is refused: said before it is sent, or cut off while it comes; nothing is used where it did not leave", async () => {
  const before = usedNow()
  const said = await call("/x", { method: "POST", body: Buffer.alloc(3_000_001) })
  expect([said.status, usedNow() - before]).toEqual([413, 0])
  talk = () => {}
  const endless = new ReadableStream({ pull: (controller) => void controller.enqueue(Buffer.alloc(500_000)) })
  const cut = await call("/x", { method: "POST", body: endless })
    .then((answer) => answer.status)
    .catch(() => "cut")
  expect([413, "cut"]).toContain(cut)
  await eventually("no call running", () => server.app.marketplace.calls.running() === 0)
})

test("one reading of a path: what could be read in two ways is refused, and reaches nobody", async () => {
  const before = usedNow()
  for (const rest of [
    "/s/a%2fb",
    "/s/a%2Fb",
    "/s/a%5cb",
    "/s/a%00",
    "/s/..%3b/x",
    "/s/%2e%2e%3b/x",
    "/s/a%0d%0ab",
    "/s/a%",
    "/s/a%zz",
  ]) {
    const { text } = await rawCall(origin(), [head("GET", rest, "Connection: close")])
    expect([rest, text.slice(0, 12)]).toEqual([rest, "HTTP/1.1 400"])
  }
  // Dots are resolved before anything is matched: what is forwarded is what was matched.
  await rawCall(origin(), [head("GET", "/s/../x", "Connection: close")])
  expect(sent()).toStartWith("GET /base/x ")
  upstream.reset()
  // `/s/admin` is another endpoint: what a careless server takes for it is not `/s/{any}`.
  for (const rest of [
    "/s/Admin",
    "/s/%61Dmin",
    "/s/admin;x=1",
    "/s/admin.",
    "/s/admin%20",
    "/s/%2561dmin",
    "/s//x",
    "/s/admin/",
  ]) {
    const answer = await call(rest)
    expect([rest, answer.status]).toEqual([rest, 404])
  }
  expect(upstream.got).toEqual([])
  await call("/s/%61dmin")
  expect(sent()).toStartWith("GET /base/s/admin ")
  expect(usedNow() - before).toBe(1 + 5)
  upstream.reset()
  await call("/s/%7Eb%c3%a9")
  expect(sent()).toStartWith("GET /base/s/~b%C3%A9 ")
})

test("smuggling: what has two lengths, or hides a second request, is not passed on", async () => {
  const second = "GET /base/s/evil HTTP/1.1\r\nHost: x\r\n\r\n"
  for (const lines of [
    ["Content-Length: 5", "Transfer-Encoding: chunked"],
    ["Content-Length: 5", "Content-Length: 6"],
    ["Transfer-Encoding: xchunked"],
    ["Transfer-Encoding : chunked"],
  ]) {
    const { text } = await rawCall(origin(), [`${head("POST", "/x", ...lines)}0\r\n\r\n${second}`])
    expect([lines.join(), /^HTTP\/1.1 (400|501)/.test(text) || text === ""]).toEqual([lines.join(), true])
    expect(sent()).not.toContain("evil")
  }
  const withBody = await rawCall(origin(), [`${head("GET", "/x", "Content-Length: 5")}hello`], { until: /\r\n\r\n/ })
  expect(withBody.text).toStartWith("HTTP/1.1 400")
  expect(sent()).not.toContain("hello")
})

test("websockets are refused in words; parts of pages are not served; preflights are answered", async () => {
  const socket = await rawCall(
    origin(),
    [
      head(
        "GET",
        "/x",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ),
    ],
    { until: /no_websocket/ },
  )
  expect(socket.text).toStartWith("HTTP/1.1 426")
  for (const dest of ["script", "style", "iframe", "serviceworker"])
    expect((await call("/x", { headers: { "sec-fetch-dest": dest } })).status).toBe(403)
  const asked = {
    origin: "https://app.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization",
  }
  const preflight = await fetch(server.at(path("/x")), { method: "OPTIONS", headers: asked })
  expect([
    preflight.status,
    preflight.headers.get("access-control-allow-origin"),
    preflight.headers.get("access-control-allow-headers"),
  ]).toEqual([204, "*", "authorization, *"])
  expect(upstream.got).toEqual([])
})

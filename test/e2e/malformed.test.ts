// Requests that no browser sends, raw on the socket: never a 5xx, never a word of a secret in the log, HEAD always answered.

import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { connect } from "node:net"
import type { Log } from "../../src/app/index.ts"
import { logIn } from "../../src/identity/testing.ts"
import { CTX, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let port: number
const lines: string[] = []

beforeAll(async () => {
  const keep = (event: string, fields?: object) => void lines.push(JSON.stringify({ event, ...fields }))
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep }
  server = await startTestServer({ log })
  port = Number(new URL(server.url).port)
})
afterAll(() => server.close())

/** Sends bytes and hears until the server closes; `Connection: close` is part of every text here. */
function send(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1")
    let heard = ""
    socket.on("data", (data) => {
      heard += data.toString("latin1")
    })
    socket.on("close", () => resolve(heard))
    socket.on("error", () => resolve(heard))
    socket.write(Buffer.from(text, "latin1"))
  })
}
const statusOf = (heard: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(heard)?.[1] ?? 0)
const request = (line: string, headers: string[] = ["Host: localhost"]) =>
  [`${line} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n")

/** Posts a form, byte for byte. @returns whether the answer is no fault of ours */
async function posted(path: string, form: string, authorization?: string): Promise<boolean> {
  const head = [
    `POST ${path} HTTP/1.1`,
    "Host: localhost",
    "Connection: close",
    `Content-Length: ${form.length}`,
    "Content-Type: application/x-www-form-urlencoded",
    ...(authorization ? [`Authorization: ${authorization}`] : []),
  ]
  const status = statusOf(await send(`${head.join("\r\n")}\r\n\r\n${form}`))
  return status >= 200 && status < 500
}

const HOSTS = [
  "a b",
  "[::1",
  "a%zz",
  "[",
  "]:80",
  ":",
  "a:b:c",
  "a:99999999",
  "\u00ff\u00fe",
  "a/b",
  "a\\b",
  "a@b",
  "<a>",
  "",
]
const ESCAPES = ["%zz", "%", "%f", "%ff%fe", "%c0%af", "%e0%80%80", "%00", "%ed%a0%80", "%2", "a%", "%25%", "%u0041"]
const HEADERS = [
  "Cookie: %zz",
  "Cookie: purser_theme=%zz; purser_flash=%ff",
  "Cookie: =;;;=;",
  `Cookie: ${"a=b;".repeat(3_000)}`,
  "Authorization: Bearer",
  "Authorization: \u00ff",
  `Authorization: Bearer ${"a".repeat(15_000)}`,
  "Authorization: Basic %",
  "Accept-Encoding: ;;;q=,",
  `Accept-Encoding: a${" ".repeat(15_000)}b`,
  "If-None-Match: \u0080",
  `If-None-Match: a${" ".repeat(15_000)}b`,
  `X-Forwarded-For: ${",".repeat(15_000)}`,
  "X-Forwarded-For: [::::]",
  "Content-Type: \u00ff/\u00ff",
  `Content-Type: ${" ".repeat(15_000)}`,
  "Origin: \u0001x",
  "Last-Event-Id: %zz\u00ff",
  "Sec-Fetch-Site: \u00ff",
  "Range: bytes=9-1",
  "Expect: 417-please",
  "Transfer-Encoding: odd",
  "Content-Length: -1",
  "Upgrade: websocket",
  "HX-Request: \u00ff",
  "User-Agent: \u00ff".repeat(1),
  `X: ${"y".repeat(30_000)}`,
]

describe("a request out of shape", () => {
  test("by its Host is 4xx or served, never our fault", async () => {
    for (const host of HOSTS) {
      const status = statusOf(await send(request("GET /", [`Host: ${host}`])))
      expect([host, status >= 200 && status < 500]).toEqual([host, true])
    }
    expect(statusOf(await send(request("GET /", ["Host: a b"])))).toBe(400)
    expect(statusOf(await send(request("GET /", [])))).toBe(400)
  })

  test("by its escapes is refused on every route there is", async () => {
    const routes = server.routes.map((route) => route.split(" ") as [string, string])
    for (const [method, path] of [...routes, ["GET", "/nowhere/:x"] as const]) {
      if (!/[:*]/.test(path)) continue
      const spelling = ESCAPES[path.length % ESCAPES.length]!
      const line = `${method === "ALL" ? "GET" : method} ${path.replace(/:\w+|\*/g, spelling)}`
      const status = statusOf(await send(request(line, ["Host: localhost", "Content-Length: 0"])))
      expect([line, status >= 400 && status < 500]).toEqual([line, true])
    }
    for (const spelling of ESCAPES) {
      const status = statusOf(await send(request(`GET /setup/${spelling}`)))
      expect([spelling, status >= 400 && status < 500]).toEqual([spelling, true])
    }
  })

  test("by its headers, query, method or target", async () => {
    const paths = ["/", "/login", "/v1/me", "/userinfo", "/theme", "/assets/css/public.css", "/dashboard/events"]
    for (const header of HEADERS) {
      for (const path of paths) {
        const status = statusOf(await send(request(`GET ${path}`, ["Host: localhost", header])))
        expect([header.slice(0, 40), path, status < 500]).toEqual([header.slice(0, 40), path, true])
      }
    }
    const targets = [
      "/login?txn=%zz",
      "/search?q=%ff",
      "/?%",
      "/%2e%2e//evil",
      "//evil.example/",
      "*",
      "http://a%20b/",
      "/\u00ff",
      "/credits?from=%00",
      "/authorize?client_id=%zz&%zz",
      "/reset-password?token=%ff",
      `/${"a".repeat(17_000)}`,
    ]
    for (const target of targets) {
      for (const method of ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "BREW"]) {
        const status = statusOf(await send(request(`${method} ${target}`, ["Host: localhost", "Content-Length: 0"])))
        expect([method, target.slice(0, 40), status < 500]).toEqual([method, target.slice(0, 40), true])
      }
    }
  }, 60_000)

  test("by its form, on the endpoints that programs call", async () => {
    const basics = [
      "",
      "%",
      "a:b",
      "%zz:%zz",
      "a%00:b",
      "\u0000:\u0000",
      "::",
      `${"a".repeat(9_000)}:b`,
      "\u00ff:\u00fe",
    ]
    const secrets = basics.map((text) => `Basic ${Buffer.from(text, "latin1").toString("base64")}`)
    const values = [
      "",
      "%zz",
      "%00",
      "%ff",
      "\u00ff",
      "a".repeat(9_000),
      "1e999",
      "-1",
      "[]",
      "{}",
      "null",
      "__proto__",
    ]
    const names = [
      "grant_type",
      "code",
      "client_id",
      "token",
      "redirect_uri",
      "scope",
      "response_type",
      "max_age",
      "claims",
    ]
    for (const path of ["/token", "/revoke", "/userinfo", "/authorize", "/authorize/consent", "/login", "/theme"]) {
      for (const authorization of ["Basic", "Basic !!!", "Basic =", "Bearer \u00ff", ...secrets]) {
        const form = "grant_type=authorization_code&code=a&client_id=%zz&token=x"
        expect([path, authorization.slice(0, 40), await posted(path, form, authorization)]).toEqual([
          path,
          authorization.slice(0, 40),
          true,
        ])
      }
      for (const value of values) {
        const form = names.map((name) => `${name}=${value}`).join("&")
        expect([path, value.slice(0, 40), await posted(path, form)]).toEqual([path, value.slice(0, 40), true])
      }
      for (const form of [
        "&&&",
        "=",
        "=&=",
        "%=%",
        "grant_type",
        "a".repeat(70_000),
        "grant_type=refresh_token&".repeat(150),
      ])
        expect([path, form.slice(0, 40), await posted(path, form)]).toEqual([path, form.slice(0, 40), true])
    }
  }, 60_000)

  test("speaks the dialect of its endpoint", async () => {
    const heard = await send(request("GET /v1/models/%zz"))
    expect(statusOf(heard)).toBe(400)
    expect(heard).toContain('"code":"invalid_request"')
  })
})

test("the log says routes, and nothing of what stands in addresses, forms and headers", async () => {
  const user = await makeUser(server.app)
  const { token, url } = await server.app.identity.createSetupLink(CTX)
  const secrets = [token, "s3cret-query", "s3cret-path", "s3cret-cookie", "s3cret-bearer", PASSWORD]
  lines.length = 0
  await fetch(url)
  await fetch(`${server.url}/setup/${token}/claim`, { method: "POST" })
  await fetch(`${server.url}/setup/${token}/mistyped`)
  await fetch(`${server.url}/${token}`)
  await fetch(`${server.url}/Setup/${token}?x=s3cret-query`)
  await fetch(`${server.url}/setup/s3cret-path%zz`)
  await fetch(`${server.url}/v1/requests/s3cret-path`, { headers: { authorization: "Bearer s3cret-bearer" } })
  await fetch(`${server.url}/v1/s3cret-path/x`, { headers: { cookie: "purser_auth=s3cret-cookie" } })
  for (const path of ["/reset-password?token=", "/login?txn=", "/console/callback?code=", "/authorize?state="])
    await fetch(`${server.url}${path}s3cret-query`, { redirect: "manual" })
  await fetch(`${server.url}/login`, {
    method: "POST",
    body: new URLSearchParams({ email: user.email, password: PASSWORD }),
  })
  const written = lines.filter((line) => line.includes('"event":"request"'))
  expect(written.length).toBe(13)
  expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([])
  expect(written[0]).toContain('"route":"/setup/:token"')
})

async function adminCookie(): Promise<string> {
  const visitor = { requestId: "req_test", browserId: "b", ip: "127.0.0.1", userAgent: "test" }
  const user = await makeUser(server.app, { isAdmin: true })
  const auth = await logIn(server.app.identity, visitor, { email: user.email, password: PASSWORD })
  const parent = { userId: user.id, parentSessionId: auth.session.sessionId }
  const { token } = await server.app.identity.openConsoleSession(visitor, parent)
  return `purser_console=${token}`
}

test("HEAD is answered on every route, streams of events and downloads too", async () => {
  const cookie = await adminCookie()
  const streams = server.routes.filter((route) => /GET .*(events|csv|export)/.test(route))
  expect(streams.length).toBeGreaterThan(1)
  for (const route of server.routes.filter((one) => one.startsWith("GET ") && !/[:*]/.test(one))) {
    const headers = { cookie }
    const answer = await fetch(`${server.url}${route.slice(4)}`, {
      method: "HEAD",
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(20_000),
    })
    expect([route, answer.status < 500, await answer.text()]).toEqual([route, true, ""])
  }
  expect(server.app.sse.size).toBe(0)
}, 60_000)

test("a proxy that nobody named is an admin's to see", async () => {
  const cookie = await adminCookie()
  const home = async () => await (await fetch(`${server.url}/admin`, { headers: { cookie } })).text()
  expect(await home()).not.toContain("PURSER_TRUSTED_PROXIES")
  await fetch(`${server.url}/login`, {
    method: "POST",
    headers: { "x-forwarded-for": "198.51.100.7" },
    body: new URLSearchParams({ email: "nobody@example.com", password: "x" }),
  })
  expect(await home()).toContain("127.0.0.1 sends x-forwarded-for but is not trusted")
  expect(lines.filter((line) => line.includes("proxy.untrusted")).length).toBe(1)
})

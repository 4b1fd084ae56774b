import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Elysia } from "elysia"
import { AppError, createIds, createKeyring, silentLog } from "../app/index.ts"
import {
  clientAddress,
  createCookies,
  createCsrf,
  Form,
  type HttpServer,
  html,
  loadAssets,
  parseRanges,
  readForm,
  seeOther,
  startServer,
} from "./index.ts"

const root = mkdtempSync(join(tmpdir(), "purser-http-"))
const folder = join(root, "public")
let server: HttpServer

beforeAll(() => {
  mkdirSync(join(folder, "css/pages/public"), { recursive: true })
  writeFileSync(join(folder, "css/pages/public/app.css"), "body{color:red}".repeat(50))
  writeFileSync(join(root, "outside.txt"), "secret")
  const site = new Elysia()
    .get("/", () => html("<h1>hi</h1>"))
    .get("/boom", () => {
      throw new Error("the database password is hunter2")
    })
    .get("/v1/teapot", () => {
      throw new AppError("insufficient_credits", "You need 2 credits.", { fields: { need: "2" } }, "log only")
    })
    .get("/userinfo", () => {
      throw new AppError("token_invalid", 'Bad "token"\n')
    })
    .post("/form", async ({ request }) => seeOther(`/done?${(await readForm(request)).get("a")}`), { parse: "none" })
  server = startServer({
    host: "127.0.0.1",
    port: 0,
    sites: [site],
    assets: loadAssets(folder),
    ids: createIds(),
    log: silentLog,
    clientAddress: clientAddress(parseRanges([])),
    secure: true,
    errorPage: (error) => html(`<h1>${error.code}</h1><p>${error.message}</p>`, { status: error.status }),
  })
})
afterAll(async () => {
  await server.stop()
  rmSync(root, { recursive: true, force: true })
})

const get = (path: string, init?: RequestInit) => fetch(`${server.url}${path}`, { redirect: "manual", ...init })

describe("server", () => {
  test("pages carry the security headers and a request id", async () => {
    const response = await get("/")
    expect(response.headers.get("content-security-policy")).toContain("frame-ancestors 'none'")
    expect(response.headers.get("content-security-policy")).not.toContain("unsafe")
    expect(response.headers.get("x-frame-options")).toBe("DENY")
    expect(response.headers.get("referrer-policy")).toBe("no-referrer")
    expect(response.headers.get("strict-transport-security")).toStartWith("max-age=")
    expect(response.headers.get("x-request-id")).toStartWith("req_")
  })

  test("an unexpected failure says nothing of its cause, in any dialect", async () => {
    const response = await get("/boom")
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain("hunter2")
  })

  test("errors speak the dialect of their endpoint", async () => {
    const openai = await get("/v1/teapot")
    expect(openai.status).toBe(402)
    expect(openai.headers.get("x-should-retry")).toBe("false")
    expect(await openai.json()).toEqual({
      error: {
        message: "You need 2 credits.",
        type: "insufficient_quota",
        param: null,
        code: "insufficient_credits",
        need: "2",
      },
    })
    const oauth = await get("/userinfo")
    expect(oauth.status).toBe(401)
    expect(await oauth.json()).toEqual({ error: "invalid_token", error_description: "Bad 'token' " })
    expect((await get("/v1/nothing")).status).toBe(404)
    expect(((await (await get("/v1/nothing")).json()) as { error: { code: string } }).error.code).toBe("not_found")
    expect(await (await get("/nothing")).text()).toContain("not_found")
  })

  test("assets are fingerprinted, compressed and cannot be escaped from", async () => {
    const response = await get(loadAssets(folder).url("css/public.css"), { headers: { "accept-encoding": "gzip" } })
    expect(response.headers.get("cache-control")).toBe("public, max-age=31536000, immutable")
    expect(response.headers.get("content-encoding")).toBe("gzip")
    expect(response.headers.get("vary")).toBe("accept-encoding")
    expect(await response.text()).toStartWith("body{")
    for (const path of [
      "/assets/../outside.txt",
      "/assets/%2e%2e/outside.txt",
      "/assets/..%2foutside.txt",
      "/assets/",
    ]) {
      const answer = await get(path)
      expect(answer.status).toBe(404)
      expect(await answer.text()).not.toContain("secret")
    }
    expect(loadAssets(folder).url("css/public.css")).toMatch(/^\/assets\/css\/public\.css\?v=[0-9a-f]{10}$/)
  })

  test("forms: wrong type, too large, too many fields and bad UTF-8 are refused in plain words", async () => {
    const post = (body: string | Uint8Array<ArrayBuffer>, type = "application/x-www-form-urlencoded") =>
      get("/form", { method: "POST", body, headers: { "content-type": type } })
    expect((await post("a=1")).status).toBe(303)
    expect((await post("a=1")).headers.get("location")).toBe("/done?1")
    expect((await post("{}", "application/json")).status).toBe(415)
    expect((await post(`a=${"x".repeat(70_000)}`)).status).toBe(413)
    expect((await post("a=1&".repeat(300))).status).toBe(400)
    expect((await post(new Uint8Array([0x61, 0x3d, 0xff, 0xfe]))).status).toBe(400)
  })

  test("a streamed body without a length is cut off at the limit", async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(16_384).fill(97)),
    })
    const response = await get("/form", {
      method: "POST",
      body: endless,
      headers: { "content-type": "application/x-www-form-urlencoded" },
    }).catch(() => null)
    expect(response === null || response.status === 413).toBe(true)
  })
})

describe("csrf", () => {
  const cookies = createCookies({ secure: true })
  const csrf = createCsrf({
    keyring: createKeyring(Buffer.alloc(32, 7)),
    cookies,
    originOf: () => "https://ai.example.com",
  })
  const met = csrf.browser(new Request("https://ai.example.com/"))
  const request = (headers: Record<string, string>) =>
    new Request("https://ai.example.com/x", {
      method: "POST",
      headers: { cookie: `__Host-browser-1=${met.id}`, ...headers },
    })
  const form = new Form(new URLSearchParams({ csrf: csrf.token(met.id) }))

  test("a form of ours passes, with and without the browser's headers", () => {
    csrf.check(request({ "sec-fetch-site": "same-origin" }), form)
    csrf.check(request({ origin: "https://ai.example.com" }), form)
    csrf.check(request({}), form)
    // Browsers without Sec-Fetch-Site say this about the forms of pages that send no referrer, as ours.
    csrf.check(request({ origin: "null" }), form)
  })

  test("other sites, other browsers and missing tokens are refused", () => {
    expect(() => csrf.check(request({ "sec-fetch-site": "cross-site" }), form)).toThrow()
    expect(() => csrf.check(request({ "sec-fetch-site": "same-site" }), form)).toThrow()
    expect(() => csrf.check(request({ origin: "https://evil.example" }), form)).toThrow()
    // Old browsers say so from pages with `no-referrer`; a new one that says `null` says where it is, too.
    csrf.check(request({ origin: "null" }), form)
    expect(() => csrf.check(request({ origin: "null", "sec-fetch-site": "cross-site" }), form)).toThrow()
    expect(() => csrf.check(request({ origin: "null" }), new Form(new URLSearchParams()))).toThrow()
    expect(() => csrf.check(request({}), new Form(new URLSearchParams()))).toThrow()
    expect(() => csrf.check(request({}), new Form(new URLSearchParams({ csrf: csrf.token("other") })))).toThrow()
    expect(() => csrf.check(new Request("https://ai.example.com/x", { method: "POST" }), form)).toThrow()
  })

  test("cookies are __Host-, Secure, HttpOnly and Lax on https", () => {
    expect(met.setCookies).toHaveLength(1)
    expect(met.setCookies[0]).toMatch(
      /^__Host-browser-[\w-]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=\d+$/,
    )
  })

  const withIds = (count: number) => {
    const ids = Array.from({ length: count }, () => csrf.browser(new Request("https://ai.example.com/")).id)
    const cookie = ids.map((id) => `__Host-browser-${id.slice(0, 8)}=${id}`).join("; ")
    return { ids, cookie }
  }

  test("tabs that met us at the same moment keep their forms; the oldest id is the browser's", () => {
    const { ids, cookie } = withIds(3)
    for (const id of ids) csrf.check(request({ cookie }), new Form(new URLSearchParams({ csrf: csrf.token(id) })))
    const browser = csrf.browser(request({ cookie }))
    expect(browser).toEqual({ id: ids[0]!, ids, setCookies: [] })
  })

  test("ids are bounded: those beyond are told to go", () => {
    const { ids, cookie } = withIds(30)
    const browser = csrf.browser(request({ cookie }))
    expect(browser.ids).toEqual(ids.slice(0, 24))
    expect(browser.setCookies).toHaveLength(6)
    for (const line of browser.setCookies) expect(line).toEndWith("; Max-Age=0")
  })

  test("a form of another site, which comes without cookies, sets none", () => {
    const post = (headers: Record<string, string>) =>
      csrf.browser(new Request("https://ai.example.com/authorize", { method: "POST", headers })).setCookies
    expect(post({ "sec-fetch-site": "cross-site" })).toEqual([])
    expect(post({ origin: "https://app.example" })).toEqual([])
    expect(post({ origin: "null" })).toEqual([])
    expect(post({})).toEqual([])
    expect(post({ "sec-fetch-site": "same-origin" })).toHaveLength(1)
    const get = new Request("https://ai.example.com/authorize", { headers: { "sec-fetch-site": "cross-site" } })
    expect(csrf.browser(get).setCookies).toHaveLength(1)
  })
})

// The manual's files for reverse proxies, each with the proxy itself in front of a whole server: sign-in with its cookies, streams word by word,
// live pages, who is calling, large bodies and heads.

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { connect } from "node:tls"
import { credits, readConfig, silentLog } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import { logIn } from "../../src/identity/testing.ts"
import { CTX, freePort, giveCredits, makeClient, makeUser, mintTokens, PASSWORD } from "../build.ts"
import { proxies, type RunningProxy, startProxy } from "../tools/proxies.ts"

setDefaultTimeout(60_000)

const chunk = (delta: object, finished: string | null = null) =>
  `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini", choices: [{ index: 0, delta, finish_reason: finished }] })}\n\n`
const USAGE = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 }

/** Each word waits until the one before has arrived. */
let arrived = Promise.withResolvers<void>()
async function* words(): AsyncGenerator<string> {
  for (const word of ["one", "two", "three"]) {
    yield chunk({ content: word })
    await arrived.promise
    arrived = Promise.withResolvers()
  }
  yield chunk({}, "stop")
  yield `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "gpt-4o-mini", choices: [], usage: USAGE })}\n\n`
  yield "data: [DONE]\n\n"
}

const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  async fetch(request) {
    const asked = (await request.json()) as { stream?: boolean; messages: { content: string }[] }
    if (asked.stream)
      return new Response(words() as unknown as ReadableStream, { headers: { "content-type": "text/event-stream" } })
    const choices = [{ index: 0, message: { role: "assistant", content: "heard" }, finish_reason: "stop" }]
    return Response.json({
      id: "c",
      object: "chat.completion",
      created: 1,
      model: "gpt-4o-mini",
      choices,
      usage: USAGE,
    })
  },
})
afterAll(() => upstream.stop(true))

for (const found of proxies())
  describe(found.name, () => {
    const dataDir = mkdtempSync(join(tmpdir(), "purser-behind-"))
    const [port, plainPort, target] = [freePort(), freePort(), freePort()]
    const url = `https://localhost:${port}`
    let app: App
    let proxy: RunningProxy
    let user: User
    let token = ""

    beforeAll(async () => {
      const flags = { port: String(target), "data-dir": dataDir, "base-url": url, "drain-seconds": "1" }
      app = await compose(readConfig(flags, { PURSER_TRUSTED_PROXIES: "127.0.0.1,::1" }, true), { log: silentLog })
      await app.listen()
      user = await makeUser(app)
      await giveCredits(app, user, credits(100_000))
      token = (await mintTokens(app, { user, ...(await makeClient(app)) })).accessToken
      await app.gateway.addUpstream(CTX, {
        kind: "openai-compatible",
        name: "near",
        baseUrl: `http://127.0.0.1:${upstream.port}/v1`,
        priceProvider: "openai",
        models: ["gpt-4o-mini"],
      })
      proxy = await startProxy(found, { port, plainPort, target })
    })
    afterAll(async () => {
      await proxy?.stop()
      await app.stop()
      rmSync(dataDir, { recursive: true, force: true })
    })

    const ask = (path: string, init: RequestInit = {}) =>
      fetch(url + path, { redirect: "manual", ...init, tls: { ca: proxy.ca } } as BunFetchRequestInit)
    const call = (content: string, more: object = {}, headers: Record<string, string> = {}) =>
      ask("/v1/chat/completions", {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
        body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content }], ...more }),
      })

    test("people sign in, and the session knows their address whatever they forge", async () => {
      const page = await ask("/login")
      expect([page.status, page.headers.get("strict-transport-security")]).toEqual([200, "max-age=31536000"])
      const browser = cookiesOf(page)
      const [, csrf] = /name="csrf" value="([^"]+)"/.exec(await page.text())!
      const form = new URLSearchParams({ csrf: csrf!, email: user.email, password: PASSWORD }).toString()
      const answer = await sendFrom("127.0.0.5", port, proxy.ca, [
        "POST /login HTTP/1.1",
        `host: localhost:${port}`,
        `origin: ${url}`,
        `cookie: ${browser}`,
        "content-type: application/x-www-form-urlencoded",
        `content-length: ${form.length}`,
        "x-forwarded-for: 203.0.113.9",
        "forwarded: for=203.0.113.9",
        "x-real-ip: 203.0.113.9",
        "connection: close",
        "",
        form,
      ])
      expect(answer).toMatch(/^HTTP\/1\.1 303 /)
      expect(answer.toLowerCase()).toMatch(/set-cookie: __host-auth=.*secure/)
      expect(app.identity.sessionsOf(user.id).map(({ ip }) => ip)).toEqual(["127.0.0.5"])
      expect(app.proxies.untrusted()).toBeNull()
    })

    test("a stream arrives word by word, whatever the proxy compresses", async () => {
      const response = await call("say three words", { stream: true }, { "accept-encoding": "gzip, br" })
      expect(response.status).toBe(200)
      const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
      let text = ""
      for (const word of ["one", "two", "three"]) {
        while (!text.includes(`"${word}"`)) text += (await reader.read()).value
        arrived.resolve()
      }
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        text += value
      }
      expect(text).toEndWith("data: [DONE]\n\n")
      expect(text).toMatch(/: charged [1-9]/)
    })

    test("a live page hears of a change at once", async () => {
      const visitor = { requestId: "req_test", browserId: "b", ip: "127.0.0.1", userAgent: "test" }
      const auth = await logIn(app.identity, visitor, { email: user.email, password: PASSWORD })
      const parentSessionId = auth.session.sessionId
      const session = await app.identity.openConsoleSession(visitor, { userId: user.id, parentSessionId })
      const headers = { cookie: `__Host-console=${session.token}`, accept: "text/event-stream" }
      const response = await ask("/dashboard/events", { headers })
      expect(response.status).toBe(200)
      const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
      expect((await reader.read()).value).toContain("retry:")
      await giveCredits(app, user, credits(1))
      let text = ""
      while (!text.includes("event: moved")) text += (await reader.read()).value
      await reader.cancel()
    })

    test("10 MB come in, more is refused by us in words, long heads and addresses pass", async () => {
      expect(await (await call("x".repeat(10_000_000))).text()).toContain("heard")
      const refused = await call("x".repeat(10_600_000))
      expect([refused.status, await refused.json()]).toMatchObject([413, { error: { type: "invalid_request_error" } }])
      const cookie = `one=${"1".repeat(6_000)}; two=${"2".repeat(6_000)}`
      expect((await ask("/login", { headers: { cookie } })).status).toBe(200)
      expect((await ask(`/login?next=${"a".repeat(12_000)}`)).status).toBe(200)
    })
  })

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")

/** As one of another address: loopback has sixteen million. @returns the whole answer */
function sendFrom(localAddress: string, port: number, ca: string, lines: string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect({ host: "127.0.0.1", port, localAddress, ca, servername: "localhost" } as never)
  let answer = ""
  socket.on("secureConnect", () => socket.write(lines.join("\r\n")))
  socket.on("data", (data) => {
    answer += data
  })
  socket.on("error", reject)
  socket.on("close", () => resolve(answer))
  return promise
}

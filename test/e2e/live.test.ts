// Figures that follow the commit (SPEC CO-1): a charge by the real gateway is on the stream at once; a stream dies with its
// session; a stopping server waits for none of them.

import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, LIMITS } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { logIn } from "../../src/identity/testing.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { LONG_MS, until } from "../eventually.ts"

let server: TestServer
const usualMs = LIMITS.liveHeartbeatMs
beforeAll(async () => {
  // A heartbeat finds the change too: with none in sight, what happens is what the commit brought about.
  Object.assign(LIMITS, { liveHeartbeatMs: 4 * LONG_MS })
  server = await startTestServer()
  await addSandbox(server.app)
})
afterAll(async () => {
  Object.assign(LIMITS, { liveHeartbeatMs: usualMs })
  await server.close()
})

/** A console session of this person, as the cookie their browser carries. */
async function cookieOf(at: TestServer, user: User): Promise<{ cookie: string; authToken: string }> {
  const visitor = { requestId: "req_test", browserId: "b", ip: "127.0.0.1", userAgent: "test" }
  const auth = await logIn(at.app.identity, visitor, { email: user.email, password: "a long test password" })
  const started = await at.app.identity.openConsoleSession(visitor, {
    userId: user.id,
    parentSessionId: auth.session.sessionId,
  })
  return { cookie: `purser_console=${started.token}`, authToken: auth.token }
}

interface Heard {
  text: string
  ended: boolean
  status: number
}

/** An EventSource by fetch: reads until the server ends it. */
async function listen(at: TestServer, cookie: string, path = "/dashboard/events"): Promise<Heard> {
  const response = await fetch(`${at.url}${path}`, { headers: { cookie, accept: "text/event-stream" } })
  const heard: Heard = { text: "", ended: false, status: response.status }
  if (!response.body) return { ...heard, ended: true }
  const decoder = new TextDecoder()
  ;(async () => {
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) heard.text += decoder.decode(chunk)
    heard.ended = true
  })().catch(() => {
    heard.ended = true
  })
  return heard
}

/** One that comes back too late is told why it hears nothing, and ends. */
async function expectOver(cookie: string): Promise<void> {
  const heard = await listen(server, cookie)
  await until(() => heard.ended)
  expect(heard.text).toBe("event: over\ndata: signed-out\n\n")
}

const figures = async (cookie: string, query = ""): Promise<string> =>
  (await fetch(`${server.url}/dashboard/figures${query}`, { headers: { cookie } })).text()
const balanceIn = (page: string): string => /class="balance-figure"[^>]*title="([^"]*)"/.exec(page)?.[1] ?? "none"
const stampIn = (page: string): string => /data-live="[^"]*since=([^"]*)"/.exec(page)?.[1] ?? "none"

describe("the stream", () => {
  test("a charge is on it as soon as it is committed, and the figures are new by then", async () => {
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(1_000))
    const { accessToken } = await mintTokens(server.app, { user, ...(await makeClient(server.app)) })
    const { cookie } = await cookieOf(server, user)
    const before = await figures(cookie)
    const heard = await listen(server, cookie, `/dashboard/events?since=${stampIn(before)}`)
    await until(() => heard.text.includes("retry:"))
    expect(heard.text).not.toContain("moved")

    expect((await chat(server.url, accessToken)).status).toBe(200)
    await until(() => {
      const last = heard.text.lastIndexOf("event: moved")
      return last >= 0 && !heard.text.slice(last).includes(stampIn(before))
    })
    await until(() => balanceWas(heard, server, user))
    const after = await figures(cookie)
    expect(balanceIn(after)).not.toBe(balanceIn(before))
    expect(after).toContain("Storyteller · sandbox · ")
  })

  /** The last word of the stream is about the wallet as it is now. */
  const balanceWas = (heard: Heard, at: TestServer, user: User): boolean =>
    heard.text.trimEnd().includes(at.app.ledger.stampOf({ kind: "principal", id: user.id }, "live"))

  test("a grant to one person is told to that person only", async () => {
    const [ada, bob] = [await makeUser(server.app), await makeUser(server.app)]
    const one = await cookieOf(server, ada)
    const heard = await listen(server, one.cookie)
    const others = await listen(server, (await cookieOf(server, bob)).cookie)
    await giveCredits(server.app, ada, credits(5))
    await until(() => heard.text.includes("event: moved"))
    await Bun.sleep(400)
    expect(others.text).not.toContain("moved")
  })

  test("a change between the page and its stream is not missed, and a reconnection goes on from its last word", async () => {
    const user = await makeUser(server.app)
    const { cookie } = await cookieOf(server, user)
    const stamp = stampIn(await figures(cookie))
    await giveCredits(server.app, user, credits(5))
    const heard = await listen(server, cookie, `/dashboard/events?since=${stamp}`)
    await until(() => heard.text.includes("event: moved"))
    const newest = /id: (.*)/.exec(heard.text)?.[1] ?? ""
    const response = await fetch(`${server.url}/dashboard/events?since=${stamp}`, {
      headers: { cookie, "last-event-id": newest },
    })
    const first = await response.body!.getReader().read()
    expect(new TextDecoder().decode(first.value)).not.toContain("moved")
  })

  test("ends at sign-out, at the end of its session elsewhere, and at suspension", async () => {
    const user = await makeUser(server.app)
    const [one, two, three] = [await cookieOf(server, user), await cookieOf(server, user), await cookieOf(server, user)]
    const heard = await Promise.all([one, two, three].map(({ cookie }) => listen(server, cookie)))
    await server.app.identity.logout(CTX, one.authToken)
    await until(() => heard[0]!.ended)
    expect(heard[0]!.text).toContain("event: over\ndata: signed-out")
    expect(heard[1]!.ended).toBe(false)

    const session = server.app.identity.sessionsOf(user.id)[0]!
    await server.app.identity.revokeSession(CTX, { userId: user.id, sessionPublicId: session.publicId })
    await until(() => heard.filter(({ ended }) => ended).length === 2)

    await server.app.identity.suspend(CTX, { userId: user.id, reason: "test" })
    await until(() => heard.every(({ ended }) => ended))
    await expectOver(three.cookie)
  })

  test("without a session there is neither a stream nor a figure", async () => {
    await expectOver("")
    const response = await fetch(`${server.url}/dashboard/figures`, { redirect: "manual" })
    expect(response.status).toBe(204)
  })

  test("figures keep the range, and take nonsense for the default", async () => {
    const user = await makeUser(server.app)
    await giveCredits(server.app, user, credits(5))
    const { cookie } = await cookieOf(server, user)
    expect(await figures(cookie, "?range=7d")).toContain('hx-get="/dashboard/figures?range=7d"')
    expect(await figures(cookie, "?range=7d")).toContain("7 days")
    expect(await figures(cookie, "?range=__proto__")).toContain('hx-get="/dashboard/figures"')
    const page = await fetch(`${server.url}/dashboard?range=90d`, { headers: { cookie } })
    expect(await page.text()).toContain('hx-get="/dashboard/figures?range=90d"')
  })
})

test("a server that stops does not wait for open streams", async () => {
  const own = await startTestServer({ drainSeconds: 60 })
  const user = await makeUser(own.app)
  const { cookie } = await cookieOf(own, user)
  const heard = await listen(own, cookie)
  await until(() => own.app.sse.size === 1)
  const stopped = await Promise.race([own.close().then(() => true), Bun.sleep(30_000)])
  expect(stopped).toBe(true)
  await until(() => heard.ended)
}, 60_000)

// Compressed pages over real HTTP: which are, which never are, and that two answers share no secret that a length could tell.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let agent: WebAgent
beforeAll(async () => {
  server = await startTestServer()
  const developer = await makeDeveloper(server.app)
  agent = await signedIn(server, developer.email)
}, 30_000)
afterAll(() => server?.close())

const ask = (path: string, init: RequestInit & { accept?: string; cookie?: string } = {}) => {
  const cookie = ["browser", "auth", "console"]
    .map((name) => `purser_${name}=${agent.cookie(server.url, `_${name}`)}`)
    .concat(init.cookie ?? [])
    .join("; ")
  const headers = { cookie, "accept-encoding": init.accept ?? "gzip, deflate, br", ...(init.headers as object) }
  return fetch(`${server.url}${path}`, { redirect: "manual", decompress: false, ...init, headers })
}
const codingOf = async (path: string, init?: Parameters<typeof ask>[1]) => {
  const answer = await ask(path, init)
  await answer.body?.cancel()
  return answer.headers.get("content-encoding")
}

test("pages of the console and the public site are compressed, fragments too; HEAD says the same", async () => {
  for (const path of ["/dashboard", "/settings", "/dashboard/figures", "/", "/search?q=credits"]) {
    const answer = await ask(path)
    expect({ path, coding: answer.headers.get("content-encoding") }).toEqual({ path, coding: "gzip" })
    expect(answer.headers.get("vary")).toContain("accept-encoding")
    const packed = await answer.bytes()
    const plain = await (await ask(path, { accept: "identity" })).text()
    expect(new TextDecoder().decode(Bun.gunzipSync(packed)).length).toBeGreaterThan(packed.length * 1.5)
    expect(plain).toStartWith("<")
    const head = await ask(path, { method: "HEAD" })
    expect({ path, status: head.status, body: await head.text() }).toEqual({ path, status: 200, body: "" })
    expect(head.headers.get("content-encoding")).toBe("gzip")
  }
})

test("what signs people in, holds a secret, streams or is not found is sent as it is", async () => {
  const { url } = await server.app.identity.createSetupLink({ actor: "cli", requestId: "req_test", reason: "test" })
  const plain = [
    "/logout",
    "/login?as=other",
    "/signup",
    "/forgot-password",
    new URL(url).pathname,
    "/mailbox",
    "/nothing",
  ]
  for (const path of plain) expect({ path, coding: await codingOf(path) }).toEqual({ path, coding: null })
  expect(await codingOf("/dashboard/events", { headers: { accept: "text/event-stream" } })).toBeNull()
})

test("a new client secret is shown on a page that is not compressed; the same page without it is", async () => {
  const form = await agent.get(`${server.url}/developer/apps/new`)
  const values = { name: "Quill", type: "confidential", redirect_uris: "https://quill.example/cb" }
  const sent = form.forms
    .find(({ action }) => action === "/developer/apps")!
    .fields.filter(([name]) => !(name in values))
  const body = new URLSearchParams([...sent, ...Object.entries(values)])
  const made = await ask("/developer/apps", { method: "POST", body })
  const path = made.headers.get("location")!
  const once = made.headers
    .getSetCookie()
    .find((line) => line.includes("once-"))!
    .split(";")[0]!
  const shown = await ask(path, { cookie: once })
  expect(shown.headers.get("content-encoding")).toBeNull()
  expect(await shown.text()).toContain("cs_")
  expect(await codingOf(path)).toBe("gzip")
})

test("two answers of one page differ in every form token, and both are good", async () => {
  const [one, two] = await Promise.all([agent.get(`${server.url}/settings`), agent.get(`${server.url}/settings`)])
  const tokenOf = (page: typeof one) => page.forms[0]!.fields.find(([name]) => name === "csrf")![1]
  expect(tokenOf(one!)).not.toBe(tokenOf(two!))
  expect(one!.text.replaceAll(tokenOf(one!), "")).not.toContain(tokenOf(two!))
  for (const page of [two!, one!]) {
    const saved = await agent.submit(page, "/settings/name", { name: "Dev" })
    expect(saved.text).toContain("Your name is Dev now.")
  }
  const other = await signedIn(server, (await makeUser(server.app)).email)
  const theirs = await other.post(`${server.url}/settings/name`, [
    ["csrf", tokenOf(one!)],
    ["name", "x"],
  ])
  expect(theirs.status).toBe(403)
})

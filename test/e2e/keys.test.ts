// API keys as people meet them: made on a page, used by programs, changed, found in public, ended. And those of admins.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits } from "../../src/app/index.ts"
import { auditOf } from "../../src/audit/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { adminScopeOf } from "../../src/sites/base/index.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { until } from "../eventually.ts"

let server: TestServer
let ada: User
let boss: User
let agent: WebAgent
let other: WebAgent
let bossAgent: WebAgent
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  ada = await makeUser(server.app, { name: "Ada" })
  boss = await makeUser(server.app, { isAdmin: true })
  const eve = await makeUser(server.app)
  await giveCredits(server.app, ada, credits(500))
  await server.app.plans.change(CTX, { user: ada, planCode: "basic" })
  agent = await signedIn(server, ada.email)
  other = await signedIn(server, eve.email)
  bossAgent = await signedIn(server, boss.email)
}, 30_000)
afterAll(() => server?.close())

const at = (path: string) => `${server.url}${path}`
const secretIn = (text: string) => /<code id="new-key">(sk_[\w-]+)</.exec(text)?.[1] ?? ""
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code
const newest = () => server.app.keys.of(ada.id)[0]!
const mailsTo = (user: User) =>
  server.app.mailer.mailbox.filter((mail) => mail.to === user.email).map((mail) => mail.subject)

/** By the form of the page, as a person does. */
async function make(who: WebAgent, values: Record<string, string>): Promise<string> {
  const made = await who.submit(await who.get(at("/keys/new")), "/keys", values)
  return secretIn(made.text)
}

describe("on the pages of its person", () => {
  test("a key is made, shown once, called with, and its calls are listed", async () => {
    const secret = await make(agent, { name: "Nightly report" })
    expect(secret).toMatch(/^sk_live_/)
    const path = `/keys/${newest().publicId}`
    expect((await agent.get(at(path))).text).not.toContain(secret)
    expect((await chat(server.url, secret)).status).toBe(200)
    const page = plainText((await agent.get(at(path))).text)
    expect(page).toContain("sandbox")
    expect(page).toContain("just now")
    expect(plainText((await agent.get(at("/keys"))).text)).toContain("Nightly report")
    await until(() => mailsTo(ada).includes("A new Purser API key was made"))
  })

  test("its cache is turned on by its person, on a page of its own; nobody else's page is there", async () => {
    const secret = await make(agent, { name: "Tests" })
    const path = `/keys/${newest().publicId}/cache`
    const state = async () => (await chat(server.url, secret)).headers.get("x-credits-cache")
    expect(await state()).toBe(null)
    expect((await other.get(at(path))).status).toBe(404)
    const saved = await agent.submit(await agent.get(at(path)), path, { kept: "1h" })
    expect(plainText(saved.text)).toContain("For an hour")
    expect([await state(), await state()]).toEqual(["miss", "hit"])
    await agent.submit(await agent.get(at(path)), path, { kept: "off" })
    expect(await state()).toBe(null)
    const sets = auditOf(server.app.store.read, newest().publicId).filter(({ action }) => action === "cache.set")
    expect(sets.map(({ after }) => after)).toEqual([`{"seconds":0}`, `{"seconds":3600}`])
  })

  test("what is wrong stands at its field; nothing is made", async () => {
    const before = server.app.keys.of(ada.id).length
    const refused = await agent.submit(await agent.get(at("/keys/new")), "/keys", { name: "", allowed_ips: "10.1" })
    expect(refused.status).toBe(422)
    expect(plainText(refused.text)).toContain("10.1 is no address or range")
    expect(server.app.keys.of(ada.id).length).toBe(before)
  })

  test("it is switched off and on, changed, rolled and revoked, each in force on the next call", async () => {
    const secret = await make(agent, { name: "Bot" })
    const { publicId } = newest()
    const path = `/keys/${publicId}`
    const press = async (action: string, from = path, values: Record<string, string> = {}) =>
      agent.submit(await agent.get(at(from)), `${path}${action}`, values)
    await press("/deactivation")
    expect(await codeOf(await chat(server.url, secret))).toBe("api_key_disabled")
    await press("/activation")
    expect((await chat(server.url, secret)).status).toBe(200)
    await press("", path, { allowed_ips: "203.0.113.7" })
    expect(await codeOf(await chat(server.url, secret))).toBe("api_key_address_denied")
    await press("", path, { allowed_ips: "", name: "Robot" })
    expect(newest()).toMatchObject({ name: "Robot", allowedIps: [] })
    const rolled = secretIn((await press("/secret", `${path}/secret`)).text)
    expect(await codeOf(await chat(server.url, secret))).toBe("api_key_revoked")
    expect((await chat(server.url, rolled)).status).toBe(200)
    await press("/revocation", `${path}/revocation`)
    expect(await codeOf(await chat(server.url, rolled))).toBe("api_key_revoked")
    expect((await agent.get(at(`${path}/secret`))).status).toBe(404)
    const actions = auditOf(server.app.store.read, publicId).map(({ action }) => action)
    expect(actions).toEqual([
      "key.revoked",
      "key.rolled",
      "key.updated",
      "key.updated",
      "key.enabled",
      "key.disabled",
      "key.created",
    ])
  })

  test("the movement names the key, with the plan's markup and no developer", async () => {
    const words = plainText((await agent.get(at("/credits"))).text)
    expect(words).toContain("Nightly report · sandbox")
    expect(words).not.toContain("Developer’s share")
    const [head, ...lines] = (await agent.get(at("/credits.csv?kind=charges"))).text.trim().split("\r\n")
    expect(head).toEndWith(",api_key,own_provider_key")
    expect(lines.filter((line) => line.endsWith(",Nightly report,")).length).toBe(1)
  })

  test("another person's is not there", async () => {
    const { publicId } = newest()
    for (const path of ["", "/secret", "/revocation"])
      expect([path, (await other.get(at(`/keys/${publicId}${path}`))).status]).toEqual([path, 404])
  })
})

describe("POST /api/v1/keys/report", () => {
  const report = (body: unknown, address = "") =>
    fetch(at("/api/v1/keys/report"), {
      method: "POST",
      headers: { "content-type": "application/json", ...(address ? { "x-forwarded-for": address } : {}) },
      body: JSON.stringify(body),
    })

  test("in GitHub's words and in plain ones: the key ends, its owner is told, the answer says nothing", async () => {
    const [one, two, three] = [
      await make(agent, { name: "A" }),
      await make(agent, { name: "B" }),
      await make(agent, { name: "C" }),
    ]
    const answers = [
      await report([{ token: one, type: "purser_api_key", url: "https://github.example/x", source: "content" }]),
      await report({ token: two }),
      await report({ tokens: [three] }),
      await report([{ token: "sk_live_nothing", type: "purser_api_key" }]),
    ]
    const bodies = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]))
    expect(new Set(bodies.map(String)).size).toBe(1)
    expect(bodies[0]![0]).toBe(202)
    for (const secret of [one, two, three]) expect(await codeOf(await chat(server.url, secret))).toBe("api_key_revoked")
    await until(() => mailsTo(ada).filter((subject) => subject.includes("found in public")).length === 3)
    expect(plainText((await agent.get(at("/keys"))).text)).toContain("Found in public, revoked")
  })

  test("what is no report is refused, and too many of them", async () => {
    for (const body of ["x", 1, null, {}, [{}], [null], { tokens: [1] }, Array(101).fill("x")])
      expect([JSON.stringify(body).slice(0, 20), (await report(body)).status]).toEqual([
        JSON.stringify(body).slice(0, 20),
        body === "x" ? 202 : 400,
      ])
    let status = 0
    for (let tries = 0; status !== 429 && tries < 40; tries++) status = (await report([])).status
    expect(status).toBe(429)
    expect((await report([])).headers.get("retry-after")).toMatch(/^\d+$/)
  })
})

describe("an admin's key at /api/v1/admin", () => {
  const call = (secret: string, path: string, body: object) =>
    fetch(at(`/api/v1/admin${path}`), {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    })
  const made = async (scopes: string[], who = boss) =>
    (await server.app.keys.create(CTX, { userId: who.id, name: "Ops", scopes })).secret

  test("does what its permission says, without cookie or form token, and the log names it", async () => {
    const secret = await made(["admin:users"])
    const answer = await call(secret, `/users/${ada.publicId}/suspension`, { reason: "a test" })
    expect([answer.status, await answer.json()]).toEqual([200, { message: expect.any(String) }])
    const [entry] = auditOf(server.app.store.read, ada.publicId)
    expect(entry).toMatchObject({ action: "user.suspended", actor: `admin:${boss.publicId}` })
    expect(entry!.reason).toMatch(/^a test \(API key key_\w+\)$/)
    expect((await call(secret, `/users/${ada.publicId}/reinstatement`, { reason: "a test" })).status).toBe(200)
    for (const [path, body] of [
      [`/users/${ada.publicId}/wallet/bonus`, { amount: "5", reason: "no" }],
      ["/plans/pro", { name: "Max" }],
    ] as const) {
      const refused = await call(secret, path, body)
      expect([path, refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
        path,
        403,
        "insufficient_scope",
      ])
    }
  })

  test("counts only while its person is an admin, and a person's plain key never", async () => {
    const second = await makeUser(server.app, { isAdmin: true })
    const secret = await made(["admin:users"], second)
    await server.app.store.write(
      CTX,
      (tx) => void server.app.identity.setAdminIn(tx, { userId: second.id, isAdmin: false }),
    )
    const body = { reason: "no" }
    expect((await call(secret, `/users/${ada.publicId}/suspension`, body)).status).toBe(403)
    expect((await call(await made(["llm", "manage"], ada), `/users/${boss.publicId}/suspension`, body)).status).toBe(
      403,
    )
    expect((await call("sk_live_nothing", `/users/${ada.publicId}/suspension`, body)).status).toBe(401)
    expect((await call("eyJhbGciOiJSUzI1NiJ9.e30.x", `/users/${ada.publicId}/suspension`, body)).status).toBe(401)
    expect(server.app.identity.isSuspended(ada.id)).toBe(false)
  })

  test("is offered to admins alone", async () => {
    expect((await bossAgent.get(at("/keys/new"))).text).toContain("admin:credits")
    expect((await agent.get(at("/keys/new"))).text).not.toContain("admin:credits")
  })

  test("every form that programs may send needs one permission; what is new to this list is refused", async () => {
    const document = (await (await fetch(at("/openapi.json"))).json()) as { paths: Record<string, object> }
    const paths = Object.keys(document.paths).filter((path) => path.startsWith("/api/v1/admin/"))
    expect(paths.length).toBeGreaterThan(10)
    const closed = paths.filter((path) => adminScopeOf(path.replace(/\{\w+\}/g, "x")) === null)
    // Lists that a person keeps for themselves, an act that would need two permissions, those that ask who is there, and where
    // the money goes.
    expect(closed.filter((path) => !path.startsWith("/api/v1/admin/filters"))).toEqual([
      "/api/v1/admin/users/bulk",
      "/api/v1/admin/apps",
      "/api/v1/admin/apps/house/{houseapp}",
      "/api/v1/admin/apps/{app}/secrets",
      "/api/v1/admin/users/{user}/role",
      "/api/v1/admin/users/{user}/two-step",
      "/api/v1/admin/users/{user}/passkeys",
      "/api/v1/admin/users/{user}/erasure",
      "/api/v1/admin/users/{user}/erasure/keep",
      "/api/v1/admin/payouts/files",
      "/api/v1/admin/payouts/files/{payoutfile}/withdrawal",
      "/api/v1/admin/payouts/approvals",
      "/api/v1/admin/payouts/{payout}/approval",
      "/api/v1/admin/users/{user}/payouts/documents",
      "/api/v1/admin/apply",
      "/api/v1/admin/apply/application",
      "/api/v1/admin/apply/export",
      "/api/v1/admin/restore",
      "/api/v1/admin/announcements",
      "/api/v1/admin/announcements/{announcement}/ending",
      "/api/v1/admin/billing/key",
      "/api/v1/admin/billing/key/removal",
      "/api/v1/admin/issuers",
      "/api/v1/admin/issuers/{issuer}",
      "/api/v1/admin/issuers/{issuer}/removal",
    ])
    expect(adminScopeOf("/api/v1/admin/users/x/wallet/bonus")).toBe("admin:credits")
    expect(adminScopeOf("/api/v1/admin/usersx")).toBeNull()
  })
})

// Which of a person's tools an app may use: chosen on the consent page and under Apps, named by `resource`, held to at every way in. What was not
// allowed is to the app as if it did not exist.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, VirtualClock } from "../../src/app/index.ts"
import { plainText, type WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { Client } from "../../src/oauth/index.ts"
import { csrfOf, signedIn } from "../browser/house.ts"
import { CTX, giveCredits, makeClient, makeDeveloper, makeUser } from "../build.ts"
import { connectWith } from "./sdk-client.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

const VERIFIER = "v".repeat(64)
const MINUTE = 60_000
let world: ToolWorld
let clock: VirtualClock
let agent: WebAgent
let client: Client
let secret: string
let base: string
beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  world = await openToolWorld({ clock })
  const { app } = world.server
  await giveCredits(app, world.user, credits(500))
  await app.mcp.createGroup(CTX, { userId: world.user.id, name: "work", title: "Work" })
  const work = { userId: world.user.id, group: "work", name: "peer", url: world.peer.url, auth: "none" } as const
  await app.mcp.addServer(CTX, work)
  const developer = await makeDeveloper(app)
  const made = await makeClient(app, { ownerId: developer.id, name: "App", scopes: ["openid", "mcp"] })
  client = made.client
  secret = made.secret
  base = world.server.at("/v1/mcp/groups")
  agent = await signedIn(world.server, world.user.email)
}, 60_000)
afterAll(() => world?.close())

const words = ({ text }: WebPage) => plainText(text)
const groupUrl = (name: string) => `${base}/${name}/mcp`
const authorize = (more: Record<string, string> = {}) =>
  agent.get(
    `${world.server.url}/authorize?${new URLSearchParams({
      client_id: client.publicId,
      redirect_uri: client.redirectUris[0]!,
      response_type: "code",
      scope: "openid mcp",
      code_challenge: new Bun.CryptoHasher("sha256").update(VERIFIER).digest("base64url"),
      code_challenge_method: "S256",
      ...more,
    })}`,
  )
const approve = (page: WebPage, more: Record<string, string>) =>
  agent.submit(page, "/authorize/consent", { decision: "approve", ...more })
const said = (page: WebPage, name: string) => new URL(page.url).searchParams.get(name)
async function tokenOf(page: WebPage): Promise<string> {
  const answer = await fetch(`${world.server.url}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: said(page, "code")!,
      redirect_uri: client.redirectUris[0]!,
      code_verifier: VERIFIER,
      client_id: client.publicId,
      client_secret: secret,
    }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}
const as = (bearer: string) => ({ headers: { authorization: `Bearer ${bearer}` } })
const listed = async (bearer: string) => {
  const answer = (await (await fetch(base, as(bearer))).json()) as { data: { name: string }[] }
  return answer.data.map(({ name }) => name)
}
const toolsAt = async (bearer: string, group: string) => (await fetch(`${base}/${group}/tools`, as(bearer))).status
const callAt = (bearer: string, group: string) =>
  fetch(`${base}/${group}/call`, {
    method: "POST",
    headers: { ...as(bearer).headers, "content-type": "application/json" },
    body: JSON.stringify({ tool: "echo", arguments: { text: "hi" } }),
  })
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } },
}
const serverAt = (bearer: string, group: string) =>
  fetch(groupUrl(group), {
    method: "POST",
    headers: {
      ...as(bearer).headers,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify(INITIALIZE),
  })
const consentId = () => world.server.app.oauth.consentsOf(world.user.id)[0]!.publicId

let token: string

test("a choice on the consent page holds at every way in; the rest is as if it did not exist", async () => {
  const page = await authorize()
  expect(words(page)).toMatch(/All my tools, also those I add later.*Only these:.*Travel.*Work/s)
  const none = await approve(page, { tools: "chosen" })
  expect([none.status, words(none)]).toEqual([422, expect.stringContaining("Tick at least one")])
  expect(world.server.app.oauth.consentsOf(world.user.id)).toEqual([])
  token = await tokenOf(await approve(none, { tools: "chosen", tool: "/v1/mcp/groups/travel/mcp" }))
  expect(await listed(token)).toEqual(["travel"])
  expect([await toolsAt(token, "travel"), await toolsAt(token, "work"), await toolsAt(token, "nowhere")]).toEqual([
    200, 404, 404,
  ])
  const before = { balance: world.balance(), calls: world.peer.calls.length }
  const refused = await callAt(token, "work")
  const unknown = await callAt(token, "nowhere")
  const messageOf = async (answer: Response) => ((await answer.json()) as { error: { message: string } }).error.message
  expect([refused.status, await messageOf(refused)]).toEqual([unknown.status, await messageOf(unknown)])
  expect([world.balance(), world.peer.calls.length]).toEqual([before.balance, before.calls])
  expect((await callAt(token, "travel")).status).toBe(200)
  // As an MCP server it says what would open it (RFC 6750 §3.1), whether there is one or not.
  for (const group of ["work", "nowhere"]) {
    const answer = await serverAt(token, group)
    expect(answer.status).toBe(403)
    const challenge = answer.headers.get("www-authenticate")!
    expect(challenge).toContain('error="insufficient_scope", scope="mcp"')
    expect(challenge).toContain(`/.well-known/oauth-protected-resource/v1/mcp/groups/${group}/mcp"`)
  }
  const { client: sdk } = await connectWith(groupUrl("travel"), token)
  expect((await sdk.listTools()).tools.length).toBeGreaterThan(0)
  await sdk.close()
})

test("another group is asked for anew; its page names that one, and its token opens that one alone", async () => {
  expect(said(await authorize({ prompt: "none" }), "code")).toBeTruthy()
  const work = { resource: groupUrl("work") }
  expect(said(await authorize({ ...work, prompt: "none" }), "error")).toBe("consent_required")
  const page = await authorize(work)
  expect(words(page)).toMatch(/for other tools than those it asks for now.*Of your tools it gets these alone: Work/s)
  expect(words(page)).not.toContain("Travel")
  const bound = await tokenOf(await approve(page, {}))
  const statuses = async (bearer: string) => [
    (await fetch(base, as(bearer))).status,
    await toolsAt(bearer, "work"),
    (await serverAt(bearer, "travel")).status,
    (await serverAt(bearer, "work")).status,
  ]
  expect(await statuses(bound)).toEqual([401, 401, 401, 200])
  expect(await listed(token)).toEqual(["travel", "work"])
  const missing = await authorize({ resource: groupUrl("later") })
  expect(words(missing)).toContain("You have no such group yet.")
})

test("under Apps less is taken at once, an open session included, and more only from whoever proves who they are", async () => {
  const path = `/apps/${consentId()}/tools`
  expect(words(await agent.get(world.server.at("/apps")))).toContain("Tools: Travel, Work")
  const { client: sdk } = await connectWith(groupUrl("travel"), token)
  clock.advance(11 * MINUTE)
  const page = await agent.get(world.server.at(path))
  expect(words(await agent.submit(page, path, { tools: "chosen", tool: "/v1/mcp/groups/work/mcp" }))).toContain(
    "App may use Work.",
  )
  expect([await listed(token), (await callAt(token, "travel")).status]).toEqual([["work"], 404])
  await expect(sdk.callTool({ name: "echo", arguments: { text: "x" } })).rejects.toThrow()
  const asked = await agent.submit(await agent.get(world.server.at(path)), path, { tools: "all" })
  expect(new URL(asked.url).pathname).toBe("/confirm")
  expect(await listed(token)).toEqual(["work"])
  // The consent page gives no more either.
  const wider = await approve(await authorize({ prompt: "consent" }), { tools: "all", limit_mcp: "0" })
  expect(new URL(wider.url).pathname).toBe("/confirm")
  const named = await approve(await authorize({ resource: groupUrl("travel") }), { limit_mcp: "0" })
  expect(new URL(named.url).pathname).toBe("/confirm")
  expect(await listed(token)).toEqual(["work"])
})

test("is nobody else's: not the page, not the form, not a group of the same name", async () => {
  const other = await makeUser(world.server.app)
  const thief = await signedIn(world.server, other.email)
  const path = `/apps/${consentId()}/tools`
  expect((await thief.get(world.server.at(path))).status).toBe(404)
  const csrf = await csrfOf(world.server, thief)
  const sent: [string, string][] = [
    ["csrf", csrf],
    ["tools", "all"],
  ]
  expect((await thief.post(world.server.at(path), sent)).status).toBe(404)
  expect(await listed(token)).toEqual(["work"])
  // Another person's groups are no choice of theirs, whatever the names.
  await world.server.app.mcp.createGroup(CTX, { userId: other.id, name: "private", title: "Secret plans" })
  expect(words(await agent.get(world.server.at(path)))).not.toContain("Secret plans")
})

test("a group that is removed and made again was allowed to nobody", async () => {
  const { app } = world.server
  const ref = { userId: world.user.id, group: "work" }
  await app.mcp.removeGroup(CTX, ref)
  await app.mcp.createGroup(CTX, { userId: world.user.id, name: "work", title: "Work" })
  expect(await listed(token)).toEqual([])
  expect((await serverAt(token, "work")).status).toBe(403)
})

test("keys go by their scope: with it all groups, without it none", async () => {
  const { app } = world.server
  const chat = await app.keys.create(CTX, { userId: world.user.id, name: "Chat", scopes: ["llm"] })
  const statuses = async (bearer: string) => [
    (await fetch(base, as(bearer))).status,
    await toolsAt(bearer, "travel"),
    (await callAt(bearer, "travel")).status,
    (await serverAt(bearer, "travel")).status,
  ]
  expect(await statuses(chat.secret)).toEqual([403, 403, 403, 403])
  expect(await statuses(world.secret)).toEqual([200, 200, 200, 200])
  expect(await listed(world.secret)).toEqual(["travel", "work"])
})

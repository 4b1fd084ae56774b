// Servers at which a person signs in: another house of ours is the server and its sign-in. Found by its documents, known by registration, PKCE and
// `resource`; tokens are renewed before they end and when they are refused; who has to sign in again is told so.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { VirtualClock } from "../../src/app/index.ts"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { createSafeStream } from "../../src/http/index.ts"
import type { User } from "../../src/identity/index.ts"
import { REGISTRATION } from "../../src/oauth/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeDeveloper, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

/** The house whose tools are used, and the one that uses them. */
const MINUTE = 60_000
let far: ToolWorld
let near: TestServer
let user: User
let agent: WebAgent
const asked: { url: string; body: string; authorization: string | undefined }[] = []
let refuseOnce = 0
/** Where the server says that people sign in, in place of the truth. */
let movedTo: string | null = null
let clock: VirtualClock
beforeAll(async () => {
  far = await openToolWorld()
  await far.server.app.settings.set(CTX, REGISTRATION, { value: "yes" })
  // Both are at localhost here, which is neither one's own name then.
  const open = createSafeStream({ allow: ["127.0.0.1"] })
  clock = new VirtualClock(Date.now())
  near = await startTestServer({
    clock,
    toolStream: async (url, request) => {
      asked.push({ url, body: request.body ?? "", authorization: request.headers?.authorization })
      if (refuseOnce > 0 && url.endsWith("/mcp")) {
        refuseOnce--
        return new Response(null, { status: 401 })
      }
      if (movedTo !== null && url.includes("/.well-known/oauth-protected-resource"))
        return Response.json({ resource: movedUrl, authorization_servers: [movedTo] })
      return open(url, request)
    },
  })
  user = await makeUser(near.app)
  await near.app.mcp.createGroup(CTX, { userId: user.id, name: "home", title: "Home" })
  agent = await signedIn(near, user.email)
}, 60_000)
afterAll(async () => {
  await near?.close()
  await far?.close()
})

let movedUrl = ""
const url = () => `${far.server.at("/v1/mcp/groups")}/travel/mcp`
const servers = () => near.app.mcp.servers(near.app.mcp.group(user.id, "home")!.id)
const call = (args: object) =>
  near.app.mcp.tryTool({
    user,
    requestId: near.app.ids.next("req"),
    group: "home",
    tool: "echo",
    args: args as Record<string, unknown>,
    signal: new AbortController().signal,
  })

/** Through the far house's own pages, by its own person. @returns where its sign-in leads back to */
async function approve(location: string, decision: "approve" | "deny" = "approve"): Promise<string> {
  const stranger = new WebAgent((next) => next.origin === far.server.url)
  const login = await stranger.get(location)
  const consent = await stranger.submit(login, "/login", { email: far.user.email, password: PASSWORD })
  const end = await stranger.submit(consent, "/authorize/consent", { decision }).catch((error: unknown) => error)
  if (end instanceof URL) return end.href
  return /href="(http[^"]*\/mcp\/callback[^"]*)"/.exec((end as { text: string }).text)![1]!.replaceAll("&amp;", "&")
}

test("is found out from the address alone; its person signs in there and its tools work here", async () => {
  const adding = await agent.get(near.at("/mcp/home/add"))
  const added = await agent.submit(adding, "/mcp/home/add", { url: url(), name: "far", auth: "none" })
  expect(plainText(added.text)).toContain("Sign in at it")
  const [server] = servers()
  expect(server).toMatchObject({ auth: "oauth", state: "consent", listedMs: null })
  const location = await near.app.mcp.beginSignIn({ userId: user.id, server: server!.publicId })
  const params = new URL(location).searchParams
  expect([params.get("resource"), params.get("code_challenge_method")]).toEqual([url(), "S256"])
  expect(params.get("redirect_uri")).toBe(`${near.at("/mcp")}/callback/${server!.publicId}`)
  const back = await approve(location)
  // Another person of this house brings nothing home with it, and a state of nobody's neither.
  const other = await signedIn(near, (await makeUser(near.app)).email)
  expect(plainText((await other.get(back)).text)).toContain("You have no server of this name")
  const forged = new URL(back)
  forged.searchParams.set("state", "x")
  expect(plainText((await agent.get(forged.href)).text)).toContain("That sign-in is over")
  const mixed = new URL(back)
  mixed.searchParams.set("iss", "https://other.example.com")
  expect(plainText((await agent.get(mixed.href)).text)).toContain("That answer came from another server")
  expect(plainText((await agent.get(back)).text)).toContain("Signed in:")
  expect(servers()[0]).toMatchObject({ state: "ok", transport: "http" })
  expect((await call({ text: "hello far away" })).result.content).toEqual([{ type: "text", text: "hello far away" }])
  const rows = JSON.stringify(near.app.store.read.all("SELECT * FROM mcp_servers"))
  expect(rows).not.toMatch(/access_token|refresh_token|eyJ[\w-]+\.eyJ/)
}, 60_000)

test("tokens are renewed before they end, once for all who call, and when they are refused", async () => {
  const renewals = () => asked.filter(({ body }) => body.includes("grant_type=refresh_token")).length
  const before = renewals()
  refuseOnce = 1
  expect((await call({ text: "1" })).result.isError).toBeUndefined()
  expect(renewals()).toBe(before + 1)
  expect((await call({ text: "2" })).result.isError).toBeUndefined()
  expect(renewals()).toBe(before + 1)
  const sent = asked.flatMap(({ authorization }) => authorization ?? [])
  expect(new Set(sent).size).toBeGreaterThanOrEqual(2)
  // Credentials go to the server itself, and nowhere else.
  for (const { url: to, authorization } of asked) if (authorization?.startsWith("Bearer")) expect(to).toBe(url())
})

test("a token is renewed before it ends: no call is refused for it, and all who call wait for one renewal", async () => {
  const token = () => asked.findLast(({ url: to }) => to === url())!.authorization
  const [before, renewals] = [token(), asked.filter(({ body }) => body.includes("grant_type=refresh_token")).length]
  clock.advance(58 * MINUTE)
  await call({ text: "early" })
  expect(token()).toBe(before)
  clock.advance(MINUTE + 1)
  const at = asked.length
  await Promise.all(Array.from({ length: 8 }, (_, n) => call({ text: `${n}` })))
  const since = asked.slice(at)
  expect(since.filter(({ body }) => body.includes("grant_type=refresh_token"))).toHaveLength(1)
  expect(since[0]!.body).toContain("grant_type=refresh_token")
  expect(asked.filter(({ body }) => body.includes("grant_type=refresh_token"))).toHaveLength(renewals + 1)
  expect(token()).not.toBe(before)
  for (const { url: to, authorization } of since) if (to === url()) expect(authorization).not.toBe(before)
}, 60_000)

test("who was cut off there is asked to sign in again, and pays nothing", async () => {
  const { oauth } = far.server.app
  for (const { publicId } of oauth.consentsOf(far.user.id))
    await far.server.app.store.write(CTX, (tx) =>
      oauth.revokeConsentIn(tx, { userId: far.user.id, consentPublicId: publicId }),
    )
  const before = near.app.ledger.wallet({ kind: "principal", id: user.id }, "live").balanceNano
  expect(await call({ text: "x" }).catch((error: { code: string }) => error.code)).toBe("tool_error")
  expect(near.app.ledger.wallet({ kind: "principal", id: user.id }, "live").balanceNano).toBe(before)
  while (servers()[0]!.state !== "consent") await Bun.sleep(10)
  const page = await agent.get(near.at(`/mcp/home/servers/${servers()[0]!.publicId}`))
  expect(plainText(page.text)).toContain("Sign in there")
  const back = await approve(await near.app.mcp.beginSignIn({ userId: user.id, server: servers()[0]!.publicId }))
  expect(plainText((await agent.get(back)).text)).toContain("Signed in:")
  expect((await call({ text: "back" })).result.isError).toBeUndefined()
}, 60_000)

test("the document of this client names one way back, for whichever server", async () => {
  const document = (await (await fetch(near.at("/mcp/clients/mcs_1"))).json()) as Record<string, unknown>
  expect(document).toMatchObject({
    client_id: near.at("/mcp/clients/mcs_1"),
    redirect_uris: [near.at("/mcp/callback/mcs_1")],
    token_endpoint_auth_method: "none",
  })
})

test("a sign-in that lets no app register is told plainly; a client entered by hand signs in, and stays with that sign-in", async () => {
  await far.server.app.settings.set(CTX, REGISTRATION, { value: "no" })
  await agent.submit(await agent.get(near.at("/mcp/home/add")), "/mcp/home/add", {
    url: url(),
    name: "hand",
    auth: "none",
  })
  const server = servers().find(({ name }) => name === "hand")!
  const path = `/mcp/home/servers/${server.publicId}`
  const refused = await agent.submit(await agent.get(near.at(path)), `${path}/sign-in`)
  expect(new URL(refused.url).pathname).toBe(`${path}/client`)
  expect(plainText(refused.text)).toContain(
    `The sign-in at ${new URL(far.server.url).host} lets no app register by itself.`,
  )
  const callback = `${near.at("/mcp")}/callback/${server.publicId}`
  expect(plainText(refused.text)).toContain(callback)
  const other = await signedIn(near, (await makeUser(near.app)).email)
  expect((await other.get(near.at(`${path}/client`))).status).toBe(404)

  const owner = await makeDeveloper(far.server.app)
  const made = await makeClient(far.server.app, {
    ownerId: owner.id,
    name: "Near",
    scopes: ["mcp"],
    redirectUris: [callback],
  })
  const blank = await agent.submit(refused, `${path}/client`, { client_id: "two words" })
  expect(plainText(blank.text)).toContain("Enter the client ID.")
  const entered = { client_id: made.client.publicId, client_secret: made.secret }
  const saved = await agent.submit(refused, `${path}/client`, entered)
  expect(plainText(saved.text)).toContain("Saved. Sign in there now.")
  const location = await near.app.mcp.beginSignIn({ userId: user.id, server: server.publicId })
  expect(new URL(location).searchParams.get("client_id")).toBe(made.client.publicId)
  expect(plainText((await agent.get(await approve(location))).text)).toContain("Signed in:")
  expect(servers().find(({ name }) => name === "hand")).toMatchObject({ state: "ok" })
  const shown = await agent.get(near.at(`${path}/client`))
  expect([shown.text.includes(made.client.publicId), shown.text.includes(made.secret)]).toEqual([true, false])
  expect(JSON.stringify(near.app.store.read.all("SELECT * FROM mcp_servers"))).not.toContain(made.secret)
  expect(JSON.stringify(near.app.store.read.all("SELECT * FROM audit_log"))).not.toContain(made.secret)

  // The server names another sign-in: the client is not for that one, and nothing of it goes there.
  movedTo = "http://127.0.0.1:9/elsewhere"
  movedUrl = url()
  const at = asked.length
  const gone = await near.app.mcp
    .beginSignIn({ userId: user.id, server: server.publicId })
    .catch((error: { code: string }) => error.code)
  movedTo = null
  expect(gone).toBe("tool_error")
  expect(asked.slice(at).filter(({ url: to }) => to.endsWith("/register"))).toEqual([])
  for (const { url: to, body, authorization } of asked.slice(at))
    expect(`${to} ${body} ${authorization}`).not.toContain(made.secret)
}, 60_000)

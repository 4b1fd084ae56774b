// Servers at which a person signs in: another house of ours is the server and its sign-in. Found by its documents, known by registration, PKCE and
// `resource`; tokens are renewed before they end and when they are refused; who has to sign in again is told so.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import { createSafeStream } from "../../src/http/index.ts"
import type { User } from "../../src/identity/index.ts"
import { REGISTRATION } from "../../src/oauth/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, PASSWORD, startTestServer, type TestServer } from "../build.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

/** The house whose tools are used, and the one that uses them. */
let far: ToolWorld
let near: TestServer
let user: User
let agent: WebAgent
const asked: { url: string; body: string; authorization: string | undefined }[] = []
let refuseOnce = 0
beforeAll(async () => {
  far = await openToolWorld()
  await far.server.app.settings.set(CTX, REGISTRATION, { value: "yes" })
  // Both are at localhost here, which is neither one's own name then.
  const open = createSafeStream({ allow: ["127.0.0.1"] })
  near = await startTestServer({
    toolStream: async (url, request) => {
      asked.push({ url, body: request.body ?? "", authorization: request.headers?.authorization })
      if (refuseOnce > 0 && url.endsWith("/mcp")) {
        refuseOnce--
        return new Response(null, { status: 401 })
      }
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
  expect(rows).not.toMatch(/access_token|refresh_token|eyJ/)
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

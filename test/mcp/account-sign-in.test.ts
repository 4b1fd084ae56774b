// The account's tool server for programs that know its address and nothing else: the official SDK's client finds out where to sign its person in,
// the page says what the tools may do, and the token opens this address alone, with the tools behind what was ticked.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, VirtualClock } from "../../src/app/index.ts"
import { plainText, WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { type Client, REGISTRATION } from "../../src/oauth/index.ts"
import { signedIn } from "../browser/house.ts"
import type { TestServer } from "../build.ts"
import {
  CALLBACK,
  CTX,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
} from "../build.ts"
import { connectWith, Kept, logIn } from "./sdk-client.ts"

const PATH = "/v1/mcp/purser/mcp"
const SCOPES = "account:read account:manage developer:read"
const READS = [
  "get_balance",
  "list_transactions",
  "get_usage_summary",
  "get_usage_by_model",
  "get_usage_by_date",
  "get_free_tier",
  "list_keys",
]
let server: TestServer
let clock: VirtualClock
let user: User
let url: string
beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  server = await startTestServer({ clock })
  await server.app.settings.set(CTX, REGISTRATION, { value: "yes" })
  user = await makeUser(server.app)
  await giveCredits(server.app, user, credits(42))
  url = server.at(PATH)
}, 30_000)
afterAll(() => server?.close())

const names = async (bearer: string) =>
  (await (await connectWith(url, bearer)).client.listTools()).tools.map(({ name }) => name)
const said = async (result: Promise<unknown>) =>
  (await result) as { isError?: boolean; structuredContent?: never; content: { text: string }[] }
const refused = (bearer?: string, to = url) =>
  fetch(to, { method: "POST", body: "{}", headers: bearer ? { authorization: `Bearer ${bearer}` } : {} })
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString()) as { aud: unknown; scope: string }

const CONSENT = "/authorize/consent"
const VERIFIER = "v".repeat(64)
const authorize = (agent: WebAgent, client: Client, resources = [url]) => {
  const asked = new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: client.scopes.join(" "),
    code_challenge: new Bun.CryptoHasher("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
  })
  for (const resource of resources) asked.append("resource", resource)
  return agent.get(`${server.url}/authorize?${asked}`)
}
async function tokenOf(page: WebPage, { client, secret }: { client: Client; secret: string }, resource: string) {
  const answer = await fetch(`${server.url}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: new URL(page.url).searchParams.get("code")!,
      redirect_uri: CALLBACK,
      code_verifier: VERIFIER,
      client_id: client.publicId,
      client_secret: secret,
      resource,
    }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

let token: string

test("it signs its person in from the address alone; the page says what the tools may do", async () => {
  const denied = await refused()
  expect(denied.status).toBe(401)
  const challenge = denied.headers.get("www-authenticate")!
  expect(challenge).toContain(`resource_metadata="${server.url}/.well-known/oauth-protected-resource${PATH}"`)
  expect(challenge).toContain(`scope="${SCOPES}"`)
  const metadata = await (await fetch(`${server.url}/.well-known/oauth-protected-resource${PATH}`)).json()
  expect(metadata).toMatchObject({ resource: url, scopes_supported: SCOPES.split(" ") })
  const kept = new Kept()
  const consent = await logIn(url, kept, user.email, server.url)
  expect(consent).toMatch(
    /Coding Agent.*In your account it may.*See your balance.*Lower what an app may spend.*cannot raise/s,
  )
  expect(consent).not.toContain("It may spend your credits")
  expect(kept.asked!.searchParams.get("resource")).toBe(url)
  token = kept.saved!.access_token
  expect(claimsOf(token)).toMatchObject({ aud: url, scope: SCOPES })
  expect(await names(token)).toEqual(expect.arrayContaining([...READS, "revoke_key"]))
  const { client } = await connectWith(url, kept)
  expect((await said(client.callTool({ name: "get_balance" }))).structuredContent).toMatchObject({
    balance: { credits: "42" },
  })
  const { key } = await server.app.keys.create(CTX, { userId: user.id, name: "Doomed", scopes: ["llm"] })
  await client.callTool({ name: "revoke_key", arguments: { key: key.publicId } })
  expect(server.app.keys.byPublicId(user.id, key.publicId)?.revokedMs).not.toBeNull()
  await client.close()
})

test("its token opens nothing else, and no token for anything else opens it", async () => {
  for (const path of [
    "/v1/me",
    "/v1/models",
    "/v1/mcp/groups",
    "/v1/mcp/groups/travel/mcp",
    "/api/v1/credits/balance",
  ]) {
    const answer = await fetch(server.at(path), { headers: { authorization: `Bearer ${token}` } })
    expect([path, answer.status]).toEqual([path, 401])
  }
  const developer = await makeDeveloper(server.app)
  const scopes = ["openid", "llm", "mcp", "account:read"] as const
  const made = await makeClient(server.app, { ownerId: developer.id, name: "App", scopes: [...scopes] })
  const plain = await mintTokens(server.app, { user, ...made, scope: "llm mcp account:read" })
  // For the usual resource the scopes of the account mean nothing, so nobody gets them.
  expect(claimsOf(plain.accessToken).scope).toBe("llm mcp")
  // Asked for both, it may have a token for the usual one alone: with the scope in it, and it opens the account no more for that.
  const both = [server.at("/v1"), url]
  const agent = await signedIn(server, user.email)
  const approved = { decision: "approve", scope: "account:read" }
  const done = await agent.submit(await authorize(agent, made.client, both), CONSENT, approved)
  const usual = await tokenOf(done, made, server.at("/v1"))
  expect(claimsOf(usual)).toMatchObject({ aud: server.at("/v1"), scope: "openid account:read" })
  expect((await refused(usual)).status).toBe(401)
  // Another spelling of the address is another address.
  const spelled = server.at(PATH.replace("purser", "%70urser"))
  expect((await refused(usual, spelled)).status).toBe(404)
  const answer = await refused(plain.accessToken)
  expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, expect.stringContaining(SCOPES)])
})

test("whoever unticks a scope gives less, and what is taken away later counts from the next call on", async () => {
  const developer = await makeDeveloper(server.app)
  const person = await makeUser(server.app)
  const scopes = ["openid", "account:read", "account:manage"] as const
  const { client, secret } = await makeClient(server.app, {
    ownerId: developer.id,
    name: "Reader",
    scopes: [...scopes],
  })
  const agent = await signedIn(server, person.email)
  clock.advance(11 * 60_000)
  const page = await authorize(agent, client)
  // A browser that somebody left open opens no account.
  const first = await agent.submit(page, CONSENT, { decision: "approve", scope: "account:read" })
  expect(new URL(first.url).pathname).toBe("/confirm")
  expect(server.app.oauth.consentsOf(person.id)).toEqual([])
  const again = await signedIn(server, person.email)
  const ticked = { decision: "approve", scope: "account:read" }
  const done = await again.submit(await authorize(again, client), CONSENT, ticked)
  const bearer = await tokenOf(done, { client, secret }, url)
  expect(await names(bearer)).toEqual(expect.arrayContaining(READS))
  expect(await names(bearer)).not.toContain("revoke_key")
  const { client: sdk } = await connectWith(url, bearer)
  const wrong = await sdk.callTool({ name: "revoke_key", arguments: { key: "key_x" } }).catch((error: Error) => error)
  expect((wrong as Error).message).toContain("account:manage")
  expect(plainText((await again.get(server.at("/apps"))).text)).toContain("Reader")
  const [consent] = server.app.oauth.consentsOf(person.id)
  await server.app.store.write(CTX, (tx) =>
    server.app.oauth.revokeConsentIn(tx, { userId: person.id, consentPublicId: consent!.publicId }),
  )
  await expect(sdk.callTool({ name: "get_balance" })).rejects.toThrow()
})

test("a client that registered before there were these scopes may ask for them now, unless it named others", async () => {
  const { app } = server
  const metadata = { client_name: "Old", redirect_uris: [CALLBACK], token_endpoint_auth_method: "none" }
  const registered = async (more: object = {}) =>
    (await app.oauth.registerDynamic({ metadata: { ...metadata, ...more }, network: "old", requestId: "req_old" }))
      .client_id
  const said = "openid offline_access mcp"
  const [open, narrow] = [await registered(), await registered({ scope: said })]
  const developer = await makeDeveloper(app)
  const { client: own } = await makeClient(app, { ownerId: developer.id, name: "Own", scopes: ["llm"] })
  const before = "openid profile email offline_access llm embeddings image-generation video-generation speech mcp"
  const kept = (id: string) =>
    app.store.read.get<{ scopes: string }>("SELECT scopes FROM oauth_clients WHERE public_id = ?", id)!.scopes
  // As a release before them left their rows; a developer's app was given that list by its developer.
  await app.store.write(CTX, (tx) =>
    tx.run("UPDATE oauth_clients SET scopes = ? WHERE public_id IN (?, ?)", before, open, own.publicId),
  )
  expect(app.oauth.clientByPublicId(open)!.scopes).not.toContain("account:read")
  const asks = (id: string) =>
    authorize(new WebAgent(), { publicId: id, scopes: ["account:read"] } as unknown as Client)
  expect(plainText((await asks(open)).text)).toContain("has not registered the scope")
  const migration = await Bun.file(`${import.meta.dir}/../../migrations/0093_any_scope.sql`).text()
  await app.store.write(CTX, (tx) => tx.run(migration))
  expect([kept(open), kept(narrow), kept(own.publicId)]).toEqual(["*", said, before])
  expect((await asks(open)).url).toContain("/login")
  for (const id of [narrow, own.publicId])
    expect([id, plainText((await asks(id)).text)]).toEqual([
      id,
      expect.stringContaining("has not registered the scope"),
    ])
})

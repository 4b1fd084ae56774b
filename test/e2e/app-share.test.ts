// A developer's own share (SPEC DE-8): set on the app's page within the operator's bounds, read at consent, charged to the unit; a raise asks
// whoever allowed the app before, and costs them nothing until they say yes.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { type Client, SHARE_MAX } from "../../src/oauth/index.ts"
import { authorizeUrl, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let client: Client
let secret: string
let agent: WebAgent
let eve: User
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  const developer = await makeDeveloper(server.app)
  const made = await makeClient(server.app, { ownerId: developer.id, scopes: ["openid", "offline_access", "llm"] })
  client = made.client
  secret = made.secret
  agent = await signedIn(server, developer.email)
  eve = await makeUser(server.app, { name: "Eve" })
  await giveCredits(server.app, eve, 1_000_000_000)
}, 30_000)
afterAll(() => server?.close())

const path = () => `/developer/apps/${client.publicId}`
const setShare = async (share: string) => {
  const page = await agent.get(server.at(path()))
  return agent.submit(page, path(), { share })
}
const tokenOf = (user: User) => mintTokens(server.app, { user, client, secret, scope: "openid offline_access llm" })
/** n$ that a call of 1,000 tokens costs. */
async function priceOf(token: string): Promise<number> {
  const answer = await chat(server.url, token, { messages: [{ role: "user", content: "sandbox:cost 1000" }] })
  expect(answer.status).toBe(200)
  return Math.round(Number(answer.headers.get("x-credits-charged")) * 1_000_000)
}

test("it is charged on top of the model and the house, from the next call on; a raise waits for a new yes", async () => {
  const old = (await tokenOf(eve)).accessToken
  const usual = await priceOf(old)
  const raw = usual / 2
  await setShare("20")
  expect(await priceOf(old)).toBe(Math.ceil(raw * 1.7))
  await setShare("100")
  expect(await priceOf(old)).toBe(Math.ceil(raw * 1.7))
  const fresh = await makeUser(server.app)
  await giveCredits(server.app, fresh, 1_000_000_000)
  expect(await priceOf((await tokenOf(fresh)).accessToken)).toBe(Math.ceil(raw * 2.5))
  // Asked again, in words, and then it holds for this person, too.
  const browser = await signedIn(server, eve.email)
  const consent = await browser.get(authorizeUrl(server, client.publicId, { scope: "openid offline_access llm" }))
  expect(consent.text).toContain("earns a larger share of each call now")
  expect(consent.text).toContain("earns 100% of the model’s price")
  await tokenOf(eve)
  expect(await priceOf(old)).toBe(Math.ceil(raw * 2.5))
  await setShare("0")
  expect(await priceOf(old)).toBe(Math.ceil(raw * 1.5))
  const { developerNano } = server.app.usage.byClient(client.id, server.app.clock.now())
  expect(developerNano).toBe(Math.round(raw * (0.5 + 0.2 + 0.2 + 1 + 1)))
}, 60_000)

test("the operator's bounds hold in the form and for what was set before them", async () => {
  await setShare("100")
  const fresh = await makeUser(server.app)
  await giveCredits(server.app, fresh, 1_000_000_000)
  const token = (await tokenOf(fresh)).accessToken
  const before = await priceOf(token)
  await server.app.settings.set(CTX, SHARE_MAX, { value: 1_000 })
  expect(await priceOf(token)).toBe(Math.ceil((before / 2.5) * 1.6))
  const answer = await setShare("11")
  expect([answer.status, answer.text.includes("Choose a share from 0% to 10%.")]).toEqual([422, true])
  await server.app.settings.set(CTX, SHARE_MAX, { value: 0 })
  expect((await agent.get(server.at(path()))).text).not.toContain('name="share"')
})

// The pages of tool servers, as a person uses them without scripts: a group is made, a server added by its address, a tool tried, a change read
// and allowed, all of it ended again.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { NETWORKS } from "../../src/mcp/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { startToolServer, type ToolServer } from "../fakes/mcp/index.ts"

let server: TestServer
let peer: ToolServer
let agent: WebAgent
beforeAll(async () => {
  server = await startTestServer()
  await server.app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
  peer = await startToolServer()
  agent = await signedIn(server, (await makeUser(server.app)).email)
}, 30_000)
afterAll(async () => {
  await server?.close()
  await peer?.close()
})

const page = (path: string) => agent.get(`${server.at(path)}`)
type Page = Awaited<ReturnType<typeof page>>
const words = ({ text }: Page) => plainText(text)

test("from nothing to a tool that answers, and back", async () => {
  expect(words(await page("/mcp"))).toContain("No tool server yet")
  let at = await agent.submit(await page("/mcp/new"), "/mcp", { title: "Travel", name: "travel" })
  expect(words(at)).toContain("Travel is there. Add a server to it.")
  expect(words(at)).toContain("/v1/mcp/groups/travel/mcp")
  const adding = await page("/mcp/travel/add")
  at = await agent.submit(adding, "/mcp/travel/add", { url: "https://10.0.0.1/mcp", auth: "none" })
  expect(words(at)).toContain("That address is not on the public internet.")
  at = await agent.submit(at, "/mcp/travel/add", { url: peer.url, name: "peer", auth: "none" })
  expect(words(at)).toContain("Connected: 5 tools.")
  const home = new URL(at.url).pathname
  const trying = await page(`${home}/tools/echo`)
  expect(words(trying)).toContain("Says it again.")
  at = await agent.submit(trying, `${home}/tools/echo`, { arg_0: "" })
  expect(words(at)).toContain("This is needed.")
  at = await agent.submit(at, `${home}/tools/echo`, { arg_0: "hello out there" })
  expect(words(at)).toMatch(/It answered.*Charged: 1 credit/s)
  expect(words(at)).toContain("hello out there")
  expect(words(await page("/mcp"))).toMatch(/Travel.*1 credit/s)

  peer.words.echo = "Says it again, and to everybody else."
  at = await agent.submit(await page(home), `${home}/refresh`, {})
  expect(words(at)).toContain("Waits for your yes")
  expect(words(at)).toContain("and to everybody else")
  at = await agent.submit(at, `${home}/approval`, {})
  expect(words(at)).toContain("Allowed.")
  at = await agent.submit(at, `${home}/tools/slow/deactivation`, {})
  expect(words(at)).toContain("slow is off.")
  at = await agent.submit(await page(`${home}/removal`), `${home}/removal`, {})
  expect(words(at)).toContain("is removed")
  at = await agent.submit(await page("/mcp/travel/removal"), "/mcp/travel/removal", {})
  expect(words(at)).toContain("No tool server yet")
}, 30_000)

test("of somebody else are not there", async () => {
  const other = await makeUser(server.app)
  await server.app.mcp.createGroup(CTX, { userId: other.id, name: "secret", title: "Secret" })
  const made = await server.app.mcp.addServer(CTX, {
    userId: other.id,
    group: "secret",
    name: "p",
    url: peer.url,
    auth: "none",
  })
  for (const path of [
    "/mcp/secret",
    "/mcp/secret/add",
    `/mcp/secret/servers/${made.publicId}`,
    `/mcp/secret/servers/${made.publicId}/tools/echo`,
  ])
    expect([path, words(await page(path)).includes("You have no")]).toEqual([path, true])
})

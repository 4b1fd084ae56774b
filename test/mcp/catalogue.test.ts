// Servers that the operator recommends: put in by an admin, seen by everybody, added by a press as oneself; and what of that can fail.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { plainText, type WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { NETWORKS } from "../../src/mcp/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { startToolServer, type ToolServer } from "../fakes/mcp/index.ts"

let server: TestServer
let peer: ToolServer
let admin: WebAgent
let user: User
let agent: WebAgent
beforeAll(async () => {
  server = await startTestServer()
  await server.app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
  peer = await startToolServer()
  admin = await signedIn(server, (await makeUser(server.app, { isAdmin: true })).email)
  user = await makeUser(server.app)
  agent = await signedIn(server, user.email)
}, 30_000)
afterAll(async () => {
  await server?.close()
  await peer?.close()
})

const at = (path: string) => server.at(path)
const words = ({ text }: WebPage) => plainText(text)
const groups = () => server.app.mcp.groups(user.id)
const serversIn = (name: string) => server.app.mcp.servers(groups().find((one) => one.name === name)!.id)
async function recommend(slug: string, more: Record<string, string> = {}): Promise<WebPage> {
  const fields = { title: slug.toUpperCase(), slug, url: peer.url, auth: "none", reason: "useful", ...more }
  return admin.submit(await admin.get(at("/admin/mcp/new")), "/admin/mcp", fields)
}

test("an admin recommends, changes, orders and turns off; nonsense is refused by field", async () => {
  expect(words(await agent.get(at("/mcp")))).not.toContain("Recommended here")
  expect(words(await recommend("first", { words: "Says things again." }))).toContain(
    "FIRST is recommended to everybody now.",
  )
  expect(words(await recommend("first"))).toContain("recommended already")
  const wrong = words(await recommend("Not A Slug", { url: "ftp://x", auth: "header", key_name: "Cookie" }))
  expect(wrong).toContain("Enter an https address.")
  expect(wrong).toContain("That header has another meaning.")
  expect(wrong).toContain("Use small letters, digits and dashes")
  await recommend("keyed", { auth: "header", key_name: "X-Api-Key" })
  const list = () => server.app.mcp.catalogue.all().map(({ slug }) => slug)
  expect(list()).toEqual(["first", "keyed"])
  await admin.submit(await admin.get(at("/admin/mcp")), "/admin/mcp/keyed/up")
  expect(list()).toEqual(["keyed", "first"])
  const changed = await admin.submit(await admin.get(at("/admin/mcp/first")), "/admin/mcp/first", {
    title: "Echo",
    reason: "better",
  })
  expect(words(changed)).toContain("Echo now: name Echo.")
  expect((await agent.get(at("/admin/mcp"))).status).toBe(404)
})

test("a person adds one by a press, with a group made for it; a second time it is there", async () => {
  const page = await agent.get(at("/mcp"))
  expect(words(page)).toMatch(/Recommended here.*KEYED.*Needs a key.*Echo.*Says things again.*Open to everybody/s)
  const added = await agent.submit(page, "/mcp/new/first")
  expect(words(added)).toContain("Echo is connected.")
  expect(groups().map(({ name }) => name)).toEqual(["tools"])
  expect(serversIn("tools")).toMatchObject([{ name: "first", url: peer.url, auth: "none", state: "ok" }])
  expect(words(await agent.get(at("/mcp")))).toMatch(/Echo.*Open Echo/s)
  // The same once more is another server of another name.
  await agent.submit(await agent.get(at("/mcp/new/first")), "/mcp/new/first", { group: "tools" })
  expect(serversIn("tools").map(({ name }) => name)).toEqual(["first", "first-2"])
})

test("a key is the person's own: asked for, sealed, and sent to that server alone", async () => {
  const asking = await agent.get(at("/mcp/new/keyed"))
  expect(words(await agent.submit(asking, "/mcp/new/keyed", { group: "tools" }))).toContain("Enter the key.")
  const added = await agent.submit(asking, "/mcp/new/keyed", { group: "tools", credential: "my-own-key" })
  expect(words(added)).toContain("KEYED is connected.")
  expect(added.text).not.toContain("my-own-key")
  expect(serversIn("tools").find(({ name }) => name === "keyed")).toMatchObject({
    auth: "key",
    keyIn: "header",
    keyName: "X-Api-Key",
    hasCredential: true,
  })
})

test("what cannot be reached leaves nothing behind, what is off is not there, and nobody adds to another's group", async () => {
  await recommend("broken", { url: "https://10.0.0.1/mcp" })
  const other = await makeUser(server.app)
  const newcomer = await signedIn(server, other.email)
  const failed = await newcomer.submit(await newcomer.get(at("/mcp")), "/mcp/new/broken")
  expect([failed.status, words(failed)]).toEqual([422, expect.stringContaining("not on the public internet")])
  expect(server.app.mcp.groups(other.id)).toEqual([])
  const foreign = await newcomer.submit(await newcomer.get(at("/mcp/new/first")), "/mcp/new/first", { group: "tools" })
  expect([foreign.status, server.app.mcp.groups(other.id)]).toEqual([404, []])
  await admin.submit(await admin.get(at("/admin/mcp/broken")), "/admin/mcp/broken/deactivation")
  expect(words(await newcomer.get(at("/mcp")))).not.toContain("BROKEN")
  expect((await newcomer.get(at("/mcp/new/broken"))).status).toBe(404)
  await admin.submit(await admin.get(at("/admin/mcp/broken/removal")), "/admin/mcp/broken/removal", { reason: "gone" })
  expect(server.app.mcp.catalogue.bySlug("broken")).toBeNull()
  // Who added one keeps it when it is taken out.
  await server.app.mcp.catalogue.remove(CTX, "first")
  expect(serversIn("tools")).toHaveLength(3)
})

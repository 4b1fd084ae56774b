// The official conformance suite (2025-11-25) against a group, a product, the account's own server and, as a reference, against the very server
// that the group leads to. What fails is listed with its reason; what fails beside that, or no longer fails, fails this test.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { productIn, subscribeIn } from "../../../src/marketplace/calls/testing.ts"
import { NETWORKS } from "../../../src/mcp/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../../build.ts"
import { startEverything } from "../../fakes/mcp/everything.ts"

const SUITE = join(import.meta.dir, "../../../node_modules/@modelcontextprotocol/conformance/dist/index.js")

const TOKENS = "who asks is proven by a token, which no other site's page has; CORS is open by design"
const REFERENCE: Readonly<Record<string, string>> = {
  "dns-rebinding-protection": "the reference looks at no Host",
}
const GROUP: Readonly<Record<string, string>> = {
  "dns-rebinding-protection": TOKENS,
}

/** Servers of the house itself: their tools are endpoints and routes, so what asks for tools, resources and prompts by the suite's names fails. */
const NAMED = "it asks for a tool of the suite's own"
const NO_MORE = "there are tools alone: no resources, prompts, log messages or completion"
const HOUSE: Readonly<Record<string, string>> = {
  "dns-rebinding-protection": TOKENS,
  "tools-call-audio": NAMED,
  "tools-call-elicitation": NAMED,
  "tools-call-embedded-resource": NAMED,
  "tools-call-error": NAMED,
  "tools-call-image": NAMED,
  "tools-call-mixed-content": NAMED,
  "tools-call-sampling": NAMED,
  "tools-call-simple-text": NAMED,
  "tools-call-with-logging": NAMED,
  "tools-call-with-progress": NAMED,
  "elicitation-sep1034-defaults": NAMED,
  "elicitation-sep1330-enums": NAMED,
  "completion-complete": NO_MORE,
  "logging-set-level": NO_MORE,
  "prompts-get-embedded-resource": NO_MORE,
  "prompts-get-simple": NO_MORE,
  "prompts-get-with-args": NO_MORE,
  "prompts-get-with-image": NO_MORE,
  "prompts-list": NO_MORE,
  "resources-list": NO_MORE,
  "resources-read-binary": NO_MORE,
  "resources-read-text": NO_MORE,
  "resources-subscribe": NO_MORE,
  "resources-templates-read": NO_MORE,
  "resources-unsubscribe": NO_MORE,
}

let server: TestServer
let peer: ReturnType<typeof startEverything>
let secret: string
const proxies: { stop(force: boolean): unknown }[] = []

beforeAll(async () => {
  peer = startEverything()
  server = await startTestServer()
  const { app } = server
  await app.settings.set(CTX, NETWORKS, { value: ["127.0.0.1"] })
  const { id: userId } = await makeUser(app)
  secret = (await app.keys.create(CTX, { userId, name: "K", scopes: ["mcp", "manage"] })).secret
  const owner = await makeUser(app)
  await app.store.write(CTX, (tx) => {
    const made = productIn(tx, app.keyring, {
      slug: "weather",
      ownerId: owner.id,
      upstreamUrl: "https://weather.example",
      plans: [{}],
      endpoints: [{ path: "/weather" }],
    })
    app.marketplace.calls.issueKeyIn(tx, { subscriptionId: subscribeIn(tx, made, userId), userId, name: "K" })
  })
  await app.mcp.createGroup(CTX, { userId, name: "all", title: "All" })
  await app.mcp.addServer(CTX, { userId, group: "all", name: "peer", url: peer.url, auth: "none" })
}, 30_000)
afterAll(async () => {
  for (const proxy of proxies) proxy.stop(true)
  await server?.close()
  await peer?.close()
})

/** The suite sends no credential: this does, and passes everything else as it comes. */
function withKey(url: string): string {
  const proxy = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    async fetch(request) {
      const headers = new Headers(request.headers)
      headers.set("authorization", `Bearer ${secret}`)
      headers.delete("host")
      const { method, signal } = request
      const body = method === "POST" ? await request.text() : undefined
      return fetch(url, { method, headers, signal, ...(body === undefined ? {} : { body }) })
    },
  })
  proxies.push(proxy)
  return `http://127.0.0.1:${proxy.port}/mcp`
}

/** @returns whether each scenario passed */
async function scenarios(url: string, ...more: string[]): Promise<Map<string, boolean>> {
  const command = [
    process.execPath,
    SUITE,
    "server",
    "--url",
    url,
    "--spec-version",
    "2025-11-25",
    "--timeout",
    "20000",
    ...more,
  ]
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" })
  const [said] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text(), child.exited])
  return new Map(
    [...said.matchAll(/^([✓✗]) ([a-z0-9-]+): \d+ passed/gm)].map(([, mark, name]) => [name!, mark === "✓"]),
  )
}

const failures = (of: ReadonlyMap<string, boolean>) =>
  [...of].flatMap(([name, passed]) => (passed ? [] : [name])).toSorted()

test("a group fails where its server fails, and nowhere else", async () => {
  const reference = await scenarios(peer.url)
  const group = await scenarios(withKey(server.at("/v1/mcp/groups/all/mcp")))
  expect([reference.size, group.size]).toEqual([31, 31])
  expect(failures(reference)).toEqual(Object.keys(REFERENCE).toSorted())
  expect(failures(group)).toEqual(Object.keys(GROUP).toSorted())
}, 60_000)

for (const [what, path] of [
  ["a product", "/v1/mcp/products/weather/mcp"],
  ["the account", "/v1/mcp/purser/mcp"],
] as const)
  test(`the server of ${what} fails what it does not offer, and nothing else`, async () => {
    const found = await scenarios(withKey(server.at(path)))
    expect(found.size).toBe(31)
    expect(failures(found)).toEqual(Object.keys(HOUSE).toSorted())
  }, 60_000)

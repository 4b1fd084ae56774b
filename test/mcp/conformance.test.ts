// The official conformance suite (2025-11-25) against a group, against the account's own server and, as a reference, against the very server
// that the group leads to. What fails is listed with its reason; what fails beside that, or no longer fails, fails this test.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { NETWORKS } from "../../src/mcp/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { startEverything } from "../fakes/mcp/everything.ts"

const SUITE = join(import.meta.dir, "../../node_modules/@modelcontextprotocol/conformance/dist/index.js")

const REFERENCE: Readonly<Record<string, string>> = {
  "dns-rebinding-protection": "the reference looks at no Host",
}
const GROUP: Readonly<Record<string, string>> = {
  "dns-rebinding-protection": "who asks is proven by a token, which no other site's page has; CORS is open by design",
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

test("the account's server, which has no sessions, no resources and no prompts, passes what is asked of tools", async () => {
  const url = withKey(server.at("/v1/mcp/purser/mcp"))
  for (const name of ["server-initialize", "ping", "tools-list"]) {
    const child = Bun.spawn([process.execPath, SUITE, "server", "--url", url, "--scenario", name], {
      stdout: "pipe",
      stderr: "pipe",
    })
    const [said, code] = await Promise.all([new Response(child.stdout).text(), child.exited])
    expect([name, code, said.includes("Failed: 0") || /0 failed/.test(said)]).toEqual([name, 0, true])
  }
}, 60_000)

// Every route that a token opens says to whoever is refused how to get one (RFC 6750 §3, RFC 9728 §5.1), and the document it names is there.
import { afterAll, beforeAll, expect, test } from "bun:test"
import * as oauth from "oauth4webapi"
import { makeClient, makeUser, mintTokens, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let token: string
/** Routes of the two APIs that a token opens: everything but what is no operation. */
let routes: { method: string; path: string }[]

beforeAll(async () => {
  server = await startTestServer()
  const user = await makeUser(server.app)
  const made = await makeClient(server.app)
  token = (await mintTokens(server.app, { user, ...made })).accessToken
  routes = server.routes
    .map((route) => ({ method: route.split(" ")[0]!, path: route.split(" ")[1]! }))
    .filter(({ method, path }) => /^\/(v1|api\/v1)\//.test(path) && !["OPTIONS", "HEAD", "ALL", "*"].includes(method))
    .map(({ method, path }) => ({ method, path: path.replace(/:\w+/g, "x").replace("*", "x/y") }))
})
afterAll(() => server.close())

const call = (method: string, path: string, headers: Record<string, string> = {}) =>
  fetch(`${server.url}${path}`, {
    method,
    redirect: "manual",
    headers: method === "GET" ? headers : { "content-type": "application/json", ...headers },
    ...(method === "GET" ? {} : { body: "{}" }),
  })

/** What asks for no token: a key that was found in public is reported by whoever found it, and events of payments are signed. */
const OPEN = ["POST /api/v1/keys/report 400", "POST /api/v1/stripe/webhook 409"]

test("without a token every route of /v1 and /api/v1 answers 401 with where to learn more", async () => {
  expect(routes.length).toBeGreaterThan(100)
  const open: string[] = []
  const documents = new Set<string>()
  for (const { method, path } of routes) {
    const answer = await call(method, path)
    await answer.text()
    if (answer.status !== 401 && answer.status !== 403) {
      open.push(`${method} ${path} ${answer.status}`)
      continue
    }
    const said = answer.headers.get("www-authenticate") ?? ""
    const document = /resource_metadata="([^"]+)"/.exec(said)?.[1]
    expect([method, path, said, document === undefined]).toEqual([method, path, said, false])
    expect(said).toStartWith("Bearer ")
    documents.add(document!)
    expect(answer.headers.get("access-control-expose-headers")).toContain("www-authenticate")
  }
  expect(open).toEqual(OPEN)
  expect([...documents].sort()).toEqual(
    // A group of tools is a resource of its own (RFC 8707): a token may be for it alone.
    ["/api/v1", "/v1", "/v1/mcp/groups/x/mcp"].map(
      (path) => `${server.url}/.well-known/oauth-protected-resource${path}`,
    ),
  )
  for (const document of documents) {
    const resource = new URL(document.replace("/.well-known/oauth-protected-resource", ""))
    const asked = await oauth.resourceDiscoveryRequest(resource, { [oauth.allowInsecureRequests]: true })
    expect((await oauth.processResourceDiscoveryResponse(resource, asked)).authorization_servers).toEqual([server.url])
  }
})

test("a token that may not is told so in the same way, and one that is none as well", async () => {
  for (const { method, path } of routes) {
    for (const [what, authorization] of Object.entries({ wrong: "Bearer nonsense", app: `Bearer ${token}` })) {
      const answer = await call(method, path, { authorization })
      await answer.text()
      if (answer.status !== 401 && answer.status !== 403) continue
      const said = answer.headers.get("www-authenticate") ?? ""
      const where = [method, path, what, answer.status]
      expect([...where, said.includes("resource_metadata=")]).toEqual([...where, true])
      if (answer.status === 401)
        expect([...where, said]).toEqual([...where, expect.stringContaining('error="invalid_token"')])
    }
  }
})

test("what a call needs is named: before there is a token, and when the token lacks it", async () => {
  const asked = await call("POST", "/v1/embeddings")
  expect(asked.headers.get("www-authenticate")).toContain('scope="embeddings"')
  const lacking = await fetch(`${server.url}/v1/embeddings`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sandbox", input: "hi" }),
  })
  expect(lacking.status).toBe(403)
  expect(lacking.headers.get("www-authenticate")).toContain('error="insufficient_scope", scope="embeddings"')
  const userinfo = await call("GET", "/userinfo")
  expect(userinfo.headers.get("www-authenticate")).toContain(
    `resource_metadata="${server.url}/.well-known/oauth-protected-resource"`,
  )
})

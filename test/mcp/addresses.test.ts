// No tool server leads into a private network: not when it is added, not when its list is asked for anew, not when a tool is called, not
// where it redirects to, however its name or its address is spelled and whatever its name means by then.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { AppError } from "../../src/app/index.ts"
import { createSafeStream, type SafeStream } from "../../src/http/index.ts"
import { PRIVATE_HOSTS } from "../../src/http/private-testing.ts"
import { NETWORKS } from "../../src/mcp/index.ts"
import { CTX, makeUser, startTestServer } from "../build.ts"
import { openToolWorld, type ToolWorld } from "./world.ts"

/** What a name resolves to by then; null: as it is. */
let now: string | null = null
let sent = 0
/** Counts what would really leave: the addresses of the peer are public to it, all others are judged as always. */
const stream: SafeStream = async (url, request) => {
  const { port, hostname } = new URL(url)
  const resolve = async () => [now ?? "127.0.0.1"]
  const open = createSafeStream({ resolve, allow: now === null ? ["127.0.0.1"] : [], ownHosts: ["ai.example.com"] })
  const answer = await open(
    now === null || hostname !== "127.0.0.1" ? url : `https://peer.example.com:${port}/mcp`,
    request,
  )
  sent++
  return answer
}

let world: ToolWorld
beforeAll(async () => {
  world = await openToolWorld({ toolStream: stream })
}, 30_000)
afterAll(() => world?.close())

const ADDRESSES = PRIVATE_HOSTS.filter((host) => /^(\d+\.\d+\.\d+\.\d+|\[.*\])$/.test(host)).map((host) =>
  host.replace(/[[\]]/g, ""),
)

test("at the door: each of the table is refused, in words that tell no address", async () => {
  now = "10.0.0.1"
  sent = 0
  expect(PRIVATE_HOSTS.length).toBeGreaterThanOrEqual(60)
  const { app } = world.server
  for (const host of PRIVATE_HOSTS) {
    const url = `https://${host}/mcp`
    const input = { userId: world.user.id, group: "travel", name: "inside", url, auth: "none" as const }
    const error = (await app.mcp.addServer(CTX, input).catch((thrown: unknown) => thrown)) as AppError
    expect([host, error.code]).toEqual([host, "validation_failed"])
    expect(error.message).not.toMatch(/10\.0\.0|127|169/)
  }
  expect(sent).toBe(0)
  now = null
})

test("later: a name that means another address by then is not asked, at a refresh and at a call", async () => {
  const { app } = world.server
  const ref = { userId: world.user.id, server: world.tools.publicId }
  expect((await world.call("echo", { text: "x" })).status).toBe(200)
  const before = world.balance()
  expect(ADDRESSES.length).toBeGreaterThan(15)
  for (const address of ADDRESSES) {
    now = address
    sent = 0
    expect([address, (await app.mcp.refresh(CTX, ref)).problem]).toEqual([
      address,
      "That address is not on the public internet.",
    ])
    const called = await world.call("echo", { text: "x" })
    expect([address, called.status, sent]).toEqual([address, 502, 0])
    expect(await called.text()).not.toContain(address)
  }
  now = null
  expect(world.balance()).toBe(before)
  expect((await app.mcp.refresh(CTX, ref)).state).toBe("ok")
})

test("a row that names any of the table, however it came to: not asked, at a refresh and at a call", async () => {
  const { app } = world.server
  const ref = { userId: world.user.id, server: world.tools.publicId }
  const urlIs = (url: string) =>
    app.store.write(CTX, (tx) => tx.run("UPDATE mcp_servers SET url = ? WHERE public_id = ?", url, ref.server))
  const before = world.balance()
  now = "10.0.0.1"
  sent = 0
  for (const host of PRIVATE_HOSTS) {
    await urlIs(`https://${host}/mcp`)
    const { state, problem } = await app.mcp.refresh(CTX, ref)
    expect([host, state]).toEqual([host, "failing"])
    expect(problem).toMatch(/not on the public internet|Enter an https address/)
    const called = await world.call("echo", { text: "x" })
    expect([host, called.status, sent]).toEqual([host, 502, 0])
  }
  now = null
  await urlIs(world.peer.url)
  expect(world.balance()).toBe(before)
  expect((await app.mcp.refresh(CTX, ref)).state).toBe("ok")
}, 30_000)

test("by a redirect: to the same place it may be followed, to an address inside never", async () => {
  const ref = { userId: world.user.id, server: world.tools.publicId }
  for (const host of PRIVATE_HOSTS) {
    world.peer.instead = () =>
      new Response(null, { status: 307, headers: { location: new URL(`https://${host}/latest`).href } })
    const { state, problem } = await world.server.app.mcp.refresh(CTX, ref)
    expect([host, state]).toEqual([host, "failing"])
    expect(problem).toMatch(
      /^That server answered with the status 307\.$|^That address is not on the public internet\.$/,
    )
  }
  world.peer.instead = null
}, 60_000)

test("an operator opens addresses by a setting, and what is closed again is closed at once", async () => {
  const other = await openToolWorld()
  const { settings, mcp } = other.server.app
  expect((await other.call("echo", { text: "x" })).status).toBe(200)
  await settings.set(CTX, NETWORKS, { value: [] })
  const ref = { userId: other.user.id, server: other.tools.publicId }
  expect((await mcp.refresh(CTX, ref)).state).toBe("failing")
  expect((await other.call("echo", { text: "x" })).status).toBe(502)
  const wrong = settings.set(CTX, NETWORKS, { value: ["nonsense"] }).catch((error: AppError) => error.code)
  expect(await wrong).toBe("validation_failed")
  await other.close()
}, 30_000)

test("by what a server says of its sign-in: no document, no registration and no token is asked for inside", async () => {
  const site = "https://tools.example.com"
  const issuer = "https://sign-in.example.com"
  let inside = ""
  let where: "document" | "server" | "registration" | "token" = "document"
  const left: string[] = []
  const strict = createSafeStream({ resolve: async () => ["10.0.0.1"], ownHosts: ["ai.example.com"] })
  const at = (place: typeof where, usual: string) => (where === place ? `https://${inside}/x` : usual)
  const answers: Record<string, () => Response> = {
    [`${site}/mcp`]: () =>
      new Response(null, {
        status: 401,
        headers: { "www-authenticate": `Bearer resource_metadata="${at("document", `${site}/doc`)}"` },
      }),
    [`${site}/doc`]: () => Response.json({ resource: `${site}/mcp`, authorization_servers: [at("server", issuer)] }),
    [`${issuer}/.well-known/oauth-authorization-server`]: () =>
      Response.json({
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: at("token", `${issuer}/token`),
        registration_endpoint: at("registration", `${issuer}/register`),
        response_types_supported: ["code"],
        code_challenge_methods_supported: ["S256"],
      }),
    [`${issuer}/register`]: () =>
      Response.json({ client_id: "c", redirect_uris: ["http://localhost/"] }, { status: 201 }),
  }
  const stream: SafeStream = async (url, request) => {
    const known = answers[url]?.()
    if (known) return known
    const answer = await strict(url, request)
    left.push(url)
    return answer
  }
  const house = await startTestServer({ toolStream: stream })
  const user = await makeUser(house.app)
  await house.app.mcp.createGroup(CTX, { userId: user.id, name: "travel", title: "T" })
  const add = (name: string) =>
    house.app.mcp.addServer(CTX, { userId: user.id, group: "travel", name, url: `${site}/mcp`, auth: "none" })
  const code = (act: Promise<unknown>) =>
    act.then(
      () => "done",
      (error: AppError) => error.code,
    )
  // Spelled so that it is an address at all.
  const hosts = PRIVATE_HOSTS.filter((host) => URL.canParse(`https://${host}/x`))
  expect(hosts.length).toBeGreaterThanOrEqual(60)
  for (const host of hosts) {
    inside = new URL(`https://${host}/`).host
    where = "document"
    expect([host, where, await code(add("far"))]).toEqual([host, where, "validation_failed"])
  }
  where = "token"
  inside = "10.0.0.1"
  const { publicId: server } = await add("far")
  const ref = { userId: user.id, server }
  for (const host of hosts) {
    inside = new URL(`https://${host}/`).host
    for (where of ["server", "registration"] as const)
      expect([host, where, await code(house.app.mcp.beginSignIn(ref))]).toEqual([host, where, "tool_error"])
  }
  for (const host of hosts) {
    inside = new URL(`https://${host}/`).host
    where = "token"
    const location = new URL(await house.app.mcp.beginSignIn(ref))
    const brought = { ...ref, code: "c", state: location.searchParams.get("state")!, iss: null }
    expect([host, await code(house.app.mcp.endSignIn(CTX, brought))]).toEqual([host, "tool_error"])
  }
  expect(left).toEqual([])
  await house.close()
}, 60_000)

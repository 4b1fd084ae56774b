// No tool server leads into a private network: not when it is added, not when its list is asked for anew, not when a tool is called, not
// where it redirects to, however its name or its address is spelled and whatever its name means by then.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { AppError } from "../../src/app/index.ts"
import { createSafeStream, type SafeStream } from "../../src/http/index.ts"
import { PRIVATE_HOSTS } from "../../src/http/private-testing.ts"
import { NETWORKS } from "../../src/mcp/index.ts"
import { CTX } from "../build.ts"
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

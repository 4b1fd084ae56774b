// Calls of tools: charged once when they went well, free when not, exact at the same time, never with anything of the caller's in them.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { rmSync } from "node:fs"
import { credits, nano } from "../../src/app/index.ts"
import { testFolder } from "../../src/store/index.ts"
import { CTX, freePort, giveCredits, makeUser, startTestServer } from "../build.ts"
import { bundled } from "../bundle.ts"
import { startToolServer } from "../fakes/mcp/index.ts"
import { appToken, openToolWorld, type ToolWorld } from "./world.ts"

let world: ToolWorld
beforeAll(async () => {
  world = await openToolWorld({ toolCallMs: 1_500 })
  await giveCredits(world.server.app, world.user, credits(500))
  await world.call("echo", { text: "the first call takes the daily credits" })
}, 30_000)
afterAll(() => world?.close())

const books = () => world.server.app.ledger.verify().checks.filter((check) => check.violations > 0)
const codeOf = async (answer: Response) => ((await answer.json()) as { error: { code: string } }).error.code
const seenIds = () => world.peer.calls.length

describe("a call", () => {
  test("is answered with what the tool says, charged one credit, and explained", async () => {
    const before = world.balance()
    const answer = await world.call("echo", { text: "hello" })
    const body = await answer.json()
    expect([answer.status, body]).toMatchObject([
      200,
      {
        object: "mcp.tool_call",
        group: "travel",
        server: "peer",
        tool: "echo",
        content: [{ type: "text", text: "hello" }],
        is_error: false,
        charged: { credits: "1" },
      },
    ])
    expect(answer.headers.get("x-credits-charged")).toBe("1")
    expect(before - world.balance()).toBe(credits(1))
    const told = await fetch(`${world.server.at("/v1/requests")}/${body.id}`, {
      headers: { authorization: `Bearer ${world.secret}` },
    })
    expect(told.status).toBe(200)
    const structured = (await (await world.call("structured")).json()) as { structured_content: unknown }
    expect(structured.structured_content).toEqual({ degrees: 21 })
  })

  test("that fails, is too large, too slow, cancelled, or of a server that is down, is free", async () => {
    const before = world.balance()
    const failed = await world.call("fail")
    expect([failed.status, ((await failed.json()) as { is_error: boolean }).is_error]).toEqual([200, true])
    const giant = await world.call("giant")
    expect([giant.status, await codeOf(giant)]).toEqual([502, "tool_error"])
    const slow = await world.call("slow", {}, { headers: { accept: "application/json" } })
    expect([slow.status, await codeOf(slow)]).toEqual([504, "tool_timeout"])
    const cancelled = world.peer.cancelled
    const leave = new AbortController()
    const left = world.call("slow", {}, { signal: leave.signal }).catch(() => "left")
    const calls = seenIds()
    while (seenIds() === calls) await Bun.sleep(5)
    leave.abort()
    expect(await left).toBe("left")
    while (world.peer.cancelled <= cancelled) await Bun.sleep(5)
    world.peer.instead = () => new Response("down", { status: 503 })
    expect((await world.call("echo", { text: "x" })).status).toBe(502)
    world.peer.instead = null
    while (world.openHolds() > 0) await Bun.sleep(5)
    expect([world.balance(), books()]).toEqual([before, []])
    expect((await world.call("echo", { text: "up again" })).status).toBe(200)
  }, 30_000)

  test("tells of progress to whoever wants events", async () => {
    const answering = world.call("slow", {}, { headers: { accept: "text/event-stream" } })
    const answer = await answering
    expect(answer.headers.get("content-type")).toBe("text/event-stream")
    world.peer.release()
    const text = await answer.text()
    expect(text).toContain('event: progress\ndata: {"progress":1,"total":2}')
    expect(text).toMatch(/event: result\ndata: \{"object":"mcp.tool_call"/)
  })

  test("never passes on what its caller sent of themselves", async () => {
    const { accessToken } = await appToken(world)
    const canary = "canary-of-the-caller"
    world.peer.seen.length = 0
    const headers = {
      cookie: `c=${canary}`,
      "x-api-key-2": canary,
      "mcp-session-id": canary,
      "user-agent": canary,
      referer: `http://${canary}`,
    }
    expect((await world.call("echo", { text: "x" }, { bearer: accessToken, headers })).status).toBe(200)
    expect(world.peer.seen.length).toBeGreaterThan(0)
    const all = JSON.stringify(world.peer.seen)
    for (const secret of [canary, accessToken, world.secret]) expect(all).not.toContain(secret)
    for (const { headers: sent } of world.peer.seen) expect(sent.authorization).toBe("Bearer the-servers-own-token")
  })

  test("needs the scope, the tool as it was approved, and arguments that are an object", async () => {
    const { secret } = await world.server.app.keys.create(CTX, { userId: world.user.id, name: "L", scopes: ["llm"] })
    const denied = await world.call("echo", {}, { bearer: secret })
    expect([denied.status, await codeOf(denied)]).toEqual([403, "insufficient_scope"])
    expect((await world.call("nothing")).status).toBe(404)
    expect((await world.call("echo", [] as object)).status).toBe(400)
    const stranger = await makeUser(world.server.app)
    const theirs = await world.server.app.keys.create(CTX, { userId: stranger.id, name: "S", scopes: ["mcp"] })
    expect((await world.call("echo", { text: "x" }, { bearer: theirs.secret })).status).toBe(404)
    const ref = { userId: world.user.id, server: world.tools.publicId }
    await world.server.app.mcp.turnTool(CTX, { ...ref, tool: "echo", active: false })
    expect((await world.call("echo", { text: "x" })).status).toBe(404)
    await world.server.app.mcp.turnTool(CTX, { ...ref, tool: "echo", active: true })
  })

  test("with an Idempotency-Key runs once, however often it is sent", async () => {
    const before = { balance: world.balance(), calls: seenIds() }
    const headers = { "idempotency-key": "one" }
    const all = await Promise.all(Array.from({ length: 20 }, () => world.call("echo", { text: "once" }, { headers })))
    expect(all.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(1)
    expect(all.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
    const again = await world.call("echo", { text: "once" }, { headers })
    expect([again.status, again.headers.get("idempotent-replayed")]).toEqual([200, "true"])
    expect((await world.call("echo", { text: "other" }, { headers })).status).toBe(422)
    expect([before.balance - world.balance(), seenIds() - before.calls]).toEqual([credits(1), 1])
  })
})

test("of 100 at once with funds for ten, ten run and are paid", async () => {
  const poor = await openToolWorld()
  const { app } = poor.server
  await app.pricing.setRule(CTX, {
    pattern: "mcp:travel/echo",
    traffic: "any",
    priority: 0,
    platformBp: 0,
    developerBp: 0,
    minimumNano: nano(0),
    requestFeeNano: credits(10),
    active: true,
  })
  const statuses = await Promise.all(
    Array.from({ length: 100 }, async () => (await poor.call("echo", { text: "x" })).status),
  )
  // The daily 100 credits, ten a call.
  expect([statuses.filter((one) => one === 200).length, poor.peer.calls.length, poor.balance()]).toEqual([10, 10, 0])
  expect(statuses.filter((one) => one !== 200 && one !== 402)).toEqual([])
  expect([poor.openHolds(), app.ledger.verify().checks.filter(({ violations }) => violations > 0)]).toEqual([0, []])
  const listed = await fetch(`${poor.server.at("/v1/mcp/groups")}/travel/tools`, {
    headers: { authorization: `Bearer ${poor.secret}` },
  })
  const { data } = (await listed.json()) as { data: { name: string; price: { credits: string } }[] }
  expect(data.map(({ name, price }) => [name, price.credits]).slice(0, 2)).toEqual([
    ["echo", "10"],
    ["fail", "1"],
  ])
  await poor.close()
}, 30_000)

test("an app stops at its daily limit, and its calls are told apart", async () => {
  const { accessToken } = await appToken(world, credits(3))
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => (await world.call("echo", { text: "x" }, { bearer: accessToken })).status),
  )
  expect(statuses.filter((one) => one === 200)).toHaveLength(3)
  expect(statuses.filter((one) => one !== 200 && one !== 429)).toEqual([])
})

test("a person who is suspended is cut off in the middle, and pays nothing", async () => {
  const other = await openToolWorld()
  const slow = other.call("slow")
  while (other.peer.calls.length === 0) await Bun.sleep(5)
  const { balanceNano } = other.server.app.ledger.wallet({ kind: "principal", id: other.user.id }, "live")
  expect(balanceNano).toBe(credits(99))
  await other.server.app.identity.suspend(CTX, { userId: other.user.id, reason: "test" })
  expect((await slow).status).toBeGreaterThanOrEqual(400)
  while (other.openHolds() > 0) await Bun.sleep(5)
  expect(other.balance()).toBe(credits(100))
  await other.close()
}, 30_000)

test("kill -9 in the middle of a call: its hold is resolved at the next start, and it cost nothing", async () => {
  const peer = await startToolServer()
  const dataDir = testFolder("purser-mcp-")
  const port = freePort()
  const child = Bun.spawn([...bundled("test/mcp/child.ts"), dataDir, String(port), peer.url], {
    cwd: `${import.meta.dir}/../..`,
    stdout: "pipe",
    stderr: "inherit",
  })
  const { value } = await child.stdout.getReader().read()
  const { secret, userId } = JSON.parse(new TextDecoder().decode(value)) as { secret: string; userId: number }
  const cut = fetch(`http://auth.localhost:${port}/v1/mcp/groups/travel/call`.replace("auth.", ""), {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "idempotency-key": "k" },
    body: JSON.stringify({ tool: "slow", arguments: {} }),
  }).catch(() => "cut")
  while (peer.calls.length === 0) await Bun.sleep(10)
  child.kill("SIGKILL")
  await child.exited
  expect(await cut).toBe("cut")
  const server = await startTestServer({ dataDir, port })
  const holds = server.app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM open_holds")!.n
  const { balanceNano } = server.app.ledger.wallet({ kind: "principal", id: userId as never }, "live")
  expect([holds, balanceNano, peer.calls.length]).toEqual([0, credits(100), 1])
  expect(server.app.ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
  await server.close()
  await peer.close()
  rmSync(dataDir, { recursive: true, force: true })
}, 60_000)

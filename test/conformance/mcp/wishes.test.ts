// What a client of a group asks to be told: log messages from a level on, changes of resources, and how an argument may go on. It reaches the
// session that asked, and no other one; it outlives a restart of the house, and of the server.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { rmSync } from "node:fs"
import type { Client } from "@modelcontextprotocol/sdk/client/index.js"
import { LoggingMessageNotificationSchema, ResourceUpdatedNotificationSchema } from "@modelcontextprotocol/sdk/types.js"
import { credits } from "../../../src/app/index.ts"
import { testFolder } from "../../../src/store/index.ts"
import { CTX, freePort, giveCredits, startTestServer } from "../../build.ts"
import { until } from "../../eventually.ts"
import { connectWith } from "../../mcp/sdk-client.ts"
import { openToolWorld, type ToolWorld } from "../../mcp/world.ts"

let world: ToolWorld
let url: string
const dataDir = testFolder("purser-mcp-wishes-")
const port = freePort()
beforeAll(async () => {
  world = await openToolWorld({ dataDir, port })
  await giveCredits(world.server.app, world.user, credits(500))
  world.peer.addChatty()
  const ref = { userId: world.user.id, server: world.tools.publicId }
  await world.server.app.mcp.refresh(CTX, ref)
  await world.server.app.mcp.approve(CTX, { ...ref, seen: world.server.app.mcp.waiting(world.tools.id).seen })
  url = `${world.server.at("/v1/mcp/groups")}/travel/mcp`
}, 30_000)
afterAll(async () => {
  await world?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

interface Listener {
  client: Client
  sessionId: string
  logs: unknown[]
  updates: string[]
}

async function listener(): Promise<Listener> {
  const logs: unknown[] = []
  const updates: string[] = []
  const { client, transport } = await connectWith(url, world.secret, {
    prepare(one) {
      one.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => void logs.push(params))
      one.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => void updates.push(params.uri))
    },
  })
  return { client, sessionId: transport.sessionId!, logs, updates }
}

test("log messages come from the level on that was asked for, to whoever asked", async () => {
  const [one, other] = await Promise.all([listener(), listener()])
  await one.client.setLoggingLevel("warning")
  await Promise.all([one.client.callTool({ name: "chatty" }), other.client.callTool({ name: "chatty" })])
  await until(() => one.logs.length === 2)
  expect(one.logs).toContainEqual({ level: "warning", logger: "peer: work", data: "warning, aside" })
  expect(one.logs).toContainEqual({ level: "error", logger: "peer", data: { in: "call" } })
  await one.client.setLoggingLevel("debug")
  await one.client.callTool({ name: "chatty" })
  await until(() => one.logs.length === 5)
  expect(other.logs).toEqual([])
  await Promise.all([one.client.close(), other.client.close()])
})

test("arguments of prompts are completed by the server whose they are", async () => {
  const { client } = await listener()
  const complete = (name: string, argument: { name: string; value: string }) =>
    client.complete({ ref: { type: "ref/prompt", name }, argument }).then(({ completion }) => completion.values)
  expect(await complete("visit", { name: "city", value: "L" })).toEqual(["Lisbon", "London"])
  const refused = await complete("nothing", { name: "city", value: "L" }).catch((error: unknown) => error)
  expect((refused as { code: number }).code).toBe(-32602)
  await client.close()
})

test("a change of a resource is told to the session that subscribed, until it unsubscribes", async () => {
  const [one, other] = await Promise.all([listener(), listener()])
  await one.client.subscribeResource({ uri: "note://one" })
  await until(() => world.peer.watched.length === 1)
  // The other one has a connection of its own as well, and asked for nothing.
  await other.client.setLoggingLevel("debug")
  await other.client.callTool({ name: "echo", arguments: { text: "x" } })
  const refused = await one.client.subscribeResource({ uri: "note://nothing" }).catch((error: unknown) => error)
  expect((refused as { code: number }).code).toBe(-32602)
  await Bun.sleep(50)
  world.peer.update("note://one")
  await until(() => one.updates.length === 1)
  expect([one.updates, other.updates]).toEqual([["note://one"], []])
  await one.client.unsubscribeResource({ uri: "note://one" })
  expect(world.peer.watched).toEqual([])
  await Promise.all([one.client.close(), other.client.close()])
})

test("a server that forgot everybody is told again what is watched, and a call that it refused for that runs once", async () => {
  const { client, updates } = await listener()
  await client.subscribeResource({ uri: "note://one" })
  const calls = world.peer.calls.length
  world.peer.forget()
  expect((await world.call("echo", { text: "after" })).status).toBe(200)
  expect(world.peer.calls.length).toBe(calls + 1)
  await until(() => world.peer.watched.length === 1)
  // What happened meanwhile nobody told: so it is said that something may have.
  await until(() => updates.length === 1)
  await client.unsubscribeResource({ uri: "note://one" })
  await client.close()
}, 20_000)

test("what was asked for outlives a restart of the house", async () => {
  const { client, sessionId, updates, logs } = await listener()
  await client.setLoggingLevel("error")
  await client.subscribeResource({ uri: "note://one" })
  await world.server.close()
  world.peer.watched.length = 0
  world.server = await startTestServer({ dataDir, port })
  // The SDK's client listens again by itself; a call brings its session back at once.
  await client.callTool({ name: "chatty" })
  await until(() => world.peer.watched.length > 0)
  expect(logs).toEqual([{ level: "error", logger: "peer", data: { in: "call" } }])
  await until(() => {
    world.peer.update("note://one")
    return updates.length > 0
  })
  expect(sessionId).toBeTruthy()
  await client.close()
}, 30_000)

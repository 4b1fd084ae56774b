// A group as an MCP server, used by the official SDK's client: it logs in with nothing but the URL; what its servers offer, tell and ask passes
// through; its sessions outlive a restart and are nobody else's.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { rmSync } from "node:fs"
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js"
import { credits } from "../../../src/app/index.ts"
import { REGISTRATION } from "../../../src/oauth/index.ts"
import { testFolder } from "../../../src/store/index.ts"
import { CTX, freePort, giveCredits, makeUser, startTestServer } from "../../build.ts"
import { connectWith, Kept, logIn } from "../../mcp/sdk-client.ts"
import { openToolWorld, type ToolWorld } from "../../mcp/world.ts"

let world: ToolWorld
let url: string
let kept: Kept
const dataDir = testFolder("purser-mcp-serve-")
const port = freePort()
beforeAll(async () => {
  world = await openToolWorld({ dataDir, port })
  const { app } = world.server
  await app.settings.set(CTX, REGISTRATION, { value: "yes" })
  await giveCredits(app, world.user, credits(500))
  await world.call("echo", { text: "the first call takes the daily credits" })
  url = `${world.server.at("/v1/mcp/groups")}/travel/mcp`
}, 30_000)
afterAll(async () => {
  await world?.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const text = (result: unknown) => (result as { content: { text: string }[] }).content[0]!.text

describe("the SDK's client", () => {
  test("finds out everything from the URL, signs its person in, and gets a token for this group alone", async () => {
    const denied = await fetch(url, { method: "POST", body: "{}" })
    expect(denied.status).toBe(401)
    const said = denied.headers.get("www-authenticate")!
    expect(said).toContain(
      `resource_metadata="${world.server.url}/.well-known/oauth-protected-resource/v1/mcp/groups/travel/mcp"`,
    )
    expect(said).toContain('scope="mcp"')
    kept = new Kept()
    const consent = await logIn(url, kept, world.user.email, world.server.url)
    expect(consent).toContain("Coding Agent")
    expect(kept.asked!.searchParams.get("resource")).toBe(url)
    const { client, transport } = await connectWith(url, kept)
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(["echo", "fail", "slow", "giant", "structured"])
    expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual(["note://one"])
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(["greet", "visit"])
    expect((await client.readResource({ uri: "note://one" })).contents).toEqual([{ uri: "note://one", text: "hello" }])
    expect((await client.getPrompt({ name: "greet" })).messages).toHaveLength(1)
    const before = world.balance()
    expect(text(await client.callTool({ name: "echo", arguments: { text: "hi" } }))).toBe("hi")
    expect((await client.callTool({ name: "structured" })).structuredContent).toEqual({ degrees: 21 })
    expect((await client.callTool({ name: "fail" })).isError).toBe(true)
    expect(before - world.balance()).toBe(credits(2))
    // What the program proved itself by never goes on to the servers.
    const seen = JSON.stringify(world.peer.seen)
    expect(seen).toContain("the-servers-own-token")
    for (const own of [kept.saved!.access_token, kept.saved!.refresh_token ?? "rt_", transport.sessionId!])
      expect(seen).not.toContain(own)
    await client.close()
  })

  test("hears of progress, cancels, and hears that the list changed", async () => {
    const changed = Promise.withResolvers<void>()
    const { client } = await connectWith(url, kept, {
      prepare: (one) => one.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.resolve()),
    })
    const progress: number[] = []
    const slow = client.callTool({ name: "slow" }, undefined, {
      onprogress(one) {
        progress.push(one.progress)
        world.peer.release()
      },
    })
    expect([text(await slow), progress]).toEqual(["done", [1]])
    const before = { balance: world.balance(), cancelled: world.peer.cancelled, calls: world.peer.calls.length }
    const leave = new AbortController()
    const left = client.callTool({ name: "slow" }, undefined, { signal: leave.signal }).catch(() => "cancelled")
    while (world.peer.calls.length === before.calls) await Bun.sleep(5)
    leave.abort()
    expect(await left).toBe("cancelled")
    while (world.peer.cancelled === before.cancelled || world.openHolds() > 0) await Bun.sleep(5)
    expect(world.balance()).toBe(before.balance)
    const ref = { userId: world.user.id, server: world.tools.publicId }
    await world.server.app.mcp.turnTool(CTX, { ...ref, tool: "giant", active: false })
    await changed.promise
    expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain("giant")
    await world.server.app.mcp.turnTool(CTX, { ...ref, tool: "giant", active: true })
    await client.close()
  })

  test("is asked what the server wants to know, when it said that it can be", async () => {
    const asked: string[] = []
    const { client } = await connectWith(url, kept, {
      capabilities: { elicitation: {} },
      prepare: (one) =>
        one.setRequestHandler(ElicitRequestSchema, ({ params }) => {
          asked.push(params.message)
          return { action: "accept", content: { city: "Lisbon" } }
        }),
    })
    world.peer.addAsking()
    const ref = { userId: world.user.id, server: world.tools.publicId }
    await world.server.app.mcp.refresh(CTX, ref)
    await world.server.app.mcp.approve(CTX, { ...ref, seen: world.server.app.mcp.waiting(world.tools.id).seen })
    expect(text(await client.callTool({ name: "ask" }))).toBe("Lisbon")
    expect(asked).toEqual(["Which city?"])
    await client.close()
    // Whoever cannot be asked is told so by the server, and pays nothing.
    const mute = await connectWith(url, kept)
    const before = world.balance()
    expect((await mute.client.callTool({ name: "ask" })).isError).toBe(true)
    expect(world.balance()).toBe(before)
    await mute.client.close()
  })

  test("has its model write what the server wants written, when it said that it can: its own model, nobody else's", async () => {
    world.peer.addSampling()
    const ref = { userId: world.user.id, server: world.tools.publicId }
    await world.server.app.mcp.refresh(CTX, ref)
    await world.server.app.mcp.approve(CTX, { ...ref, seen: world.server.app.mcp.waiting(world.tools.id).seen })
    const asked: unknown[] = []
    const writer = (model: string) =>
      connectWith(url, kept, {
        capabilities: { sampling: {} },
        prepare: (one) =>
          one.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
            asked.push([model, params.messages, params.maxTokens])
            return { role: "assistant", model, content: { type: "text", text: "It rains." } }
          }),
      })
    const [one, other] = await Promise.all([writer("model-one"), writer("model-two")])
    const before = world.balance()
    const answers = await Promise.all([one, other].map(({ client }) => client.callTool({ name: "sample" })))
    expect(answers.map(text)).toEqual(["model-one: It rains.", "model-two: It rains."])
    const question = [{ role: "user", content: { type: "text", text: "A line about rain." } }]
    expect(asked.toSorted()).toEqual([
      ["model-one", question, 20],
      ["model-two", question, 20],
    ])
    // The words were written at the client's cost; the house charges its tool call.
    expect(before - world.balance()).toBe(credits(2))
    const mute = await connectWith(url, kept)
    expect((await mute.client.callTool({ name: "sample" })).isError).toBe(true)
    expect(before - world.balance()).toBe(credits(2))
    await Promise.all([one, other, mute].map(({ client }) => client.close()))
  })

  test("is told why it may not, in words and by a code", async () => {
    const poor = await makeUser(world.server.app)
    await world.server.app.mcp.createGroup(CTX, { userId: poor.id, name: "travel", title: "T" })
    await world.server.app.mcp.addServer(CTX, {
      userId: poor.id,
      group: "travel",
      name: "p",
      url: world.peer.url,
      auth: "none",
    })
    const { secret } = await world.server.app.keys.create(CTX, { userId: poor.id, name: "K", scopes: ["mcp"] })
    const limits = { spend_day: credits(1) }
    const [key] = world.server.app.keys.of(poor.id)
    await world.server.app.limits.setKeyLimits(CTX, { keyId: key!.id, keyPublicId: key!.publicId, limits })
    const { client } = await connectWith(url, secret)
    expect(text(await client.callTool({ name: "echo", arguments: { text: "1" } }))).toBe("1")
    const refused = (await client
      .callTool({ name: "echo", arguments: { text: "2" } })
      .catch((error: unknown) => error)) as {
      message: string
      data: { code: string }
    }
    expect(refused.data.code).toBe("spend_limit_exceeded")
    await client.close()
  })
})

describe("a session", () => {
  const send = (
    sessionId: string,
    bearer: string,
    to = url,
    body: object = { jsonrpc: "2.0", id: 1, method: "tools/list" },
  ) =>
    fetch(to, {
      method: "POST",
      headers: {
        authorization: `Bearer ${bearer}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-session-id": sessionId,
      },
      body: JSON.stringify(body),
    })

  test("is nobody else's: not another person's, app's or group's, and no token of another group opens it", async () => {
    const { client, transport } = await connectWith(url, kept)
    const id = transport.sessionId!
    expect((await send(id, kept.saved!.access_token)).status).toBe(200)
    const { app } = world.server
    const thief = await makeUser(app)
    await app.mcp.createGroup(CTX, { userId: thief.id, name: "travel", title: "T" })
    const theirs = await app.keys.create(CTX, { userId: thief.id, name: "K", scopes: ["mcp"] })
    expect((await send(id, theirs.secret)).status).toBe(404)
    // The person's own key is another program.
    expect((await send(id, world.secret)).status).toBe(404)
    await app.mcp.createGroup(CTX, { userId: world.user.id, name: "music", title: "M" })
    const elsewhere = url.replace("/travel/", "/music/")
    expect((await send(id, kept.saved!.access_token, elsewhere)).status).toBe(401)
    const asOwner = { headers: { authorization: `Bearer ${kept.saved!.access_token}` } }
    expect((await fetch(world.server.at("/v1/mcp/groups"), asOwner)).status).toBe(401)
    expect((await send("made-up", kept.saved!.access_token)).status).toBe(404)
    await client.close()
  })

  test("goes on after a restart, and ends when its client says so", async () => {
    const { client, transport } = await connectWith(url, kept)
    const id = transport.sessionId!
    await client.listTools()
    await world.server.close()
    world.server = await startTestServer({ dataDir, port })
    const answer = await send(id, kept.saved!.access_token)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('"echo"')
    // Over the old session, by the old client, too.
    expect(text(await client.callTool({ name: "echo", arguments: { text: "again" } }))).toBe("again")
    const again = {
      jsonrpc: "2.0",
      id: 9,
      method: "initialize",
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } },
    }
    expect((await send(id, kept.saved!.access_token, url, again)).status).toBe(400)
    await transport.terminateSession()
    expect((await send(id, kept.saved!.access_token)).status).toBe(404)
    await client.close()
  }, 30_000)
})

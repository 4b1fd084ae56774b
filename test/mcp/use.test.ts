// What each app used of a group, on its page and as a file: counted from days of the books and what is not folded yet, the same before and after.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, DAY_MS, VirtualClock } from "../../src/app/index.ts"
import { plainText, type WebAgent } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { giveCredits, makeUser } from "../build.ts"
import { appToken, openToolWorld, type ToolWorld } from "./world.ts"

let world: ToolWorld
let agent: WebAgent
let clock: VirtualClock
beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  world = await openToolWorld({ clock })
  const { app } = world.server
  await giveCredits(app, world.user, credits(500))
  // Another group, whose name begins alike, is not counted with it.
  await app.mcp.createGroup(
    { actor: "test", requestId: "t", reason: "t" },
    { userId: world.user.id, name: "travel-2", title: "T" },
  )
  const at = { userId: world.user.id, group: "travel-2", name: "peer", url: world.peer.url, auth: "none" } as const
  await app.mcp.addServer({ actor: "test", requestId: "t", reason: "t" }, at)
  const call = (tool: string, bearer?: string) => world.call(tool, { text: "x" }, bearer ? { bearer } : {})
  await call("echo")
  clock.advance(20 * DAY_MS)
  for (const tool of ["echo", "fail"]) await call(tool, (await appToken(world)).accessToken)
  await elsewhere("echo")
  agent = await signedIn(world.server, world.user.email)
}, 30_000)
const elsewhere = (tool: string) =>
  fetch(world.server.at("/v1/mcp/groups/travel-2/call"), {
    method: "POST",
    headers: { authorization: `Bearer ${world.secret}`, "content-type": "application/json" },
    body: JSON.stringify({ tool, arguments: { text: "x" } }),
  })
afterAll(() => world?.close())

const csv = async (query = "") =>
  (await agent.get(world.server.at(`/mcp/travel/use.csv${query}`))).text.trimEnd().split(/\r?\n/)
const HEAD = "app,calls,failed,spent_credits,last_day"

test("by app, within the days that were asked for", async () => {
  expect(await csv("?days=7")).toEqual([HEAD, "App,1,0,1,2026-06-21", "App,1,1,0,2026-06-21"])
  expect((await csv()).slice(1).toSorted()).toEqual([
    ",1,0,1,2026-06-01",
    "App,1,0,1,2026-06-21",
    "App,1,1,0,2026-06-21",
  ])
  expect(await csv("?days=90")).toEqual(await csv("?days=nonsense"))
  const page = plainText((await agent.get(world.server.at("/mcp/travel?days=7"))).text)
  expect(page).toMatch(/What used it.*App.*2026-06-21/s)
  expect(page).not.toContain("Your keys, and you here")
})

test("the same once days are folded", async () => {
  const before = await csv("?days=90")
  const { store } = world.server.app
  const through = () => store.read.get<{ n: number }>("SELECT through AS n FROM v_charge_fold")!.n
  const was = through()
  // Others' calls push these out of what is not folded yet.
  for (let calls = 0; calls < 1_200; calls += 60) await Promise.all(Array.from({ length: 60 }, () => elsewhere("fail")))
  expect(through()).toBeGreaterThan(was)
  expect(await csv("?days=90")).toEqual(before)
})

test("is nobody else's", async () => {
  const thief = await signedIn(world.server, (await makeUser(world.server.app)).email)
  expect((await thief.get(world.server.at("/mcp/travel/use.csv"))).status).toBe(404)
})

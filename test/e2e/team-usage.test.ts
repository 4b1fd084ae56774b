// What a team used, acting as it: all cuts and one by person, as files too, and the page of each request; to whoever is in it, and to nobody
// else. What somebody did for a team stands among nothing of their own.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { inviteTo, joinTeam, makeHost, makeTeam } from "../team-world.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
}, 30_000)
afterAll(() => server?.close())

type Agent = Awaited<ReturnType<typeof signedIn>>

async function actingAs(user: User, team: string): Promise<Agent> {
  const agent = await signedIn(server, user.email)
  const csrf = (await agent.get(server.at("/settings"))).forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(server.at("/acting"), [
    ["csrf", csrf],
    ["team", team],
  ])
  return agent
}
/** Rows of a file, without its head. */
const csv = async (agent: Agent, by: string): Promise<string[][]> =>
  (await agent.get(server.at(`/usage.csv?by=${by}`))).text
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(","))
const requestIn = (answer: Response): string => answer.headers.get("x-request-id")!

test("what people did with a team's credits is the team's to see, by person, and none of their own", async () => {
  const { app } = server
  const owner = await makeHost(server, "Ada Owner")
  const team = await makeTeam(server, owner)
  const [admin, viewer, stranger] = [
    await makeUser(app, { name: "Grace Admin" }),
    await makeUser(app, { name: "Alan Viewer" }),
    await makeHost(server, "Nobody Here"),
  ]
  await joinTeam(server, team, owner, admin, "admin")
  await joinTeam(server, team, owner, viewer, "viewer")
  await app.plans.assign(CTX, { user: admin, planCode: "enterprise" })
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  await giveCredits(app, { id } as User, credits(500))
  await giveCredits(app, admin, credits(500))
  const key = async (userId: User["id"], payerId = userId) =>
    (
      await app.keys.create(CTX, {
        userId,
        payerId,
        name: `Key of ${payerId === id ? "team" : "own"}`,
        scopes: ["llm"],
      })
    ).secret
  const [ownerTeam, adminTeam, adminOwn] = [await key(owner.id, id), await key(admin.id, id), await key(admin.id)]
  const asked = requestIn(await chat(server.url, adminTeam))
  await chat(server.url, adminTeam)
  await chat(server.url, ownerTeam)
  const own = requestIn(await chat(server.url, adminOwn))
  const refused = await chat(server.url, adminTeam, { model: "no-such-model" })
  expect(refused.status).toBeGreaterThanOrEqual(400)
  await app.usage.flush()

  for (const agent of [await actingAs(viewer, team), await actingAs(owner, team)]) {
    const people = await csv(agent, "member")
    expect(people.map(([name, , calls, , refusedCalls]) => [name, calls, refusedCalls])).toEqual([
      ["Grace Admin", "2", "1"],
      ["Ada Owner", "1", "0"],
    ])
    const spent = people.reduce((sum, [, used]) => sum + Number(used), 0)
    const balance = app.ledger.wallet({ kind: "principal", id }, "live").balanceNano
    expect(Math.round(spent * 1_000_000)).toBe(credits(500) - balance)
    for (const by of ["day", "app", "model", "endpoint", "scope", "key"]) {
      const rows = await csv(agent, by)
      expect([by, rows.reduce((sum, [, , calls]) => sum + Number(calls), 0)]).toEqual([by, 3])
    }
    const page = await agent.get(server.at("/usage"))
    expect(page.text).toContain("Grace Admin")
    expect(page.text).not.toContain("Free credits")
    expect((await agent.get(server.at(`/usage/requests/${asked}`))).status).toBe(200)
    expect((await agent.get(server.at(`/usage/requests/${requestIn(refused)}`))).status).toBe(200)
    // Their own calls are none of the team's, nor those of anybody else.
    expect((await agent.get(server.at(`/usage/requests/${own}`))).status).toBe(404)
    expect((await agent.get(server.at("/credits"))).text).toContain(`/usage/requests/${asked}`)
  }
  // As themselves: a person sees the one call that they paid, and their keys add up to it.
  const self = await signedIn(server, admin.email)
  for (const by of ["day", "model", "key"]) {
    const rows = await csv(self, by)
    expect([by, rows.reduce((sum, [, , calls]) => sum + Number(calls), 0)]).toEqual([by, 1])
    expect(rows.every(([, used]) => Number(used) >= 0)).toBe(true)
  }
  expect((await self.get(server.at("/usage.csv?by=member"))).status).toBe(404)
  for (const who of [stranger, viewer]) {
    const agent = await signedIn(server, who.email)
    expect((await agent.get(server.at(`/usage/requests/${asked}`))).status).toBe(404)
    expect(await csv(agent, "model")).toEqual([])
  }
}, 60_000)

test("when the owner's plan has no teams any more, all goes on as far as it reaches, nobody new joins, and the page says so", async () => {
  const { app } = server
  const owner = await makeHost(server, "Ada Owner")
  const team = await makeTeam(server, owner, "Night Shift")
  const viewer = await makeUser(app, { name: "Alan Viewer" })
  await joinTeam(server, team, owner, viewer, "viewer")
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  await giveCredits(app, { id } as User, credits(500))
  const secret = (await app.keys.create(CTX, { userId: owner.id, payerId: id, name: "Nightly", scopes: ["llm"] }))
    .secret
  const late = await makeUser(app)
  const before = await signedIn(server, viewer.email)
  expect((await before.get(server.at(`/teams/${team}`))).text).toContain("Enterprise, of Ada Owner")
  // What is paid for lasts until the end of its month; the invitation waits for longer.
  await app.plans.change(CTX, { user: owner, planCode: "basic" })
  clock.advance(28 * 86_400_000)
  const token = await inviteTo(server, team, owner, late, "viewer")
  clock.advance(4 * 86_400_000)
  const agent = await signedIn(server, viewer.email)

  const page = await agent.get(server.at(`/teams/${team}`))
  expect([page.text.includes("has no teams any more"), page.text.includes("Basic, of Ada Owner")]).toEqual([true, true])
  const outcome = (act: Promise<unknown>) =>
    act.then(
      () => "done",
      ({ code }: { code: string }) => code,
    )
  const accept = app.store.write(CTX, (tx) => void app.teams.acceptIn(tx, { userId: late.id, token }))
  expect(await outcome(accept)).toBe("plan_required")
  const somebody = await makeUser(app)
  expect(await outcome(inviteTo(server, team, owner, somebody, "viewer"))).toBe("plan_required")
  // Calls have what that plan allows, as a person's own with it have.
  const own = (await app.keys.create(CTX, { userId: owner.id, name: "Own", scopes: ["llm"] })).secret
  await giveCredits(app, owner, credits(500))
  expect((await chat(server.url, secret)).status).toBe((await chat(server.url, own)).status)
  expect((await agent.get(server.at(`/teams/${team}`))).text).toContain("Ada Owner")
}, 60_000)

test("among those who spent most the operator reads a team by its name", async () => {
  const admin = await makeUser(server.app, { isAdmin: true })
  const agent = await signedIn(server, admin.email)
  const { text } = await agent.get(server.at("/admin/analytics?range=90d"))
  const top = text.slice(text.indexOf('id="users"'), text.indexOf('id="apps"'))
  expect([top.includes("Paper Boat"), top.includes("/admin/users/null")]).toEqual([true, false])
  const file = await agent.get(server.at("/admin/analytics.csv?range=90d&part=users"))
  const teams = file.text.split("\r\n").filter((line) => line.includes("Paper Boat"))
  expect(teams.map((line) => line.split(",").slice(0, 2))).toEqual([["", "Paper Boat"]])
})

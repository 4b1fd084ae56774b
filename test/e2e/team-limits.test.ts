// What a member may spend of a team's wallet: set on pages and by API by whom the table of rights lets, counted with everything that the team
// pays for them, exact over parallel calls, and told whose limit it was.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, nano, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
}, 30_000)
afterAll(() => server?.close())

async function world() {
  const { app } = server
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner)
  const people = { owner } as Record<"owner" | "admin" | "second" | "billing" | "viewer", User>
  for (const who of ["admin", "second", "billing", "viewer"] as const) {
    people[who] = await makeUser(app, { name: `Person ${who}` })
    await joinTeam(server, team, owner, people[who], who === "second" ? "admin" : who)
  }
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  await giveCredits(app, { id } as User, credits(5_000))
  return { team, people, id }
}
const teamKey = async ({ id }: { id: User["id"] }, { id: userId }: User): Promise<string> =>
  (await server.app.keys.create(CTX, { userId, payerId: id, name: "Program", scopes: ["llm"] })).secret
const manageKey = async ({ id: userId }: User): Promise<string> =>
  (await server.app.keys.create(CTX, { userId, name: "Manage", scopes: ["manage"] })).secret
const limit = (w: { team: string }, by: User, of: User, limits: object) =>
  manageKey(by).then((secret) =>
    fetch(server.at(`/api/v1/teams/${w.team}/members/${of.publicId}/limits`), {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify(limits),
    }),
  )
const call = async (secret: string) => {
  const answer = await chat(server.url, secret)
  const text = await answer.text()
  return {
    status: answer.status,
    error: answer.ok ? null : (JSON.parse(text) as { error: Record<string, string> }).error,
  }
}
const spentOf = ({ id }: { id: User["id"] }, { id: userId }: User) =>
  server.app.store.read.get<{ n: number }>(
    `SELECT COALESCE(SUM(c.collected_nano), 0) AS n FROM v_charges c JOIN v_ledger_accounts a ON a.account_id = c.account_id
     WHERE a.owner_id = ? AND c.caller_id = ?`,
    id,
    userId,
  )!.n

test("two keys of one member, 60 calls at once: never above what they may, and nobody else is stopped", async () => {
  const w = await world()
  const { admin, second } = w.people
  const keys = [await teamKey(w, admin), await teamKey(w, admin)]
  expect((await call(keys[0]!)).status).toBe(200)
  const each = spentOf(w, admin)
  expect(each).toBeGreaterThan(0)
  const most = nano(each * 20)
  expect((await limit(w, w.people.owner, admin, { spend_day: { nano: String(most) } })).status).toBe(200)
  const answers = await Promise.all(Array.from({ length: 60 }, (_, at) => call(keys[at % 2]!)))
  while (true) {
    const one = await call(keys[1]!)
    answers.push(one)
    if (one.status !== 200) break
  }
  const refused = answers.filter(({ status }) => status !== 200)
  expect(new Set(refused.map(({ error }) => `${error?.code} ${error?.limit} ${error?.limit_of}`))).toEqual(
    new Set(["spend_limit_exceeded spend_day member"]),
  )
  expect(refused[0]!.error!.message).toStartWith("In this team you may spend ")
  const paid = 1 + answers.length - refused.length
  expect([spentOf(w, admin), spentOf(w, admin) <= most, paid > 1]).toEqual([paid * each, true, true])
  // Somebody else's key of the same team, and their own wallet, go on.
  await server.app.plans.assign(CTX, { user: admin, planCode: "enterprise" })
  await giveCredits(server.app, admin, credits(100))
  const own = (await server.app.keys.create(CTX, { userId: admin.id, name: "Own", scopes: ["llm"] })).secret
  expect([(await call(await teamKey(w, second))).status, (await call(own)).status]).toEqual([200, 200])
  // Tomorrow is another day, and the member sees it on the page of the team.
  const agent = await signedIn(server, admin.email)
  expect((await agent.get(server.at(`/teams/${w.team}`))).text).toContain("Spent by Person admin today")
  clock.advance(86_400_000)
  expect((await call(keys[0]!)).status).toBe(200)
  expect((await server.app.verification.run(CTX)).ok).toBe(true)
}, 60_000)

test("who limits whom: the owner everybody, admins whom they may change, and nobody a stranger; pages and API alike", async () => {
  const w = await world()
  const { people, team } = w
  const stranger = await makeUser(server.app)
  const MAY: Record<string, string[]> = {
    owner: ["owner", "admin", "second", "billing", "viewer"],
    admin: ["billing", "viewer"],
    billing: [],
    viewer: [],
  }
  const wrong: string[] = []
  for (const [by, whom] of Object.entries(MAY))
    for (const [of, person] of Object.entries(people)) {
      const may = whom.includes(of)
      const { status } = await limit(w, people[by as keyof typeof people], person, { spend_month: "70" })
      if (status !== (may ? 200 : 403)) wrong.push(`API ${by} ${of} ${status}`)
      const agent = await signedIn(server, people[by as keyof typeof people].email)
      const path = `/teams/${team}/members/${person.publicId}/limits`
      const page = await agent.get(server.at(path))
      if (page.status !== (may ? 200 : 403)) wrong.push(`page ${by} ${of} ${page.status}`)
    }
  expect(wrong).toEqual([])
  expect((await limit(w, stranger, people.admin, { spend_day: "1" })).status).toBe(404)
  expect((await limit(w, people.owner, stranger, { spend_day: "1" })).status).toBe(404)
  // Of the admins, who are not each other's, only the owner's word counts.
  expect(server.app.limits.memberUse({ teamId: w.id, userId: people.second.id })[1]!.amount).toBe(credits(70))
}, 60_000)

test("a page sets, keeps, raises and takes away; API refuses what is no amount; who leaves takes none along", async () => {
  const w = await world()
  const { owner, admin } = w.people
  const agent = await signedIn(server, owner.email)
  const path = `/teams/${w.team}/members/${admin.publicId}/limits`
  const page = await agent.get(server.at(path))
  await agent.submit(page, path, { spend_day: "12.5", spend_month: "" })
  const amounts = () => server.app.limits.memberUse({ teamId: w.id, userId: admin.id }).map(({ amount }) => amount)
  expect(amounts()).toEqual([credits(12.5), null])
  for (const bad of [{ spend_day: -1 }, { spend_day: "x" }, { spend_week: "1" }, { spend_day: 5 }])
    expect((await limit(w, owner, admin, bad)).status).toBe(422)
  expect((await limit(w, owner, admin, { spend_month: "0" })).status).toBe(200)
  expect(amounts()).toEqual([credits(12.5), 0])
  const secret = await teamKey(w, admin)
  expect((await call(secret)).error).toMatchObject({ code: "spend_limit_exceeded", limit: "spend_month" })
  // Another role keeps them, so that nobody frees somebody by accident; the end of the membership does not.
  const ref = { userId: owner.id, team: w.team, member: admin.publicId }
  await server.app.store.write(CTX, (tx) => server.app.teams.setRoleIn(tx, { ...ref, role: "viewer" }))
  expect(amounts()).toEqual([credits(12.5), 0])
  await server.app.store.write(CTX, (tx) => server.app.teams.removeIn(tx, ref))
  expect(amounts()).toEqual([null, null])
  const acts = await agent.get(server.at(`/teams/${w.team}/activity`))
  expect(acts.text).toContain("changed what Person admin may spend in Paper Boat")
}, 60_000)

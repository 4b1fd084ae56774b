// Teams as the operator sees them, over real HTTP: found by name, id or somebody's address; whose they are; what they have, given and taken by
// the same acts as a person's credits; deleted ones still shown, and nothing of it for anybody else.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, type UserId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeClient, makeUser, startTestServer, type TestServer } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
let owner: User
let admin: User
let billing: User
let team: string
let id: UserId
beforeAll(async () => {
  server = await startTestServer()
  admin = await makeUser(server.app, { name: "Ada Admin", isAdmin: true })
  owner = await makeHost(server, "Olive Owner")
  billing = await makeUser(server.app, { name: "Bo Billing" })
  team = await makeTeam(server, owner, "Paper Boat")
  await joinTeam(server, team, owner, billing, "billing")
  id = server.app.teams.membership({ userId: owner.id, team }, "see").team.id
  await makeClient(server.app, { name: "Night Train", ownerId: id })
}, 30_000)
afterAll(() => server?.close())

const has = () => server.app.ledger.wallet({ kind: "principal", id }, "live").balanceNano as number

test("a team is found by its name, its id and who is in it, and leads to its people and apps and back", async () => {
  const chief = await signedIn(server, admin.email)
  const other = await makeTeam(server, await makeHost(server), "Lighthouse")
  const list = async (q: string) => {
    const { text } = await chief.get(server.at(`/admin/teams?q=${encodeURIComponent(q)}`))
    return [text.includes(`/admin/teams/${team}"`), text.includes(`/admin/teams/${other}"`)]
  }
  expect(await list("")).toEqual([true, true])
  for (const q of ["paper", "PAPER B", team, billing.email]) expect([q, await list(q)]).toEqual([q, [true, false]])
  for (const q of ["%", "_", "nothing", "nobody@example.com"]) expect([q, await list(q)]).toEqual([q, [false, false]])
  const page = await chief.get(server.at(`/admin/teams/${team}`))
  for (const words of ["Paper Boat", "Olive Owner", "Bo Billing", "billing manager", "Night Train", owner.publicId])
    expect(page.text).toContain(words)
  const person = await chief.get(server.at(`/admin/users/${billing.publicId}`))
  expect(person.text).toContain(`/admin/teams/${team}`)
  for (const nobody of ["tea_0", "usr_1", owner.publicId, "%25"])
    expect((await chief.get(server.at(`/admin/teams/${nobody}`))).status).toBe(404)
})

test("pages of fifty follow each other without a hole", async () => {
  const host = await makeUser(server.app)
  await server.app.store.write(CTX, (tx) => {
    for (let n = 0; n < 120; n++) {
      tx.run("INSERT INTO principals (kind, created_ms) VALUES ('team', ?)", tx.now)
      const { at } = tx.get<{ at: number }>("SELECT last_insert_rowid() AS at")!
      tx.run(
        "INSERT INTO teams (id, public_id, name, maker_id, created_ms) VALUES (?, ?, ?, ?, ?)",
        at,
        `tea_many${n}`,
        `Many ${n}`,
        host.id,
        tx.now,
      )
    }
  })
  const chief = await signedIn(server, admin.email)
  const seen: string[] = []
  for (let path: string | null = "/admin/teams?q=Many"; path !== null; ) {
    const { text }: { text: string } = await chief.get(server.at(path))
    seen.push(...[...text.matchAll(/\/admin\/teams\/(tea_many\d+)"/g)].map(([, one]) => one!))
    const next: RegExpExecArray | null = /href="(\/admin\/teams\?q=Many&(?:amp;)?after=tea_many\d+)"/.exec(text)
    path = next ? next[1]!.replace("&amp;", "&") : null
  }
  expect([...new Set(seen)]).toEqual(Array.from({ length: 120 }, (_, n) => `tea_many${119 - n}`))
})

test("its credits are given, set and taken as a person's are, in the books and the audit log under the team", async () => {
  const chief = await signedIn(server, admin.email)
  const path = `/admin/users/${team}/wallet`
  const page = await chief.get(server.at(path))
  expect(page.text).toContain("Wallet of Paper Boat")
  expect(page.text).toContain(`/admin/teams/${team}`)
  const act = async (name: string, fields: Record<string, string>) => {
    const form = await chief.get(server.at(`${path}/${name}`))
    const asked = await chief.submit(form, `${path}/${name}`, { reason: "Won a prize", ...fields })
    const again = asked.forms.find(({ action }) => action.includes(`/${name}`))
    return again ? chief.submit(asked, `${path}/${name}`) : asked
  }
  await act("bonus", { amount: "500" })
  expect(has()).toBe(credits(500))
  await act("adjustment", { amount: "-200" })
  expect(has()).toBe(credits(300))
  const [first] = server.app.ledger.transactionsOf({ kind: "principal", id }, "live", { limit: 1 })
  expect((await chief.get(server.at(`${path}/transactions/${first!.transactionId}`))).status).toBe(200)
  expect((await chief.get(server.at(`${path}.csv`))).text).toContain("500")
  const log = await chief.get(server.at(`/admin/audit?subject=${team}&fold=0`))
  expect(log.text.match(/Won a prize/g)?.length).toBeGreaterThanOrEqual(2)
  expect(server.app.ledger.verify().ok).toBe(true)
})

test("by API with an admin's key, and nothing for a person or another key", async () => {
  const keyOf = async (user: User, scopes: string[]) =>
    (await server.app.keys.create(CTX, { userId: user.id, name: "Admin", scopes } as never)).secret
  const ask = async (path: string, secret: string) => {
    const answer = await fetch(server.at(`/api/v1/admin/teams${path}`), {
      headers: { authorization: `Bearer ${secret}` },
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const secret = await keyOf(admin, ["admin:users"])
  const { body } = await ask("?q=paper", secret)
  expect(body).toMatchObject({ object: "list", next: null, data: [{ id: team, owner: owner.publicId, people: 2 }] })
  const one = await ask(`/${team}`, secret)
  expect(one.body).toMatchObject({
    name: "Paper Boat",
    deleted_at: null,
    members: [
      { id: owner.publicId, role: "owner" },
      { id: billing.publicId, role: "billing" },
    ],
  })
  const first = await ask("?limit=1", secret)
  const second = await ask(`?limit=1&after=${(first.body as { next: string }).next}`, secret)
  expect(second.body.data).not.toEqual(first.body.data)
  expect((await ask("?after=tea_0", secret)).status).toBe(404)
  expect((await ask("/tea_0", secret)).status).toBe(404)
  expect((await ask("", await keyOf(admin, ["admin:settings"]))).status).toBe(403)
  const self = await signedIn(server, owner.email)
  for (const path of ["/admin/teams", `/admin/teams/${team}`, `/admin/users/${team}/wallet`])
    expect([path, (await self.get(server.at(path))).status]).toEqual([path, 404])
})

test("a deleted team is still listed, without its people; its wallet is not acted on", async () => {
  const host = await makeHost(server)
  const gone = await makeTeam(server, host, "Sandcastle")
  await server.app.store.write(CTX, (tx) => server.app.teams.endIn(tx, { userId: host.id, team: gone, forfeit: true }))
  const chief = await signedIn(server, admin.email)
  expect((await chief.get(server.at("/admin/teams?q=Sandcastle"))).text).toContain("Deleted")
  expect((await chief.get(server.at(`/admin/teams/${gone}`))).text).toContain("Nobody is in it any more.")
  expect((await chief.get(server.at(`/admin/users/${gone}/wallet`))).status).toBe(404)
})

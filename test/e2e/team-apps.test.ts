// Apps that a team owns (SPEC TE-1), over real HTTP: made by who builds for it, read by all of it, nobody else's, and the team's whoever made them.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, nano, UserId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { earned } from "../payout-world.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
}, 30_000)
afterAll(() => server?.close())

const PAYOUTS = "/developer/payouts"

type Agent = Awaited<ReturnType<typeof signedIn>>
const ROLES = ["owner", "admin", "billing", "viewer"] as const
type Role = (typeof ROLES)[number]

async function world() {
  const { app } = server
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner)
  const people = { owner } as Record<Role, User>
  for (const role of ["admin", "billing", "viewer"] as const) {
    people[role] = await makeUser(app)
    await joinTeam(server, team, owner, people[role], role)
  }
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  return { team, people, id }
}
type World = Awaited<ReturnType<typeof world>>

const csrfOf = async (agent: Agent): Promise<string> =>
  (await agent.get(server.at("/settings"))).forms[0]!.fields.find(([name]) => name === "csrf")![1]
const act = async (agent: Agent, team: string) =>
  agent.post(server.at("/acting"), [
    ["csrf", await csrfOf(agent)],
    ["team", team],
  ])
async function asTeam({ people, team }: World, role: Role): Promise<Agent> {
  const agent = await signedIn(server, people[role].email)
  await act(agent, team)
  return agent
}

/** The agreement and an app, by the pages. */
async function withApp(of: World, more: Record<string, string> = {}) {
  const agent = await asTeam(of, "admin")
  const { app } = server
  await agent.submit(await agent.get(server.at("/developer")), "/developer/agreement", { accept: "1" })
  const page = await agent.get(server.at("/developer/apps/new"))
  const made = await agent.submit(page, "/developer/apps", {
    name: "Night Train",
    type: "confidential",

    redirect_uris: "http://127.0.0.1:9/callback",
    scope: "llm",
    ...more,
  })
  const [client] = app.oauth.clientsOf(of.id)
  return { agent, made, client: client as Client, path: `/developer/apps/${client?.publicId}` }
}
const earnings = (id: number, mode: "live" | "test" = "live") =>
  server.app.ledger.earningsOf({ kind: "principal", id: UserId(id) }, mode, server.app.developers.earningTerms())
const failed = (outcome: Promise<unknown>) =>
  outcome.then(
    () => "ok",
    (error: { code?: string }) => error.code,
  )

test("an admin agrees and makes an app for the team: it is the team's, and nobody's own", async () => {
  const of = await world()
  const { app } = server
  const { client, path, agent } = await withApp(of)
  expect([client?.ownerId as number, app.oauth.clientsOf(of.people.admin.id)]).toEqual([of.id, []])
  expect([app.developers.developerOf(of.id)?.agreementCurrent, app.developers.developerOf(of.people.admin.id)]).toEqual(
    [true, null],
  )
  for (const role of ROLES) expect((await (await asTeam(of, role)).get(server.at(path))).status).toBe(200)
  // Read by all of the team, changed by who builds for it.
  for (const role of ["billing", "viewer"] as const) {
    const who = await asTeam(of, role)
    const page = await who.get(server.at(path))
    const changed = await who.post(server.at(path), [...(page.forms[0]?.fields ?? [])])
    expect([role, changed.status, changed.text.includes("Nothing was done.")]).toEqual([role, 403, true])
    for (const more of ["keys", "users", "webhooks", "deletion", "domain", "listing", "transfer", "review"])
      expect([role, more, (await who.get(server.at(`${path}/${more}`))).status]).toEqual([role, more, 403])
    for (const more of ["requests", "health"]) expect((await who.get(server.at(`${path}/${more}`))).status).toBe(200)
  }
  // Others, and members as themselves, have no such app.
  const stranger = await signedIn(server, (await makeDeveloper(app)).email)
  const self = await signedIn(server, of.people.admin.email)
  for (const who of [stranger, self])
    for (const more of ["", "/keys", "/users", "/requests", "/transfer", "/webhooks"])
      expect((await who.get(server.at(path + more))).status).toBe(404)
  // Every page of the app opens for who builds.
  for (const more of ["cache", "deletion", "domain", "keys", "listing", "review", "transfer", "users", "webhooks"])
    expect([more, (await agent.get(server.at(`${path}/${more}`))).status]).toEqual([more, 200])
  const acts = await (await signedIn(server, of.people.owner.email)).get(server.at(`/teams/${of.team}/activity`))
  expect(acts.text).toContain("Night Train")
  expect((await agent.get(server.at("/developer"))).text).toContain("Night Train")
  expect(app.oauth.clientsOf(of.id)).toHaveLength(1)
}, 60_000)

test("what the app earns is the team's; its own people's free credits earn nothing, paid ones do", async () => {
  const of = await world()
  const { app } = server
  const { client } = await withApp(of)
  const { secret } = await app.store.write(CTX, (tx) =>
    app.oauth.addSecretIn(tx, { ownerId: of.id, clientPublicId: client.publicId, name: "Test" }),
  )
  const call = async (user: User) => {
    const { accessToken } = await mintTokens(app, { user, client, secret, scope: "openid offline_access llm" })
    const before = earnings(of.id).pendingNano
    expect((await chat(server.url, accessToken)).status).toBe(200)
    return earnings(of.id).pendingNano - before
  }
  const grant = async (user: User, paid: boolean) =>
    app.store.write(CTX, (tx) =>
      app.ledger.grantIn(tx, {
        owner: { kind: "principal", id: user.id },
        mode: "live",
        ...(paid ? { type: "topup", bucket: "purchase", paid: true } : { type: "bonus", bucket: "bonus", paid: false }),
        amountNano: credits(50),
        key: `given:${user.id}`,
      }),
    )
  const stranger = await makeUser(app)
  await grant(stranger, false)
  await grant(of.people.viewer, false)
  expect(await call(stranger)).toBeGreaterThan(0)
  expect(await call(of.people.viewer)).toBe(0)
  await grant(of.people.billing, true)
  expect(await call(of.people.billing)).toBeGreaterThan(0)
  for (const person of Object.values(of.people)) expect(earnings(person.id).pendingNano).toBe(nano(0))
  expect((await app.verification.run(CTX)).ok).toBe(true)
}, 60_000)

test("a test token and a call made on the page spend the team's credits, and end with the right to", async () => {
  const of = await world()
  const { app } = server
  const { agent, client, path } = await withApp(of, { test_mode: "1" })
  expect(client.mode).toBe("test")
  const wallet = (id: number) => app.ledger.wallet({ kind: "principal", id: UserId(id) }, "test").balanceNano as number
  await agent.submit(await agent.get(server.at(path)), `${path}/test-credits`)
  const has = wallet(of.id)
  expect([has > 0, wallet(of.people.admin.id)]).toEqual([true, 0])
  const ran = await agent.submit(await agent.get(server.at(path)), `${path}/test-call`)
  expect(ran.text).toContain("It answered")
  expect([wallet(of.id) < has, wallet(of.people.admin.id)]).toEqual([true, 0])
  const shown = await agent.submit(await agent.get(server.at(path)), `${path}/test-token`)
  const token = /eyJ[\w-]+\.[\w-]+\.[\w-]+/.exec(shown.text)![0]
  const code = async () => {
    const answer = await chat(server.url, token)
    return answer.ok ? "ok" : ((await answer.json()) as { error: { code: string } }).error.code
  }
  expect(await code()).toBe("ok")
  const ref = { userId: of.people.owner.id, team: of.team, member: of.people.admin.publicId }
  await app.store.write(CTX, (tx) => app.teams.setRoleIn(tx, { ...ref, role: "viewer" }))
  expect(await code()).toBe("token_revoked")
}, 60_000)

test("who is removed loses it with the next request, and what they made stays the team's", async () => {
  const of = await world()
  const { app } = server
  const { agent, path, client } = await withApp(of)
  const open = await agent.get(server.at(`${path}/keys`))
  await app.store.write(CTX, (tx) =>
    app.teams.removeIn(tx, { userId: of.people.owner.id, team: of.team, member: of.people.admin.publicId }),
  )
  expect((await agent.get(server.at(path))).status).toBe(404)
  expect((await agent.submit(open, `${path}/keys`, { name: "Late", scope: "users" })).status).toBe(403)
  expect(app.oauth.clientById(client.id)).toMatchObject({ ownerId: of.id, suspendedMs: null, removedMs: null })
  // Also where the page began before: the body asks again.
  const ctx = { ...CTX, actor: `user:${of.people.admin.publicId}`, onBehalfOf: of.team }
  const late = app.store.write(ctx, (tx) => void app.developers.requireDeveloperIn(tx, of.id))
  expect(await failed(late)).toBe("forbidden")
  expect((await (await asTeam(of, "owner")).get(server.at(path))).status).toBe(200)
}, 60_000)

test("a secret key of the team's app answers about its people, outlives who made it, and ends when the app is somebody else's", async () => {
  const of = await world()
  const { app } = server
  const { agent, client, path } = await withApp(of)
  const page = await agent.get(server.at(`${path}/keys`))
  const made = await agent.submit(page, `${path}/keys`, { name: "Server", scope: "users" })
  const [secret] = /app_(live|test)_[\w-]{20,}/.exec(made.text)!
  const person = await makeUser(app)
  await app.store.write(CTX, (tx) =>
    app.oauth.grantConsentIn(tx, { userId: person.id, clientId: client.id, scopes: ["openid", "llm"], limits: {} }),
  )
  const ask = async () => {
    const answer = await fetch(server.at("/v1/app/users"), { headers: { authorization: `Bearer ${secret}` } })
    const { data } = (await answer.json()) as { data?: { id: string }[] }
    return [answer.status, data?.length]
  }
  expect(await ask()).toEqual([200, 1])
  const ref = { userId: of.people.owner.id, team: of.team }
  await app.store.write(CTX, (tx) => app.teams.removeIn(tx, { ...ref, member: of.people.admin.publicId }))
  expect(await ask()).toEqual([200, 1])
  expect((await agent.get(server.at(`${path}/keys`))).status).toBe(404)
  const next = await makeDeveloper(app)
  const owner = await asTeam(of, "owner")
  await owner.submit(await owner.get(server.at(`${path}/transfer`)), `${path}/transfer`, { email: next.email })
  expect(await ask()).toEqual([200, 1])
  const other = await signedIn(server, next.email)
  const to = /\/developer\/transfers\/atr_\w+/.exec((await other.get(server.at("/developer"))).text)![0]
  await other.submit(await other.get(server.at(to)), to, {})
  expect(app.oauth.clientById(client.id)?.ownerId).toBe(next.id)
  expect(await ask()).toEqual([401, undefined])
}, 60_000)

test("an app goes from a person to their team and from the team to somebody else", async () => {
  const of = await world()
  const { app } = server
  const maker = await makeDeveloper(app)
  await joinTeam(server, of.team, of.people.owner, maker, "admin")
  const { client } = await makeClient(app, { ownerId: maker.id })
  const path = `/developer/apps/${client.publicId}`
  const agent = await signedIn(server, maker.email)
  await agent.submit(await agent.get(server.at(`${path}/transfer`)), `${path}/transfer`, { email: maker.email })
  await act(agent, of.team)
  const home = await agent.get(server.at("/developer"))
  const offer = /\/developer\/transfers\/atr_\w+/.exec(home.text)![0]
  const taken = await agent.submit(await agent.get(server.at(offer)), offer, { accept: "1" })
  expect(taken.status).toBe(200)
  expect(app.oauth.clientById(client.id)?.ownerId as number).toBe(of.id)
  const next = await makeDeveloper(app)
  const owner = await asTeam(of, "owner")
  await owner.submit(await owner.get(server.at(`${path}/transfer`)), `${path}/transfer`, { email: next.email })
  await app.outbox.flush()
  const about = (to: string) =>
    app.mailer.mailbox.filter((mail) => mail.to === to && mail.subject.includes("offered")).length
  // Those who build are told, the others are not.
  expect([about(of.people.owner.email), about(of.people.admin.email)]).toEqual([1, 1])
  expect([about(of.people.billing.email), about(of.people.viewer.email)]).toEqual([0, 0])
  const other = await signedIn(server, next.email)
  const to = /\/developer\/transfers\/atr_\w+/.exec((await other.get(server.at("/developer"))).text)![0]
  // Into a team that they do not build for nobody takes anything.
  const ref = { userId: next.id, to: of.id, transferPublicId: to.split("/").at(-1)! }
  expect(await failed(app.store.write(CTX, (tx) => void app.appTransfers.acceptIn(tx, ref)))).toBe("forbidden")
  await other.submit(await other.get(server.at(to)), to, {})
  expect(app.oauth.clientById(client.id)?.ownerId).toBe(next.id)
}, 60_000)

test("a team with apps is not deleted; one that nobody is left to have ends with its apps", async () => {
  const of = await world()
  const { app } = server
  const { client } = await withApp(of)
  const end = () =>
    failed(
      app.store.write(CTX, (tx) => app.teams.endIn(tx, { userId: of.people.owner.id, team: of.team, forfeit: true })),
    )
  expect(await end()).toBe("conflict")
  await app.store.write(CTX, (tx) =>
    app.teams.removeIn(tx, { userId: of.people.owner.id, team: of.team, member: of.people.admin.publicId }),
  )
  for (let took = 1; took > 0; )
    took = await app.store.write<number>(CTX, (tx) => app.teams.releaseIn(tx, of.people.owner.id, 50))
  expect(app.oauth.clientById(client.id)?.removedMs).not.toBeNull()
  expect([app.teams.byId(of.id)?.endedMs === null, app.oauth.clientsOf(of.id).filter((one) => !one.removedMs)]).toEqual(
    [false, []],
  )
}, 60_000)

test("earnings of a team are paid out: asked by who handles its money, decided by an admin, told to them; nobody else, and nothing while its owner is held", async () => {
  const of = await world()
  const { app } = server
  await withApp(of)
  await earned(app, { id: of.id } as User, await makeUser(app), 100)
  const method = `${PAYOUTS}/method/bank`
  const typed = { holder: "Night Train Ltd", iban: "DE89370400440532013000", bic: "", currency: "USD" }
  for (const role of ["owner", "admin", "billing"] as const)
    expect((await (await asTeam(of, role)).get(server.at(PAYOUTS))).status).toBe(200)
  const viewer = await asTeam(of, "viewer")
  for (const path of [PAYOUTS, method, `${PAYOUTS}/statements`])
    expect([path, (await viewer.get(server.at(path))).status]).toEqual([path, 403])
  expect((await viewer.get(server.at("/developer/settings"))).text).not.toContain("3000")
  const billing = await asTeam(of, "billing")
  const saved = await billing.submit(await billing.get(server.at(method)), method, typed)
  expect(saved.text).toContain("Bank account ending in 3000")
  await app.store.write(CTX, (tx) => tx.run("UPDATE payout_methods SET usable_ms = created_ms"))
  const ask = async () => billing.submit(await billing.get(server.at(PAYOUTS)), PAYOUTS, { amount: "40" })
  const asked = await ask()
  const id = asked.url.split("/").at(-1)!
  expect(id).toStartWith("pay_")
  expect(earnings(of.id).requestedNano).toBe(nano(40_000_000_000))
  // As themselves none of them has it; another team's people hear nothing of it.
  const alone = await signedIn(server, of.people.owner.email)
  expect((await alone.get(server.at(`${PAYOUTS}/${id}`))).status).not.toBe(200)
  const boss = await signedIn(server, (await makeUser(app, { isAdmin: true })).email)
  const list = (await boss.get(server.at("/admin/payouts"))).text
  expect(list).toContain(`/admin/users/${of.team}/payouts`)
  for (const path of ["", "/documents"])
    expect([path, (await boss.get(server.at(`/admin/users/${of.team}/payouts${path}`))).status]).toEqual([path, 200])
  const decide = async (act: string, more: Record<string, string> = {}) => {
    const path = `/admin/payouts/${id}/${act}`
    return boss.submit(await boss.get(server.at(path)), path, { reason: "Looked at", ...more })
  }
  await app.store.write(CTX, (tx) => app.payouts.holdIn(tx, { userId: of.people.owner.id, reason: "A suspicion" }))
  expect((await decide("approval")).text).toContain("payouts of this developer are held")
  expect((await billing.get(server.at(PAYOUTS))).text).toContain("held")
  await app.store.write(CTX, (tx) => app.payouts.releaseIn(tx, { userId: of.people.owner.id }))
  expect((await decide("approval")).status).toBe(200)
  // Held after it was approved: it waits for no file any more.
  const waiting = () => app.payouts.waitingFor("pain") + app.payouts.waitingFor("csv")
  const before = waiting()
  expect(before).toBeGreaterThan(0)
  await app.store.write(CTX, (tx) => app.payouts.holdIn(tx, { userId: of.people.owner.id, reason: "A suspicion" }))
  expect(waiting()).toBe(0)
  await app.store.write(CTX, (tx) => app.payouts.releaseIn(tx, { userId: of.people.owner.id }))
  expect(waiting()).toBe(before)
  expect((await decide("payment", { reference: "BANK 1" })).status).toBe(200)
  expect(earnings(of.id)).toMatchObject({ requestedNano: 0, paidNano: 40_000_000_000 })
  await app.outbox.flush()
  const told = app.mailer.mailbox.filter(({ subject }) => /payout/i.test(subject)).map(({ to }) => to)
  for (const role of ["owner", "admin", "billing"] as const) expect(told).toContain(of.people[role].email)
  expect(told).not.toContain(of.people.viewer.email)
  const pdf = await billing.get(server.at(`${PAYOUTS}/statements/${new Date().toISOString().slice(0, 7)}`))
  expect([pdf.status, pdf.text.includes("teams.invalid")]).toEqual([200, false])
  const { checks } = await app.verification.run(CTX)
  // What was earned days ago is written after what came since.
  expect(checks.filter(({ violations }) => violations > 0).map(({ name }) => name)).toEqual(["chain"])
}, 60_000)

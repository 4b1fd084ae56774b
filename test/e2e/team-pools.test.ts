// Free calls of a team's app, by the pages: paid in from the team's wallet by who may spend it and is not limited in it, paid out for the app's
// people, and back to the team, whatever becomes of the app.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, nano, PrincipalId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { principal } from "../../src/ledger/index.ts"
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
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
}, 30_000)
afterAll(() => server?.close())

const ROLES = ["owner", "admin", "billing", "viewer"] as const
type Role = (typeof ROLES)[number]
type Agent = Awaited<ReturnType<typeof signedIn>>

async function act(agent: Agent, team: string): Promise<Agent> {
  const { forms } = await agent.get(server.at("/settings"))
  const csrf = forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(server.at("/acting"), [
    ["csrf", csrf],
    ["team", team],
  ])
  return agent
}
const wallet = (id: number) => server.app.ledger.wallet(principal(PrincipalId(id)), "live").balanceNano as number

/** A team with an app and 1,000 credits that it bought. */
async function world() {
  const { app } = server
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner)
  const people = { owner } as Record<Role, User>
  const agents = { owner: await act(await signedIn(server, owner.email), team) } as Record<Role, Agent>
  for (const role of ["admin", "billing", "viewer"] as const) {
    people[role] = await makeUser(app)
    await joinTeam(server, team, owner, people[role], role)
    agents[role] = await act(await signedIn(server, people[role].email), team)
  }
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  await app.developers.acceptAgreement(CTX, { userId: id, version: app.developers.agreementVersion, company: "" })
  const { client, secret } = await makeClient(app, { ownerId: id })
  await app.store.write(CTX, (tx) =>
    app.ledger.grantIn(tx, {
      owner: principal(PrincipalId(id)),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      paid: true,
      amountNano: credits(1_000),
      key: `team:${id}`,
    }),
  )
  const path = `/developer/apps/${client.publicId}/pool`
  return { team, people, agents, id, client, secret, path }
}
type World = Awaited<ReturnType<typeof world>>
const send = async ({ agents, path }: World, role: Role, part: string, values: Record<string, string>) =>
  agents[role].submit(await agents[role].get(server.at(path)), `${path}${part}`, values)
const failed = (outcome: Promise<unknown>) =>
  outcome.then(
    () => "ok",
    (error: Error) => error.message,
  )
const pool = ({ id, client }: World) =>
  server.app.sponsors.poolOf({ developerId: id, clientPublicId: client.publicId })!

test("the team's wallet fills the pool of its app, which pays its people's calls; what is taken back is the team's", async () => {
  const of = await world()
  const { app } = server
  for (const role of ["billing", "viewer"] as const)
    expect([role, (await of.agents[role].get(server.at(of.path))).status]).toEqual([role, 403])
  await send(of, "admin", "", { cap: "50", on: "1" })
  const filled = await send(of, "admin", "/funding", { amount: "400" })
  expect(filled.status).toBe(200)
  expect([pool(of).leftNano, wallet(of.id), wallet(of.people.admin.id)] as number[]).toEqual([
    credits(400),
    credits(600),
    0,
  ])
  const user = await makeUser(app)
  const { accessToken } = await mintTokens(app, { user, client: of.client, secret: of.secret })
  expect((await chat(server.url, accessToken)).status).toBe(200)
  const used = pool(of).usedNano as number
  expect([used > 0, wallet(user.id), wallet(of.id)]).toEqual([true, 0, credits(600)])
  // Nobody of the team earns by it, nor the team.
  const earned = [of.id, ...Object.values(of.people).map(({ id }) => id)].map(
    (id) => app.ledger.earningsOf(principal(PrincipalId(id)), "live", app.developers.earningTerms()).pendingNano,
  )
  expect(earned.every((one) => one === 0)).toBe(true)
  await send(of, "owner", "/return", { amount: "100" })
  expect([wallet(of.id), pool(of).leftNano as number]).toEqual([credits(700), credits(300) - used])
  expect((await app.verification.run(CTX)).ok).toBe(true)
}, 60_000)

test("whoever the team limits fills no pool to call past their limit; more than it has does not go in", async () => {
  const of = await world()
  const { app } = server
  await send(of, "admin", "", { cap: "50", on: "1" })
  await app.store.write(CTX, (tx) =>
    app.limits.setMemberLimitsIn(tx, {
      teamId: of.id,
      userId: of.people.admin.id,
      teamPublicId: of.team,
      person: of.people.admin.publicId,
      limits: { spend_day: nano(1_000_000) },
    }),
  )
  const refused = await send(of, "admin", "/funding", { amount: "400" })
  expect([refused.status, wallet(of.id)]).toEqual([403, credits(1_000)])
  const tooMuch = await send(of, "owner", "/funding", { amount: "4000" })
  expect([tooMuch.status >= 400, wallet(of.id), pool(of).leftNano as number]).toEqual([true, credits(1_000), 0])
}, 60_000)

test("credits in a pool keep a team from being deleted, and come back to it with the end of the app", async () => {
  const of = await world()
  const { app } = server
  await send(of, "admin", "", { cap: "50", on: "1" })
  await send(of, "admin", "/funding", { amount: "400" })
  // Handed over, it is nobody's of the team, and its pool pays nothing any more.
  const next = await makeDeveloper(app)
  const offer = { ownerId: of.id, clientPublicId: of.client.publicId, email: next.email }
  await app.store.write(CTX, (tx) => {
    const { publicId: transferPublicId } = app.appTransfers.offerIn(tx, offer)
    app.appTransfers.acceptIn(tx, { userId: next.id, transferPublicId })
  })
  expect(app.oauth.clientById(of.client.id)?.ownerId).toBe(next.id)
  const end = () =>
    failed(
      app.store.write(CTX, (tx) => app.teams.endIn(tx, { userId: of.people.owner.id, team: of.team, forfeit: true })),
    )
  expect(await end()).toContain("have credits left")
  await app.sponsors.returnDue(CTX, 100)
  expect(wallet(of.id)).toBe(credits(1_000))
  expect(await end()).toBe("ok")
  expect((await app.verification.run(CTX)).ok).toBe(true)
}, 60_000)

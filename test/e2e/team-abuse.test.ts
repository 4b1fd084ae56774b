// What somebody gets by having teams that they would not get alone: an operator's hold that is left behind, a free trial of each new team.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, nano, PrincipalId, UserId } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { principal } from "../../src/ledger/index.ts"
import { type MadeProduct, productIn } from "../../src/marketplace/calls/testing.ts"
import { PROOF_ABOVE } from "../../src/payouts/index.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { DOCUMENT, earned } from "../payout-world.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  await addSandbox(server.app)
}, 30_000)
afterAll(() => server?.close())

const PAYOUTS = "/developer/payouts"
type Agent = Awaited<ReturnType<typeof signedIn>>

/** A browser of somebody who acts as a team. */
async function asTeam(person: User, team: string): Promise<Agent> {
  const agent = await signedIn(server, person.email)
  const { forms } = await agent.get(server.at("/settings"))
  const csrf = forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(server.at("/acting"), [
    ["csrf", csrf],
    ["team", team],
  ])
  return agent
}
const idOf = (owner: User, team: string): UserId =>
  UserId(server.app.teams.membership({ userId: owner.id, team }, "see").team.id)

/** A team that earned, has said where its money goes, and has asked for some of it. */
async function paidTeam(owner: User, asks = true) {
  const { app } = server
  const team = await makeTeam(server, owner)
  const id = idOf(owner, team)
  const version = app.developers.agreementVersion
  await app.developers.acceptAgreement(CTX, { userId: id, version, company: "Paper Boat" })
  await earned(app, { id } as User, await makeUser(app), 100)
  const typed = {
    kind: "iban",
    holder: "Paper Boat",
    iban: "DE89370400440532013000",
    bic: "",
    currency: "USD",
  } as const
  await app.store.write(CTX, (tx) => {
    app.payouts.setMethodIn(tx, { userId: id, typed })
    tx.run("UPDATE payout_methods SET usable_ms = created_ms WHERE owner_id = ?", id)
  })
  const asking = { userId: id, amountNano: nano(25_000_000_000), key: "first" }
  const payout = asks ? (await app.store.write(CTX, (tx) => app.payouts.requestIn(tx, asking))).publicId : ""
  return { team, id, payout }
}

test("whose payouts are held hands their team's over with the hold: nothing is asked for or approved until it is released", async () => {
  const { app } = server
  const [owner, heir] = [await makeHost(server), await makeHost(server)]
  const { team, id, payout } = await paidTeam(owner)
  await joinTeam(server, team, owner, heir, "admin")
  await app.store.write(CTX, (tx) => app.payouts.holdIn(tx, { userId: owner.id, reason: "A suspicion" }))
  const away = await signedIn(server, owner.email)
  const page = `/teams/${team}/owner`
  const handed = await away.submit(await away.get(server.at(page)), page, { member: heir.publicId })
  expect(handed.status).toBe(200)
  expect(app.teams.answersFor(id)).toBe(heir.id)
  const agent = await asTeam(heir, team)
  expect((await agent.get(server.at(PAYOUTS))).text).toContain("Your payouts are held")
  const boss = await signedIn(server, (await makeUser(app, { isAdmin: true })).email)
  const approval = `/admin/payouts/${payout}/approval`
  const approve = async () => boss.submit(await boss.get(server.at(approval)), approval, { reason: "Looked at" })
  expect((await approve()).text).toContain("payouts of this developer are held")
  // The operator finds it where the team's payouts are, and ends it there.
  const release = `/admin/users/${team}/payouts/release`
  await boss.submit(await boss.get(server.at(release)), release, { reason: "All is well" })
  expect((await approve()).status).toBe(200)
  expect(app.payouts.order(payout)?.state).toBe("approved")
})

test("documents are asked for by what a person and their teams ask for in a year together; of a team with another owner they are looked at again", async () => {
  const { app } = server
  const [owner, heir] = [await makeHost(server), await makeHost(server)]
  await app.settings.set(CTX, PROOF_ABOVE, { value: nano(40_000_000_000) })
  // $25 each: either is below, both are above.
  await paidTeam(owner)
  const second = await paidTeam(owner, false)
  const agent = await asTeam(owner, second.team)
  const ask = async (amount: string) => agent.submit(await agent.get(server.at(PAYOUTS)), PAYOUTS, { amount })
  expect(plainText((await agent.get(server.at(`${PAYOUTS}/documents`))).text)).toContain("$15")
  expect((await ask("25")).text).toContain("somebody has to look at your documents first")
  const file = DOCUMENT
  await app.store.write(CTX, (tx) => app.payouts.addDocumentIn(tx, { userId: second.id, kind: "identity", file }))
  const accepted = { userId: second.id, decision: "approved", because: "" } as const
  await app.store.write(CTX, (tx) => app.payouts.decideCheckIn(tx, accepted))
  expect((await ask("25")).url).toContain("/pay_")
  await joinTeam(server, second.team, owner, heir, "admin")
  await app.store.write(CTX, (tx) =>
    app.teams.handOverIn(tx, { userId: owner.id, team: second.team, member: heir.publicId }),
  )
  expect(app.payouts.checkOf(second.id)?.state).toBe("pending")
  expect(app.payouts.checksWaiting().map(({ ownerId }) => ownerId as number)).toContain(second.id)
  await app.settings.set(CTX, PROOF_ABOVE, { value: null })
})

const DAYS = 14
const PLAN = { quotas: [], overageNano: null, overageCapNano: null }
/** An API with a plan that has a free trial. */
interface Trial {
  product: MadeProduct
  /** `mpl_…`: that one, and one without a trial. */
  plan: string
  dearer: string
  maker: User
}
async function trialProduct(): Promise<Trial> {
  const { app } = server
  const maker = await makeUser(app)
  return app.store.write(CTX, (tx) => {
    const product = productIn(tx, app.keyring, {
      ownerId: maker.id,
      upstreamUrl: "http://127.0.0.1:9",
      plans: [PLAN, PLAN],
      endpoints: [{ path: "/a" }],
    })
    const price = "UPDATE market_plan_terms SET price_nano = ?, trial_days = ? WHERE id = ?"
    for (const [at, days] of [DAYS, 0].entries()) tx.run(price, (at + 1) * 10_000_000_000, days, product.termsIds[at]!)
    const of = "SELECT public_id AS publicId FROM market_plans WHERE product_id = ? ORDER BY rank"
    const [plan, dearer] = tx.all<{ publicId: string }>(of, product.id).map(({ publicId }) => publicId)
    return { product, plan: plan!, dearer: dearer!, maker }
  })
}

/** The question before subscribing, as whoever the browser acts as. */
async function question(agent: Agent, { product, plan }: Trial) {
  const page = await agent.get(server.at(`/marketplace/${product.slug}/subscribe?plan=${plan}`))
  return { page, isTrial: !plainText(page.text).includes("Subscribe and pay") }
}
const subscribe = async (agent: Agent, trial: Trial) =>
  agent.submit((await question(agent, trial)).page, `/marketplace/${trial.product.slug}/subscribe`)
const states = (id: UserId) => server.app.marketplace.subscriptions.ofUser(id).map(({ state }) => state)

test("a free trial is given once to a person and to all teams that are or were theirs", async () => {
  const { app } = server
  const trial = await trialProduct()
  const [owner, friend] = [await makeHost(server), await makeHost(server)]
  const first = await makeTeam(server, owner)
  const boss = await asTeam(owner, first)
  expect((await question(boss, trial)).isTrial).toBe(true)
  await subscribe(boss, trial)
  expect(states(idOf(owner, first))).toEqual(["trialing"])
  // Another team of theirs, they themselves, and one that they handed to somebody else.
  const second = await makeTeam(server, owner)
  const handed = await makeTeam(server, owner)
  await joinTeam(server, handed, owner, friend, "admin")
  await app.store.write(CTX, (tx) =>
    app.teams.handOverIn(tx, { userId: owner.id, team: handed, member: friend.publicId }),
  )
  const askers = [await asTeam(owner, second), await signedIn(server, owner.email), await asTeam(friend, handed)]
  for (const agent of askers) expect((await question(agent, trial)).isTrial).toBe(false)
  expect((await subscribe(askers[0]!, trial)).status).toBe(402)
  // The first one is deleted, and a new one is made.
  await app.store.write(CTX, (tx) => app.teams.endIn(tx, { userId: owner.id, team: first, forfeit: true }))
  expect((await question(await asTeam(owner, await makeTeam(server, owner)), trial)).isTrial).toBe(false)
  // Whoever is merely in such a team is somebody else.
  const member = await makeUser(app)
  await joinTeam(server, second, owner, member, "admin")
  expect((await question(await signedIn(server, member.email), trial)).isTrial).toBe(true)
})

test("whom a publisher has blocked does not come back as a team of theirs, or as its owner", async () => {
  const { app } = server
  const { marketplace, store } = app
  const trial = await trialProduct()
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner)
  await subscribe(await signedIn(server, owner.email), trial)
  const [mine] = marketplace.subscriptions.ofUser(owner.id)
  const by = { ownerId: PrincipalId(trial.maker.id), subscription: mine!.publicId }
  await store.write(CTX, (tx) => marketplace.subscriptions.banIn(tx, { ...by, reason: "Misuse" }))
  const agent = await asTeam(owner, team)
  const refused = await subscribe(agent, trial)
  expect([refused.status, plainText(refused.text).includes("has blocked a subscription of yours")]).toEqual([403, true])
  expect(states(idOf(owner, team))).toEqual([])
  await store.write(CTX, (tx) => marketplace.subscriptions.unbanIn(tx, by))
  expect((await subscribe(agent, trial)).status).toBe(402)
})

test("free credits of one's other team earn nothing, whoever of it calls; those of a stranger's team do", async () => {
  const { app } = server
  const [owner, stranger] = [await makeHost(server), await makeHost(server)]
  const maker = await makeTeam(server, owner)
  const id = idOf(owner, maker)
  const version = app.developers.agreementVersion
  await app.developers.acceptAgreement(CTX, { userId: id, version, company: "Paper Boat" })
  const { client, secret } = await makeClient(app, { ownerId: id })
  const earnedBy = async (host: User) => {
    const [team, friend] = [await makeTeam(server, host), await makeUser(app)]
    await joinTeam(server, team, host, friend, "admin")
    await giveCredits(app, { id: idOf(host, team) } as User, credits(50))
    const payer = { user: friend, client, secret, scope: "openid offline_access llm", payer: team }
    const { accessToken } = await mintTokens(app, payer)
    const pending = () => app.ledger.earningsOf(principal(id), "live", app.developers.earningTerms()).pendingNano
    const before = pending()
    expect((await chat(server.url, accessToken)).status).toBe(200)
    return pending() - before
  }
  expect(await earnedBy(owner)).toBe(0)
  expect(await earnedBy(stranger)).toBeGreaterThan(0)
})

test("whoever the team limits subscribes it to nothing that costs: the price counts for no limit, and may be theirs to earn", async () => {
  const { app } = server
  const trial = await trialProduct()
  const [owner, admin] = [await makeHost(server), await makeUser(app)]
  const team = await makeTeam(server, owner)
  const id = idOf(owner, team)
  await joinTeam(server, team, owner, admin, "admin")
  const limit = (spend_day: number | null) =>
    app.store.write(CTX, (tx) => {
      const { userId, person } = app.teams.limitableIn(tx, { userId: owner.id, team, member: admin.publicId })
      const who = { teamId: PrincipalId(id), teamPublicId: team, userId, person }
      app.limits.setMemberLimitsIn(tx, { ...who, limits: { spend_day } })
    })
  const agent = await asTeam(admin, team)
  await limit(0)
  const refused = await subscribe(agent, trial)
  expect([refused.status, plainText(refused.text).includes("This team limits what you spend")]).toEqual([403, true])
  expect(states(id)).toEqual([])
  await subscribe(await asTeam(owner, team), trial)
  const [one] = app.marketplace.subscriptions.ofUser(id)
  // What is planned or ended they end, and bring nothing back that is paid for.
  const path = `/subscriptions/${one!.publicId}`
  await agent.submit(await agent.get(server.at(`${path}/cancellation`)), `${path}/cancellation`)
  const resume = async () => agent.submit(await agent.get(server.at(path)), `${path}/resumption`)
  expect((await resume()).text).toContain("This team limits what you spend")
  expect(app.marketplace.subscriptions.ofUser(id)[0]?.cancelledMs).not.toBeNull()
  const dearer = `${path}/plan?to=${trial.dearer}`
  const change = async () => agent.submit(await agent.get(server.at(dearer)), `${path}/plan`)
  expect([(await change()).status, states(id)]).toEqual([403, ["trialing"]])
  await limit(null)
  await resume()
  expect(app.marketplace.subscriptions.ofUser(id)[0]?.cancelledMs).toBeNull()
})

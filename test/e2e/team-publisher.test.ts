// APIs that a team publishes, over real HTTP: made by who builds for it, read by all of it, earned by the team, reviewed by none of its people,
// told to those whose affair it is; and a team that publishes does not go.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { nano, PrincipalId, UserId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { principal } from "../../src/ledger/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeDeveloper, makeUser, startTestServer, type TestServer } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
}, 30_000)
afterAll(() => server?.close())

type Agent = Awaited<ReturnType<typeof signedIn>>
const ROLES = ["owner", "admin", "billing", "viewer"] as const
type Role = (typeof ROLES)[number]
const HOST = "tides.example.com"
const DOCUMENT = (title: string) =>
  JSON.stringify({
    openapi: "3.1.0",
    info: { title, version: "1.0.0" },
    servers: [{ url: `https://${HOST}` }],
    paths: { "/tides/{port}": { get: { summary: "Tides of a port" } } },
  })

const csrfOf = async (agent: Agent): Promise<string> =>
  (await agent.get(server.at("/settings"))).forms[0]!.fields.find(([name]) => name === "csrf")![1]
const at = (agent: Agent, path: string) => agent.get(server.at(path))
async function act(agent: Agent, team: string): Promise<Agent> {
  await agent.post(server.at("/acting"), [
    ["csrf", await csrfOf(agent)],
    ["team", team],
  ])
  return agent
}

async function world(name = "Paper Boat") {
  const { app } = server
  const owner = await makeHost(server)
  const team = await makeTeam(server, owner, name)
  const people = { owner } as Record<Role, User>
  const agents = { owner: await act(await signedIn(server, owner.email), team) } as Record<Role, Agent>
  for (const role of ["admin", "billing", "viewer"] as const) {
    people[role] = await makeUser(app)
    await joinTeam(server, team, owner, people[role], role)
    agents[role] = await act(await signedIn(server, people[role].email), team)
  }
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  return { team, people, agents, id }
}
type World = Awaited<ReturnType<typeof world>>

let made = 0
/** By the pages alone, as an admin of the team: the agreement, the publisher, a document, a plan that costs $10, and published. */
async function withApi(of: World) {
  const { catalog } = server.app.marketplace
  const agent = of.agents.admin
  const name = `Tides ${++made}`
  const first = await at(agent, "/publisher")
  await agent.submit(await at(agent, "/developer"), "/developer/agreement", { accept: "1" })
  const become = await at(agent, "/publisher")
  const suggested = become.forms
    .find(({ action }) => action.endsWith("/publisher/registration"))!
    .fields.find(([field]) => field === "name")![1]
  await agent.submit(become, "/publisher/registration", { slug: `tide-people-${made}` })
  await agent.submit(await at(agent, "/publisher/products/new"), "/publisher/products/import", { text: DOCUMENT(name) })
  const product = catalog.productsOf(catalog.publisherOf(of.id)!.id).at(-1)!
  const path = `/publisher/products/${product.publicId}`
  await agent.submit(await at(agent, `${path}/plans/new`), `${path}/plans/new`, { name: "Sailor", price: "10" })
  await server.app.store.write(CTX, (tx) => {
    catalog.claimHostIn(tx, { ownerId: of.id, host: HOST })
    catalog.vouchForHostIn(tx, { productPublicId: product.publicId })
  })
  const published = await agent.submit(await at(agent, path), `${path}/publication`)
  await server.app.store.write(CTX, (tx) => {
    catalog.decideIn(tx, { productPublicId: product.publicId, state: "published", reason: null })
  })
  return { product: catalog.productBySlug(product.slug)!, path, suggested, first, published }
}
const pay = (id: User["id"], dollars: number, paid = true) =>
  server.app.store.write(CTX, (tx) =>
    server.app.ledger.grantIn(tx, {
      owner: principal(PrincipalId(id)),
      mode: "live",
      ...(paid ? { type: "topup", bucket: "purchase", paid: true } : { type: "bonus", bucket: "bonus", paid: false }),
      amountNano: nano(dollars * 1e9),
      key: `given:${id}:${dollars}:${paid}`,
    }),
  )
const earnings = (id: number) =>
  server.app.ledger.earningsOf(principal(PrincipalId(id)), "live", server.app.developers.earningTerms())
const subscribe = (user: User, productId: number) => {
  const { plans, subscriptions } = server.app.marketplace
  const planId = plans.plansOf(productId)[0]!.id
  return server.app.store.write(CTX, (tx) => {
    const { subscription } = subscriptions.subscribeIn(tx, { userId: user.id, planId, key: `test:${user.id}` })
    return { id: subscription.publicId, state: subscription.state }
  })
}
const failed = (outcome: Promise<unknown>) =>
  outcome.then(
    () => "ok",
    (error: { code?: string }) => error.code,
  )

test("an admin agrees and publishes an API for the team by the pages: it is the team's, named as it, and nobody's own", async () => {
  const of = await world()
  const { app } = server
  const { product, path, suggested, first, published } = await withApi(of)
  expect(first.text).toContain("Accept the developer agreement first")
  expect([suggested, product.state, published.status]).toEqual(["Paper Boat", "published", 200])
  const publisher = app.marketplace.catalog.publisherOf(of.id)!
  expect([publisher.name, app.marketplace.catalog.publisherOf(of.people.admin.id)]).toEqual(["Paper Boat", null])
  // Read by all of the team, by the table of rights.
  for (const role of ROLES) {
    expect([role, (await at(of.agents[role], path)).status]).toEqual([role, 200])
    expect((await at(of.agents[role], "/publisher")).text).toContain(product.title)
  }
  const money = async (role: Role) => (await at(of.agents[role], "/publisher/revenue")).status
  expect([await money("billing"), await money("viewer")]).toEqual([200, 403])
  const told = async (role: Role) => (await at(of.agents[role], "/publisher")).text.includes("Net revenue")
  expect([await told("billing"), await told("viewer")]).toEqual([true, false])
  for (const role of ["billing", "viewer"] as const)
    for (const more of ["consumers", "signing-key", "removal", "import", "plans/new"])
      expect([role, more, (await at(of.agents[role], `${path}/${more}`)).status]).toEqual([role, more, 403])
  for (const more of [
    "",
    "/endpoints",
    "/plans",
    "/docs",
    "/changelog",
    "/support",
    "/reviews",
    "/calls",
    "/consumers",
  ])
    expect([more, (await at(of.agents.owner, path + more)).status]).toEqual([more, 200])
  // Others, and members as themselves, have no such API.
  const stranger = await signedIn(server, (await makeDeveloper(app)).email)
  const self = await signedIn(server, of.people.admin.email)
  for (const who of [stranger, self])
    for (const more of ["", "/endpoints", "/plans", "/consumers", "/calls"])
      expect([more, (await at(who, path + more)).status]).toEqual([more, 404])
  // The public page names the team.
  expect((await at(stranger, `/marketplace/${product.slug}`)).text).toContain("Paper Boat")
  const acts = await at(await signedIn(server, of.people.owner.email), `/teams/${of.team}/activity`)
  expect(acts.text).toContain(product.title)
}, 90_000)

test("what subscribers pay is the team's: revenue to who handles its money, and no free credits of anybody earn it a thing", async () => {
  const of = await world()
  const { app } = server
  const { product, path } = await withApi(of)
  const buyer = await makeUser(app, { name: "Mara" })
  await pay(buyer.id, 50)
  await subscribe(buyer, product.id)
  expect(earnings(of.id).pendingNano).toBeGreaterThan(0)
  for (const person of Object.values(of.people)) expect(earnings(person.id).pendingNano).toBe(nano(0))
  expect((await at(of.agents.billing, "/publisher/revenue")).text).toContain("$10.00")
  // Who the consumers are is for those who build.
  expect((await at(of.agents.admin, `${path}/consumers`)).text).toContain("Mara")
  const before = earnings(of.id).pendingNano
  await pay(of.people.viewer.id, 50, false)
  await pay(of.id, 50, false)
  expect([
    await failed(subscribe(of.people.viewer, product.id)),
    await failed(subscribe({ id: of.id } as User, product.id)),
  ]).toEqual(["insufficient_credits", "insufficient_credits"])
  expect(earnings(of.id).pendingNano).toBe(before)
  expect((await app.verification.run(CTX)).ok).toBe(true)
}, 90_000)

test("nobody of the team reviews its API, whatever they paid; a stranger does, and the team answers", async () => {
  const of = await world()
  const { app } = server
  const { product, path } = await withApi(of)
  const buyer = await makeUser(app)
  for (const person of [of.people.owner, of.people.viewer, buyer]) {
    await pay(person.id, 50)
    await subscribe(person, product.id)
  }
  const review = (user: User) =>
    app.store.write(
      CTX,
      (tx) =>
        app.marketplace.showcase.writeReviewIn(tx, {
          userId: user.id,
          productId: product.id,
          stars: 5,
          title: "Fine",
          text: "It answers.",
        }).publicId,
    )
  expect([await failed(review(of.people.owner)), await failed(review(of.people.viewer))]).toEqual([
    "forbidden",
    "forbidden",
  ])
  const self = await signedIn(server, of.people.viewer.email)
  const page = await at(self, `/marketplace/${product.slug}/reviews`)
  expect(page.forms.some(({ action }) => action.endsWith("/reviews"))).toBe(false)
  await review(buyer)
  const list = await at(of.agents.admin, `${path}/reviews`)
  const answered = await of.agents.admin.submit(list, `${path}/reviews/answers`, { text: "Thank you." })
  expect([answered.status, answered.text.includes("Thank you.")]).toEqual([200, true])
}, 90_000)

test("letters about its APIs reach those who build, about its money those who handle it, and nobody else", async () => {
  const of = await world()
  const { app } = server
  const { product } = await withApi(of)
  const mailbox = app.mailer.mailbox
  const about = async (subject: string) => {
    await app.outbox.flush()
    const got = mailbox.filter((mail) => mail.subject.includes(subject)).map(({ to }) => to)
    return ROLES.filter((role) => got.includes(of.people[role].email))
  }
  await app.store.write(CTX, (tx) => {
    const decided = { productPublicId: product.publicId, state: "suspended", reason: "A look" } as const
    app.marketplace.catalog.decideIn(tx, decided)
  })
  expect(await about("Your API was suspended")).toEqual(["owner", "admin"])
  const buyer = await makeUser(app)
  await pay(buyer.id, 50)
  await app.store.write(CTX, (tx) => {
    const { catalog } = app.marketplace
    catalog.setStateIn(tx, { productPublicId: product.publicId, state: "unpublished", reason: null })
    catalog.setStateIn(tx, { productPublicId: product.publicId, state: "published", reason: null })
  })
  const { id } = await subscribe(buyer, product.id)
  const bill = app.marketplace.subscriptions.billsOf(buyer.id, id)[0]!
  await app.store.write(CTX, (tx) => {
    const given = { by: "admin", key: "test", reason: "A test", amountNano: null } as const
    app.marketplace.subscriptions.refundBillIn(tx, { bill, ...given })
  })
  expect(await about("Given back: $10.00")).toEqual(["owner", "admin", "billing"])
}, 90_000)

test("a team that publishes, or is subscribed to, is not deleted; one that nobody is left to have ends with its APIs", async () => {
  const of = await world()
  const { app } = server
  const { product } = await withApi(of)
  const { catalog } = app.marketplace
  const end = () =>
    app.store
      .write(CTX, (tx) => app.teams.endIn(tx, { userId: of.people.owner.id, team: of.team, forfeit: true }))
      .then(
        () => "ok",
        (error: Error) => error.message,
      )
  expect(await end()).toContain("publishes APIs")
  const buyer = await makeUser(app)
  await pay(buyer.id, 50)
  await subscribe(buyer, product.id)
  await of.agents.admin.submit(
    await at(of.agents.admin, `/publisher/products/${product.publicId}`),
    `/publisher/products/${product.publicId}/withdrawal`,
  )
  expect(catalog.productById(product.id)?.state).toBe("unpublished")
  expect(await end()).toContain("still subscribe")
  await app.store.write(CTX, (tx) =>
    app.teams.removeIn(tx, { userId: of.people.owner.id, team: of.team, member: of.people.admin.publicId }),
  )
  for (let took = 1; took > 0; )
    took = await app.store.write<number>(CTX, (tx) => app.teams.releaseIn(tx, of.people.owner.id, 50))
  expect(app.teams.byId(of.id)?.endedMs).not.toBeNull()
  const gone = catalog.productById(product.id)!
  expect([gone.title, gone.state, gone.upstreamSecret]).toEqual(["Deleted API", "unpublished", null])
  expect(catalog.publisherOf(UserId(of.id))?.name).toBe("Deleted publisher")
  expect(app.marketplace.subscriptions.ofUser(buyer.id)[0]?.state).toBe("ended")
  expect((await app.verification.run(CTX)).ok).toBe(true)
}, 90_000)

test("who is removed does nothing for its APIs any more; what they made stays, and goes on under a new owner", async () => {
  const of = await world()
  const { app } = server
  const { product, path } = await withApi(of)
  const open = await at(of.agents.admin, `${path}/plans/new`)
  await app.store.write(CTX, (tx) =>
    app.teams.removeIn(tx, { userId: of.people.owner.id, team: of.team, member: of.people.admin.publicId }),
  )
  expect((await of.agents.admin.submit(open, `${path}/plans/new`, { name: "Late", price: "1" })).status).toBe(403)
  expect((await at(of.agents.admin, path)).status).toBe(404)
  await app.plans.assign(CTX, { user: of.people.billing, planCode: "enterprise" })
  await app.store.write(CTX, (tx) =>
    app.teams.handOverIn(tx, { userId: of.people.owner.id, team: of.team, member: of.people.billing.publicId }),
  )
  expect((await at(of.agents.billing, `${path}/consumers`)).status).toBe(200)
  expect(app.developers.developerOf(of.id)?.agreementCurrent).toBe(true)
  const buyer = await makeUser(app)
  await pay(buyer.id, 50)
  expect((await subscribe(buyer, product.id)).state).toBe("active")
  // Suspended, whoever answers for it sells to nobody new.
  await app.identity.suspend(CTX, { userId: of.people.billing.id, reason: "a test" })
  const next = await makeUser(app)
  await pay(next.id, 50)
  expect(await failed(subscribe(next, product.id))).toBe("conflict")
}, 90_000)

// APIs that a team subscribed to: subscribed by whoever may spend its money, paid by its wallet alone, called by keys of those who may spend, which
// die with their right to; seen by all of its people, and by nobody else. What each person may spend holds for these calls, too.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, DAY_MS, nano, PrincipalId, VirtualClock } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { principal } from "../../src/ledger/index.ts"
import { Echo, type MadeProduct, productIn } from "../../src/marketplace/calls/testing.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
const [PRICE, UNIT] = [credits(10), nano(1_000_000)]
let server: TestServer
let echo: Echo
let product: MadeProduct
let home: string
beforeAll(async () => {
  echo = new Echo()
  server = await startTestServer({ clock, env: { PURSER_PRODUCT_NETWORKS: "127.0.0.1" } })
  const { store, keyring } = server.app
  const maker = await makeUser(server.app)
  const quotas = [{ period: "month", anchor: "calendar", units: 2 } as const]
  product = await store.write(CTX, (tx) => {
    const made = productIn(tx, keyring, {
      ownerId: maker.id,
      upstreamUrl: echo.url,
      plans: [
        { quotas, overageNano: UNIT, overageCapNano: null },
        { quotas, overageNano: UNIT, overageCapNano: null },
      ],
      endpoints: [{ path: "/a" }],
    })
    tx.run("UPDATE market_plan_terms SET price_nano = ? WHERE id = ?", PRICE, made.termsIds[0]!)
    tx.run("UPDATE market_plan_terms SET price_nano = ? WHERE id = ?", PRICE * 2, made.termsIds[1]!)
    return made
  })
  home = `/marketplace/${product.slug}`
}, 30_000)
afterAll(async () => {
  await server?.close()
  echo?.close()
})

type Agent = Awaited<ReturnType<typeof signedIn>>
type Role = "owner" | "admin" | "billing" | "viewer"

async function act(agent: Agent, team: string): Promise<Agent> {
  const { forms } = await agent.get(server.at("/settings"))
  const csrf = forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(server.at("/acting"), [
    ["csrf", csrf],
    ["team", team],
  ])
  return agent
}
let paid = 0
const pay = (id: User["id"], amountNano: number) =>
  server.app.store.write(CTX, (tx) =>
    server.app.ledger.grantIn(tx, {
      owner: principal(PrincipalId(id)),
      mode: "live",
      type: "topup",
      bucket: "purchase",
      amountNano: nano(amountNano),
      paid: true,
      key: `test:paid:${++paid}`,
    }),
  )

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
  await pay(id, credits(100))
  return { team, people, agents, id }
}
const balance = (id: User["id"]) => server.app.ledger.wallet(principal(PrincipalId(id)), "live").balanceNano
const planOf = (at: 0 | 1) => server.app.marketplace.plans.plansOf(product.id)[at]!.publicId
const at = (agent: Agent, path: string) => agent.get(server.at(path))
async function subscribe(agent: Agent) {
  return agent.submit(await at(agent, `${home}/subscribe?plan=${planOf(0)}`), `${home}/subscribe`, {})
}
/** @returns the secret and the id of a key that somebody makes on the page */
async function keyOf(agent: Agent, name: string): Promise<{ secret: string; id: string }> {
  const made = await agent.submit(await at(agent, `${home}/keys`), `${home}/keys`, {
    name,
    mode: "live",
    access: "all",
  })
  return { secret: /api_live_[\w-]{40,}/.exec(made.text)![0], id: /mky_\w+/.exec(made.url)![0] }
}
async function call(secret: string): Promise<string> {
  const answer = await fetch(server.at(`/m/${product.publisher}/${product.slug}/a`), {
    headers: { authorization: `Bearer ${secret}` },
  })
  const text = await answer.text()
  return answer.ok ? "ok" : (JSON.parse(text) as { code: string }).code
}
async function settled(): Promise<void> {
  await server.app.marketplace.calls.drain(5_000)
  await server.app.marketplace.calls.flush()
  await server.app.store.write(CTX, () => {})
}

test("a billing manager subscribes the team: its wallet pays, nobody has a key by it; an admin makes keys, and a viewer reads", async () => {
  const { app } = server
  const { people, agents, id } = await world()
  const question = plainText((await at(agents.billing, `${home}/subscribe?plan=${planOf(0)}`)).text)
  expect(question).toContain("Subscribe and pay")
  const done = await subscribe(agents.billing)
  expect([done.status, done.text.includes("api_live_"), plainText(done.text).includes("Paper Boat is on")]).toEqual([
    200,
    false,
    true,
  ])
  const [one] = app.marketplace.subscriptions.ofUser(id)
  expect([one?.payerId, app.marketplace.calls.keysOf(one!.id)]).toEqual([id as never, []])
  expect([balance(id), balance(people.billing.id)]).toEqual([credits(90), 0 as never])
  expect(app.marketplace.subscriptions.ofUser(people.billing.id)).toEqual([])
  const { rows } = app.billing.invoices.list(id, {})
  expect(rows).toHaveLength(1)
  await app.outbox.flush()
  const receipts = app.mailer.mailbox.filter(({ text }) => text.includes(rows[0]!.number)).map(({ to }) => to)
  // Whoever handles its money, and not who only looks.
  expect(receipts.toSorted()).toEqual([people.owner, people.admin, people.billing].map(({ email }) => email).toSorted())

  const { secret, id: key } = await keyOf(agents.admin, "Nightly")
  expect([await call(secret), await call(secret), await call(secret)]).toEqual(["ok", "ok", "ok"])
  await settled()
  // Two of the plan, one above it.
  expect([balance(id), balance(people.admin.id)]).toEqual([nano(credits(90) - UNIT), 0 as never])
  for (const path of [
    "/subscriptions",
    `/subscriptions/${one!.publicId}`,
    `${home}/usage`,
    `${home}/calls`,
    `${home}/billing`,
  ])
    expect([path, (await at(agents.viewer, path)).status]).toEqual([path, 200])
  const list = plainText((await at(agents.viewer, "/subscriptions")).text)
  expect(list).toContain("2")
  expect((await at(agents.viewer, `${home}/calls`)).text).toContain("/a")
  expect((await at(agents.viewer, home)).text.includes(`href="${home}/keys"`)).toBe(false)
  for (const path of [`${home}/keys`, `${home}/subscribe?plan=${planOf(0)}`, "/subscriptions/billing"])
    expect([path, (await at(agents.viewer, path)).status]).toEqual([path, 403])
  expect(plainText((await at(agents.billing, "/subscriptions/billing")).text)).toContain(rows[0]!.number)

  // Of another one's key an owner sees and ends it, and never has its secret.
  expect((await at(agents.owner, `${home}/keys`)).text).toContain("Nightly")
  expect((await at(agents.owner, `${home}/keys/${key}/secret`)).status).toBe(403)
  const edit = await agents.owner.submit(await at(agents.owner, `${home}/keys/${key}`), `${home}/keys/${key}`, {
    name: "Mine",
  })
  expect(edit.status).toBe(403)
  await agents.owner.submit(
    await at(agents.owner, `${home}/keys/${key}/revocation`),
    `${home}/keys/${key}/revocation`,
    {},
  )
  expect(await call(secret)).toBe("api_key_revoked")
  expect((await app.verification.run(CTX)).ok).toBe(true)
}, 60_000)

test("theirs alone: nobody's own account has it, nobody outside sees it, and a person's own stays theirs", async () => {
  const { team, people, agents } = await world()
  await subscribe(agents.owner)
  const [one] = server.app.marketplace.subscriptions.ofUser(
    server.app.teams.membership({ userId: people.owner.id, team }, "see").team.id,
  )
  const own = await signedIn(server, people.owner.email)
  const stranger = await signedIn(server, (await makeUser(server.app)).email)
  for (const agent of [own, stranger])
    for (const path of [`/subscriptions/${one!.publicId}`, `${home}/keys`, `${home}/usage`])
      expect([path, (await at(agent, path)).status]).toEqual([path, 404])
  await pay(people.admin.id, credits(50))
  const mine = await signedIn(server, people.admin.email)
  expect((await subscribe(mine)).text).toContain("api_live_")
  expect(balance(people.admin.id)).toBe(credits(40))
  const keys = (await at(agents.admin, `${home}/keys`)).text
  expect(server.app.marketplace.subscriptions.ofUser(people.admin.id)).toHaveLength(1)
  const [personal] = server.app.marketplace.calls.keysOf(
    server.app.marketplace.subscriptions.ofUser(people.admin.id)[0]!.id,
  )
  expect(keys).not.toContain(personal!.publicId)
  expect((await at(agents.admin, `${home}/keys/${personal!.publicId}`)).status).toBe(404)
}, 60_000)

test("keys die with the right to spend: removed, of another role, left, and in the very call however a key came to be", async () => {
  const { app } = server
  const { team, people, agents, id } = await world()
  await subscribe(agents.owner)
  const first = await keyOf(agents.admin, "One")
  expect(await call(first.secret)).toBe("ok")
  const ref = { userId: people.owner.id, team, member: people.admin.publicId }
  await app.store.write(CTX, (tx) => app.teams.setRoleIn(tx, { ...ref, role: "viewer" }))
  expect(await call(first.secret)).toBe("api_key_revoked")
  await app.store.write(CTX, (tx) => app.teams.setRoleIn(tx, { ...ref, role: "admin" }))
  const second = await keyOf(agents.admin, "Two")
  expect(await call(second.secret)).toBe("ok")
  await app.store.write(CTX, (tx) => app.teams.removeIn(tx, ref))
  expect(await call(second.secret)).toBe("api_key_revoked")
  // Made in the moment in which its maker was removed.
  const [subscription] = app.marketplace.subscriptions.ofUser(id)
  const late = await app.store.write(CTX, (tx) =>
    app.marketplace.calls.issueKeyIn(tx, { subscriptionId: subscription!.id, userId: people.admin.id, name: "Late" }),
  )
  const before = echo.got.length
  expect([await call(late.secret), echo.got.length]).toEqual(["api_key_revoked", before])
  // The team's own goes on, and stops with whoever answers for it.
  const owners = await keyOf(agents.owner, "Owner's")
  expect(await call(owners.secret)).toBe("ok")
  await app.identity.suspend(CTX, { userId: people.owner.id, reason: "test" })
  expect(await call(owners.secret)).toBe("account_suspended")
}, 60_000)

test("what a member may spend of the team's credits counts above the plan, exactly over their keys; nobody else is stopped", async () => {
  const { app } = server
  const { team, people, agents, id } = await world()
  await subscribe(agents.owner)
  const keys = [await keyOf(agents.admin, "One"), await keyOf(agents.admin, "Two")]
  const owners = await keyOf(agents.owner, "Owner's")
  await app.store.write(CTX, (tx) => {
    const {
      team: of,
      userId,
      person,
    } = app.teams.limitableIn(tx, {
      userId: people.owner.id,
      team,
      member: people.admin.publicId,
    })
    const who = { teamId: PrincipalId(of.id), teamPublicId: of.publicId, userId, person }
    app.limits.setMemberLimitsIn(tx, { ...who, limits: { spend_day: UNIT * 5 } })
  })
  const answers = await Promise.all(Array.from({ length: 40 }, (_, n) => call(keys[n % 2]!.secret)))
  expect(answers.filter((one) => one === "ok")).toHaveLength(7)
  expect(new Set(answers)).toEqual(new Set(["ok", "spend_limit_exceeded"]))
  expect(await call(owners.secret)).toBe("ok")
  await settled()
  expect(balance(id)).toBe(nano(credits(90) - 6 * UNIT))
  const [use] = app.limits.memberUse({ teamId: PrincipalId(id), userId: people.admin.id })
  expect([use?.used, use?.held]).toEqual([UNIT * 5, 0])
}, 60_000)

test("tools and Try-it: a team's key opens what the team subscribed to, the page calls for those who may spend", async () => {
  const { app } = server
  const { people, agents, id } = await world()
  await subscribe(agents.owner)
  const make = (payer?: User["id"]) =>
    app.keys.create(CTX, { userId: people.owner.id, name: "K", scopes: ["mcp"], ...(payer ? { payerId: payer } : {}) })
  const tool = async (secret: string) => {
    const answer = await fetch(server.at(`/v1/mcp/products/${product.slug}/mcp`), {
      method: "POST",
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "get_a", arguments: {} } }),
      headers: {
        authorization: `Bearer ${secret}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
    })
    return [answer.status, (await answer.text()).includes('"isError":true')]
  }
  expect([await tool((await make(id)).secret), await tool((await make()).secret)]).toEqual([
    [200, false],
    [404, false],
  ])
  const endpoint = app.marketplace.catalog.endpointsOf(product.id)[0]!.publicId
  const path = `${home}/docs/${endpoint}`
  const tried = await agents.admin.submit(await at(agents.admin, path), path, {})
  expect([tried.status, tried.text.includes("200")]).toEqual([200, true])
  expect(plainText((await at(agents.viewer, path)).text)).toContain("Your role in this team makes no calls")
}, 60_000)

test("changed up, renewed from the team's wallet, ended with the team", async () => {
  const { app } = server
  const { team, people, agents, id } = await world()
  await subscribe(agents.owner)
  const [one] = app.marketplace.subscriptions.ofUser(id)
  const path = `/subscriptions/${one!.publicId}/plan`
  const asked = await at(agents.billing, `${path}?to=${planOf(1)}`)
  expect((await agents.billing.submit(asked, path, {})).status).toBe(200)
  expect(app.marketplace.subscriptions.byId(one!.id)?.planId).toBe(product.planIds[1]!)
  const { secret } = await keyOf(agents.owner, "Last")
  const left = balance(id)
  expect(left).toBeLessThan(credits(90))
  clock.advance(32 * DAY_MS)
  while (await app.marketplace.subscriptions.renewDue(10));
  expect(balance(id)).toBe(nano(left - PRICE * 2))
  expect(await call(secret)).toBe("ok")
  await app.store.write(CTX, (tx) => app.teams.endIn(tx, { userId: people.owner.id, team, forfeit: true }))
  expect(app.marketplace.subscriptions.byId(one!.id)?.state).toBe("ended")
  expect(["api_key_revoked", "subscription_ended"]).toContain(await call(secret))
  expect((await app.verification.run(CTX)).ok).toBe(true)
}, 60_000)

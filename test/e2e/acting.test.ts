// Acting as a team: every route of the console and the portal × every role against a table written by hand, what is not in it refused; a
// page from before the switch is dead; keys of a team spend its wallet, exactly, and die with whoever made them.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { credits, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, CTX, chat, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"
import { createFakeStripe } from "../fakes/stripe/index.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
const stripe = createFakeStripe({ now: () => clock.now(), origin: "http://localhost:9", secretKey: "sk_test_fake" })
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    clock,
    stripe: { secretKey: null, webhookSecret: null, apiBase: "http://localhost:9", fetch: stripe.fetch },
  })
  await server.app.billing.connection.saveKey(CTX, "sk_test_fake")
  await addSandbox(server.app)
}, 30_000)
afterAll(() => server?.close())

type Agent = Awaited<ReturnType<typeof signedIn>>
const ROLES = ["owner", "admin", "billing", "viewer"] as const
type Role = (typeof ROLES)[number]

/** Routes that somebody who acts as a team may use, and who; written by hand. Everything else is a person's own, or refused. */
const TABLE: Record<string, string> = {
  "GET /dashboard": "owner admin billing viewer",
  "GET /dashboard/figures": "owner admin billing viewer",
  "GET /dashboard/events": "owner admin billing viewer",
  "GET /credits": "owner admin billing viewer",
  "GET /credits.csv": "owner admin billing viewer",
  "GET /usage": "owner admin billing viewer",
  "GET /usage.csv": "owner admin billing viewer",
  "GET /usage/requests/:ownrequest": "owner admin billing viewer",
  "GET /credits/low": "owner admin billing",
  "POST /credits/low": "owner admin billing",
  "GET /credits/billing-details": "owner admin billing",
  "POST /credits/billing-details": "owner admin billing",
  "GET /credits/cards": "owner admin billing",
  "POST /credits/cards": "owner admin billing",
  "GET /credits/cards/saved": "owner admin billing",
  "POST /credits/cards/new": "owner admin billing",
  "POST /credits/cards/off": "owner admin billing",
  "GET /credits/cards/:card/removal": "owner admin billing",
  "POST /credits/cards/:card/removal": "owner admin billing",
  "GET /credits/orders/:order": "owner admin billing",
  "GET /credits/invoices": "owner admin billing",
  "GET /credits/invoices/:invoice": "owner admin billing",
  "GET /credits/invoices/:invoice/pdf": "owner admin billing",
  "GET /credits/invoices/:invoice/notes/:note": "owner admin billing",
  "POST /credits/packages/:package": "owner admin billing",
  "POST /credits/orders/:order/payment": "owner admin billing",
  "POST /credits/orders/:order/end": "owner admin billing",
  "GET /keys": "owner admin",
  "GET /keys/new": "owner admin",
  "POST /keys": "owner admin",
  "GET /keys/:key": "owner admin",
  "POST /keys/:key": "owner admin",
  "GET /keys/:key/limits": "owner admin",
  "POST /keys/:key/limits": "owner admin",
  "GET /keys/:key/secret": "owner admin",
  "POST /keys/:key/secret": "owner admin",
  "GET /keys/:key/revocation": "owner admin",
  "POST /keys/:key/revocation": "owner admin",
  "POST /keys/:key/activation": "owner admin",
  "POST /keys/:key/deactivation": "owner admin",
  "GET /subscriptions": "owner admin billing viewer",
  "GET /subscriptions/:subscription": "owner admin billing viewer",
  "GET /marketplace/:api/usage": "owner admin billing viewer",
  "GET /marketplace/:api/usage.csv": "owner admin billing viewer",
  "GET /marketplace/:api/calls": "owner admin billing viewer",
  "GET /marketplace/:api/calls/:call": "owner admin billing viewer",
  "GET /marketplace/:api/billing": "owner admin billing viewer",
  "GET /subscriptions/billing": "owner admin billing",
  "GET /subscriptions/:subscription/plan": "owner admin billing",
  "GET /subscriptions/:subscription/cancellation": "owner admin billing",
  "GET /marketplace/:api/subscribe": "owner admin billing",
  "POST /subscriptions/:subscription/plan": "owner admin billing",
  "POST /subscriptions/:subscription/cancellation": "owner admin billing",
  "POST /subscriptions/:subscription/resumption": "owner admin billing",
  "POST /subscriptions/:subscription/payment": "owner admin billing",
  "POST /marketplace/:api/subscribe": "owner admin billing",
  "GET /marketplace/:api/keys": "owner admin",
  "GET /marketplace/:api/keys/:productKey": "owner admin",
  "GET /marketplace/:api/keys/:productKey/secret": "owner admin",
  "GET /marketplace/:api/keys/:productKey/revocation": "owner admin",
  "POST /marketplace/:api/keys": "owner admin",
  "POST /marketplace/:api/keys/:productKey": "owner admin",
  "POST /marketplace/:api/keys/:productKey/secret": "owner admin",
  "POST /marketplace/:api/keys/:productKey/revocation": "owner admin",
  "POST /marketplace/:api/keys/:productKey/signatures": "owner admin",
  "POST /marketplace/:api/keys/:productKey/signatures/end": "owner admin",
  "POST /marketplace/:api/docs/:endpoint": "owner admin",
  "GET /developer": "owner admin billing viewer",
  "GET /developer/analytics": "owner admin billing viewer",
  "GET /developer/analytics/export": "owner admin billing viewer",
  "GET /developer/apps": "owner admin billing viewer",
  "GET /developer/apps/:app": "owner admin billing viewer",
  "GET /developer/apps/:app/cache": "owner admin",
  "GET /developer/apps/:app/deletion": "owner admin",
  "GET /developer/apps/:app/domain": "owner admin",
  "GET /developer/apps/:app/first-call": "owner admin billing viewer",
  "GET /developer/apps/:app/first-call/events": "owner admin billing viewer",
  "GET /developer/apps/:app/health": "owner admin billing viewer",
  "GET /developer/apps/:app/health/export": "owner admin billing viewer",
  "GET /developer/apps/:app/keys": "owner admin",
  "GET /developer/apps/:app/keys/:appkey/revocation": "owner admin",
  "GET /developer/apps/:app/listing": "owner admin",
  "GET /developer/apps/:app/listing/preview": "owner admin",
  "GET /developer/apps/:app/listing/removal": "owner admin",
  "GET /developer/apps/:app/listing/shots/:shot/removal": "owner admin",
  "GET /developer/apps/:app/pool": "owner admin",
  "GET /developer/apps/:app/redirect-uris": "owner admin",
  "GET /developer/apps/:app/requests": "owner admin billing viewer",
  "GET /developer/apps/:app/requests/:appcall": "owner admin billing viewer",
  "GET /developer/apps/:app/review": "owner admin",
  "GET /developer/apps/:app/secrets/:secret/revocation": "owner admin",
  "GET /developer/apps/:app/transfer": "owner admin",
  "GET /developer/apps/:app/users": "owner admin",
  "GET /developer/apps/:app/users/:appuser/revocation": "owner admin",
  "GET /developer/apps/:app/webhooks": "owner admin",
  "GET /developer/apps/:app/webhooks/:apphook": "owner admin",
  "GET /developer/apps/:app/webhooks/:apphook/deliveries/:appdelivery": "owner admin",
  "GET /developer/apps/:app/webhooks/:apphook/removal": "owner admin",
  "GET /developer/apps/new": "owner admin",
  "GET /developer/apps/redirect-uris": "owner admin",
  "GET /developer/payouts": "owner admin billing",
  "GET /developer/payouts/:payout": "owner admin billing",
  "GET /developer/payouts/:payout/withdrawal": "owner admin billing",
  "GET /developer/payouts/documents": "owner admin billing",
  "GET /developer/payouts/documents/:paydoc/file": "owner admin billing",
  "GET /developer/payouts/documents/:paydoc/removal": "owner admin billing",
  "GET /developer/payouts/method": "owner admin billing",
  "GET /developer/payouts/method/bank": "owner admin billing",
  "GET /developer/payouts/method/code": "owner admin billing",
  "GET /developer/payouts/method/paypal": "owner admin billing",
  "GET /developer/payouts/method/removal": "owner admin billing",
  "GET /developer/payouts/method/stripe": "owner admin billing",
  "GET /developer/payouts/method/us-bank": "owner admin billing",
  "GET /developer/payouts/statements": "owner admin billing",
  "GET /developer/payouts/statements/:period": "owner admin billing",
  "GET /developer/payouts/statements/:period/pdf": "owner admin billing",
  "GET /developer/payouts/tax-number": "owner admin billing",
  "GET /developer/payouts/tax-number/removal": "owner admin billing",
  "POST /developer/payouts": "owner admin billing",
  "POST /developer/payouts/:payout/withdrawal": "owner admin billing",
  "POST /developer/payouts/documents": "owner admin billing",
  "POST /developer/payouts/documents/:paydoc/removal": "owner admin billing",
  "POST /developer/payouts/method/bank": "owner admin billing",
  "POST /developer/payouts/method/code": "owner admin billing",
  "POST /developer/payouts/method/paypal": "owner admin billing",
  "POST /developer/payouts/method/removal": "owner admin billing",
  "POST /developer/payouts/method/stripe": "owner admin billing",
  "POST /developer/payouts/method/us-bank": "owner admin billing",
  "POST /developer/payouts/schedule": "owner admin billing",
  "POST /developer/payouts/tax-number": "owner admin billing",
  "POST /developer/payouts/tax-number/removal": "owner admin billing",
  "POST /developer/payouts/test": "owner admin billing",
  "GET /developer/settings": "owner admin billing viewer",
  "GET /developer/transfers/:transfer": "owner admin",
  "GET /developer/transfers/:transfer/refusal": "owner admin",
  "GET /developer/webhooks/events": "owner admin billing viewer",
  "POST /developer/agreement": "owner admin",
  "POST /developer/apps": "owner admin",
  "POST /developer/apps/:app": "owner admin",
  "POST /developer/apps/:app/cache": "owner admin",
  "POST /developer/apps/:app/deletion": "owner admin",
  "POST /developer/apps/:app/domain": "owner admin",
  "POST /developer/apps/:app/icon": "owner admin",
  "POST /developer/apps/:app/icon/removal": "owner admin",
  "POST /developer/apps/:app/keys": "owner admin",
  "POST /developer/apps/:app/keys/:appkey/revocation": "owner admin",
  "POST /developer/apps/:app/listing": "owner admin",
  "POST /developer/apps/:app/listing/removal": "owner admin",
  "POST /developer/apps/:app/listing/review": "owner admin",
  "POST /developer/apps/:app/listing/shots": "owner admin",
  "POST /developer/apps/:app/listing/shots/:shot/first": "owner admin",
  "POST /developer/apps/:app/listing/shots/:shot/removal": "owner admin",
  "POST /developer/apps/:app/listing/withdrawal": "owner admin",
  "POST /developer/apps/:app/pool": "owner admin",
  "POST /developer/apps/:app/pool/funding": "owner admin",
  "POST /developer/apps/:app/pool/return": "owner admin",
  "POST /developer/apps/:app/restoration": "owner admin",
  "POST /developer/apps/:app/review": "owner admin",
  "POST /developer/apps/:app/review/withdrawal": "owner admin",
  "POST /developer/apps/:app/secrets": "owner admin",
  "POST /developer/apps/:app/secrets/:secret/revocation": "owner admin",
  "POST /developer/apps/:app/test-call": "owner admin",
  "POST /developer/apps/:app/test-credits": "owner admin",
  "POST /developer/apps/:app/test-token": "owner admin",
  "POST /developer/apps/:app/test-token/revocation": "owner admin",
  "POST /developer/apps/:app/transfer": "owner admin",
  "POST /developer/apps/:app/transfer/revocation": "owner admin",
  "POST /developer/apps/:app/users/:appuser/revocation": "owner admin",
  "POST /developer/apps/:app/webhooks": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook/activation": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook/deactivation": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook/deliveries/:appdelivery/resend": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook/recovery": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook/removal": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook/secret": "owner admin",
  "POST /developer/apps/:app/webhooks/:apphook/test": "owner admin",
  "POST /developer/settings": "owner admin",
  "POST /developer/transfers/:transfer": "owner admin",
  "POST /developer/transfers/:transfer/refusal": "owner admin",
  "GET /publisher": "owner admin billing viewer",
  "GET /publisher/hosting": "owner admin billing",
  "GET /publisher/products": "owner admin billing viewer",
  "POST /publisher/products": "owner admin",
  "GET /publisher/products/:product": "owner admin billing viewer",
  "POST /publisher/products/:product": "owner admin",
  "GET /publisher/products/:product/calls": "owner admin billing viewer",
  "GET /publisher/products/:product/changelog": "owner admin billing viewer",
  "POST /publisher/products/:product/changelog": "owner admin",
  "GET /publisher/products/:product/changelog/:change": "owner admin",
  "POST /publisher/products/:product/changelog/:change": "owner admin",
  "POST /publisher/products/:product/changelog/:change/removal": "owner admin",
  "GET /publisher/products/:product/consumers": "owner admin",
  "GET /publisher/products/:product/consumers/:consumer": "owner admin",
  "GET /publisher/products/:product/consumers/:consumer/block": "owner admin",
  "POST /publisher/products/:product/consumers/:consumer/block": "owner admin",
  "GET /publisher/products/:product/consumers/:consumer/end": "owner admin",
  "POST /publisher/products/:product/consumers/:consumer/end": "owner admin",
  "GET /publisher/products/:product/consumers/:consumer/payments/:bill/refund": "owner admin",
  "POST /publisher/products/:product/consumers/:consumer/payments/:bill/refund": "owner admin",
  "POST /publisher/products/:product/consumers/:consumer/plan": "owner admin",
  "POST /publisher/products/:product/consumers/:consumer/quota": "owner admin",
  "POST /publisher/products/:product/consumers/:consumer/unblock": "owner admin",
  "GET /publisher/products/:product/docs": "owner admin billing viewer",
  "POST /publisher/products/:product/docs": "owner admin",
  "GET /publisher/products/:product/docs/:guide": "owner admin",
  "POST /publisher/products/:product/docs/:guide": "owner admin",
  "POST /publisher/products/:product/docs/:guide/removal": "owner admin",
  "GET /publisher/products/:product/docs/new": "owner admin",
  "GET /publisher/products/:product/endpoints": "owner admin billing viewer",
  "POST /publisher/products/:product/endpoints": "owner admin",
  "GET /publisher/products/:product/endpoints/:endpoint": "owner admin",
  "POST /publisher/products/:product/endpoints/:endpoint": "owner admin",
  "POST /publisher/products/:product/endpoints/:endpoint/answers": "owner admin",
  "POST /publisher/products/:product/endpoints/:endpoint/answers/removal": "owner admin",
  "POST /publisher/products/:product/endpoints/:endpoint/parameters": "owner admin",
  "POST /publisher/products/:product/endpoints/:endpoint/parameters/removal": "owner admin",
  "GET /publisher/products/:product/endpoints/:endpoint/removal": "owner admin",
  "POST /publisher/products/:product/endpoints/:endpoint/removal": "owner admin",
  "GET /publisher/products/:product/endpoints/new": "owner admin",
  "POST /publisher/products/:product/endpoints/order": "owner admin",
  "POST /publisher/products/:product/guides": "owner admin",
  "GET /publisher/products/:product/import": "owner admin",
  "POST /publisher/products/:product/import": "owner admin",
  "POST /publisher/products/:product/import/application": "owner admin",
  "POST /publisher/products/:product/import/removal": "owner admin",
  "GET /publisher/products/:product/openapi.json": "owner admin billing viewer",
  "GET /publisher/products/:product/plans": "owner admin billing viewer",
  "GET /publisher/products/:product/plans/:productplan": "owner admin",
  "POST /publisher/products/:product/plans/:productplan": "owner admin",
  "POST /publisher/products/:product/plans/:productplan/closing": "owner admin",
  "POST /publisher/products/:product/plans/:productplan/opening": "owner admin",
  "GET /publisher/products/:product/plans/new": "owner admin",
  "POST /publisher/products/:product/plans/new": "owner admin",
  "POST /publisher/products/:product/publication": "owner admin",
  "GET /publisher/products/:product/removal": "owner admin",
  "POST /publisher/products/:product/removal": "owner admin",
  "GET /publisher/products/:product/reviews": "owner admin billing viewer",
  "POST /publisher/products/:product/reviews/answers": "owner admin",
  "GET /publisher/products/:product/signing-key": "owner admin",
  "POST /publisher/products/:product/signing-key": "owner admin",
  "POST /publisher/products/:product/signs/closing": "owner admin",
  "GET /publisher/products/:product/support": "owner admin billing viewer",
  "GET /publisher/products/:product/support/:question": "owner admin",
  "POST /publisher/products/:product/support/:question": "owner admin",
  "POST /publisher/products/:product/support/:question/removal": "owner admin",
  "POST /publisher/products/:product/support/contacts": "owner admin",
  "POST /publisher/products/:product/support/contacts/removal": "owner admin",
  "POST /publisher/products/:product/support/questions": "owner admin",
  "POST /publisher/products/:product/withdrawal": "owner admin",
  "POST /publisher/products/import": "owner admin",
  "GET /publisher/products/new": "owner admin",
  "POST /publisher/registration": "owner admin",
  "GET /publisher/revenue": "owner admin billing",
  "GET /publisher/revenue.csv": "owner admin billing",
  "GET /publisher/settings": "owner admin",
  "POST /publisher/settings": "owner admin",
  "POST /publisher/settings/logo": "owner admin",
  "POST /publisher/settings/logo/removal": "owner admin",
  "POST /publisher/settings/servers": "owner admin",
  "GET /publisher/settings/servers/:server": "owner admin",
  "POST /publisher/settings/servers/:server": "owner admin",
  "POST /publisher/settings/servers/:server/removal": "owner admin",
}
/** A person's own, whoever they act as: security, consents, profile, notices, copies of data, reviews they wrote, the teams. */
const OWN =
  /^(GET|POST) \/(agreement|unfinished|acting|teams|notices|announcements|support|apps|developer\/test-users|settings|marketplace\/:api\/reviews\/:review)(\/|$)/
const NOT_OWN = /^(GET|POST) \/settings\/(models|plan|webhooks)(\/|$)/
/** Beside the guard: signing in, and what anybody may read. */
const OPEN =
  /^GET \/(console\/(login|callback)|marketplace($|\/:api($|\/(docs|guides|changelog|support|reviews$|openapi|postman))))/
const OF_CONSOLE =
  /^(GET|POST) \/(agreement|unfinished|dashboard|claims|credits|usage|redeem|apps|mcp|playground|keys|notices|announcements|support|settings|subscriptions|marketplace|acting|teams|developer|publisher)(\/|\.|$)/

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
  return { team, people, id, wallet: { id } as User }
}

const act = async (agent: Agent, team: string) =>
  agent.post(server.at("/acting"), [
    ["csrf", await csrfOf(agent)],
    ["team", team],
  ])
const csrfOf = async (agent: Agent): Promise<string> =>
  (await agent.get(server.at("/settings"))).forms[0]!.fields.find(([name]) => name === "csrf")![1]
const balance = (id: User["id"]) => server.app.ledger.wallet({ kind: "principal", id }, "live").balanceNano
const REFUSED = "Nothing was done."
/** Answers that end only when their reader leaves. */
const isStream = (path: string): boolean => path === "/dashboard/events"
async function begun(agent: Agent, address: string): Promise<{ status: number; text: string }> {
  // Its figures are others than none, so it speaks at once.
  const answer = await fetch(`${address}?since=none`, { headers: { cookie: agent.cookieHeader(address) } })
  await answer.body?.cancel()
  return { status: answer.status, text: "" }
}

test("every route × every role while acting as a team: by the table, a person's own, or refused", async () => {
  const { team, people } = await world()
  const routes = server.routes.filter((route) => OF_CONSOLE.test(route) && !OPEN.test(route))
  expect(routes.length).toBeGreaterThan(250)
  expect(Object.keys(TABLE).filter((route) => !routes.includes(route))).toEqual([])
  for (const role of ROLES) {
    const agent = await signedIn(server, people[role].email)
    await act(agent, team)
    const csrf = await csrfOf(agent)
    const wrong: string[] = []
    for (const route of routes) {
      const [method, path] = route.split(" ") as [string, string]
      // One press would end the walk; that it is a person's own is in the table of patterns.
      if (path === "/acting") continue
      const isOwn = OWN.test(route) && !NOT_OWN.test(route)
      const address = server.at(path.replace(/:\w+/g, "none").replace("*", "none"))
      const answer = isStream(path)
        ? await begun(agent, address)
        : await (method === "GET" ? agent.get(address) : agent.post(address, [["csrf", csrf]]))
      const isRefused = answer.status === 403 && (answer.text === "" || answer.text.includes(REFUSED))
      const isOpen = isOwn || (TABLE[route] ?? "").split(" ").includes(role)
      if (isRefused === isOpen) wrong.push(`${role} ${route} ${answer.status}`)
    }
    expect(wrong).toEqual([])
  }
}, 120_000)

test("the switch is held in the session: shown on every page, for nobody who is not in the team, and dead with the membership", async () => {
  const { team, people, id, wallet } = await world()
  await giveCredits(server.app, wallet, credits(777))
  const agent = await signedIn(server, people.viewer.email)
  const other = await signedIn(server, people.viewer.email)
  const stranger = await signedIn(server, (await makeUser(server.app)).email)
  expect((await act(stranger, team)).status).not.toBe(200)
  expect((await stranger.get(server.at("/credits"))).text).not.toContain("777")
  await act(agent, team)
  const page = await agent.get(server.at("/credits"))
  expect([page.text.includes("777"), page.text.includes("Act as")]).toEqual([true, true])
  expect((await agent.get(server.at("/settings"))).text).toContain("Paper Boat")
  // Of this session alone.
  expect((await other.get(server.at("/credits"))).text).not.toContain("777")
  // Removed: themselves again from the next page on, and nothing of the team.
  await server.app.store.write(CTX, (tx) =>
    server.app.teams.removeIn(tx, { userId: people.owner.id, team, member: people.viewer.publicId }),
  )
  const after = await agent.get(server.at("/credits"))
  expect([after.status, after.text.includes("777"), after.text.includes("Paper Boat")]).toEqual([200, false, false])
  expect(balance(id)).toBe(credits(777))
}, 30_000)

test("a form of a page from before the switch does nothing, in either direction", async () => {
  const { team, people, id } = await world()
  const agent = await signedIn(server, people.admin.email)
  const mine = await agent.get(server.at("/keys/new"))
  await act(agent, team)
  const asTeam = await agent.submit(mine, "/keys", { name: "Stale" })
  expect(asTeam.status).toBe(403)
  const theirs = await agent.get(server.at("/keys/new"))
  await act(agent, "")
  expect((await agent.submit(theirs, "/keys", { name: "Stale" })).status).toBe(403)
  // Removed in between, it is no form of the person's own account either.
  await act(agent, team)
  const open = await agent.get(server.at("/keys/new"))
  await server.app.store.write(CTX, (tx) =>
    server.app.teams.removeIn(tx, { userId: people.owner.id, team, member: people.admin.publicId }),
  )
  expect((await agent.submit(open, "/keys", { name: "Stale" })).status).toBe(403)
  expect([server.app.keys.of(id), server.app.keys.of(people.admin.id)]).toEqual([[], []])
}, 30_000)

/** A key of the team, made by its page. @returns the secret */
async function keyOf(agent: Agent, name: string): Promise<string> {
  const made = await agent.submit(await agent.get(server.at("/keys/new")), "/keys", {
    name,
    scope: "llm",
    mode: "live",
  })
  return /sk_live_[\w-]{51}/.exec(made.text)![0]
}
const call = async (secret: string): Promise<string> => {
  const answer = await chat(server.url, secret)
  return answer.ok ? "ok" : ((await answer.json()) as { error: { code: string } }).error.code
}

test("keys of a team spend its wallet and nobody's own, manage no account, and die with whoever made them", async () => {
  const { team, people, id, wallet } = await world()
  const { app } = server
  await giveCredits(app, wallet, credits(500))
  await giveCredits(app, people.admin, credits(50))
  const admin = await signedIn(server, people.admin.email)
  const owner = await signedIn(server, people.owner.email)
  await act(admin, team)
  await act(owner, team)
  const secret = await keyOf(admin, "Nightly")
  expect([await call(secret), balance(people.admin.id), balance(id) < credits(500)]).toEqual(["ok", credits(50), true])
  // Seen by the team's keys, not by its maker's own.
  const [key] = app.keys.of(id)
  expect([key?.name, app.keys.of(people.admin.id)]).toEqual(["Nightly", []])
  const path = `/keys/${key!.publicId}`
  expect((await owner.get(server.at(path))).text).toContain("Nightly")
  // Another one's secret is nobody's to take: it acts in its maker's name.
  expect((await owner.get(server.at(`${path}/secret`))).status).toBe(403)
  const input = { userId: people.admin.id, payerId: id, name: "More" }
  for (const scope of ["manage", "admin:users"])
    expect(
      await app.keys.create(CTX, { ...input, scopes: [scope] }).catch((error: { code: string }) => error.code),
    ).toBe("validation_failed")
  // The account's API does nothing for a team by the cookie.
  expect(
    (await fetch(server.at("/api/v1/keys"), { headers: { cookie: admin.cookieHeader(server.at("/api/v1/keys")) } }))
      .status,
  ).toBe(403)

  const viewer = { userId: people.owner.id, team, member: people.admin.publicId, role: "viewer" } as const
  await app.store.write(CTX, (tx) => app.teams.setRoleIn(tx, viewer))
  expect(await call(secret)).toBe("api_key_revoked")
  await app.store.write(CTX, (tx) => app.teams.setRoleIn(tx, { ...viewer, role: "admin" }))
  const again = await keyOf(admin, "Again")
  expect(await call(again)).toBe("ok")
  await app.store.write(CTX, (tx) => app.teams.leaveIn(tx, { userId: people.admin.id, team }))
  expect(await call(again)).toBe("api_key_revoked")
  const last = await keyOf(owner, "Last")
  await app.store.write(CTX, (tx) => app.teams.endIn(tx, { userId: people.owner.id, team, forfeit: true }))
  expect(await call(last)).toBe("api_key_revoked")
}, 60_000)

test("two people of a team spend one balance at once: exactly what is there, nothing more, and no daily credits for the team", async () => {
  const { team, people, id, wallet } = await world()
  const { app } = server
  const secrets: string[] = []
  for (const who of ["owner", "admin"] as const) {
    const agent = await signedIn(server, people[who].email)
    await act(agent, team)
    secrets.push(await keyOf(agent, who))
  }
  await giveCredits(app, wallet, credits(100))
  expect(await call(secrets[0]!)).toBe("ok")
  const each = credits(100) - balance(id)
  // Room for so many calls, were none to hold more than it comes to.
  const calls = 40
  await app.store.write(CTX, (tx) => {
    const { lots } = app.ledger.walletIn(tx, { kind: "principal", id }, "live")
    for (const { publicId } of lots) app.ledger.voidLotIn(tx, { lotId: publicId, key: `test:${publicId}` })
  })
  await giveCredits(app, wallet, each * calls)
  const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => call(secrets[at % 2]!)))
  // A call holds more than it comes to, so the last of it may be too little for another one; what was charged is exact.
  while ((await call(secrets[answers.length % 2]!)) === "ok") answers.push("ok")
  const paid = answers.filter((one) => one === "ok").length
  expect([balance(id), paid > 1, paid <= calls]).toEqual([(each * (calls - paid)) as never, true, true])
  expect(answers.filter((one) => !["ok", "insufficient_credits", "credits_on_hold"].includes(one))).toEqual([])
  expect(await call(secrets[1]!)).toBe("insufficient_credits")
  const bonus = app.ledger.history({ kind: "principal", id }, "live", { limit: 50, types: ["daily_bonus"] })
  expect([bonus, (await app.verification.run(CTX)).ok]).toEqual([[], true])
}, 60_000)

test("a billing manager buys credits for the team: its wallet, its invoice in the owner's name, and nothing of their own", async () => {
  const { team, people, id } = await world()
  const { app } = server
  const agent = await signedIn(server, people.billing.email)
  await act(agent, team)
  const page = await agent.get(server.at("/credits"))
  await agent.submit(page, "/credits/packages/starter")
  const [order] = app.billing.ordersOf(id, 5)
  expect([order?.state, app.billing.ordersOf(people.billing.id, 5)]).toEqual(["open", []])
  stripe.pay(order!.sessionId!, { with: "4242424242424242" })
  const paid = await agent.get(server.at(`/credits/orders/${order!.publicId}`))
  expect([paid.status, balance(id) > 0, balance(people.billing.id)]).toEqual([200, true, 0 as never])
  const { rows } = app.billing.invoices.list(id, {})
  expect(rows).toHaveLength(1)
  const own = await signedIn(server, people.billing.email)
  for (const path of [`/credits/orders/${order!.publicId}`, `/credits/invoices/${rows[0]!.number}`])
    expect([(await agent.get(server.at(path))).status, (await own.get(server.at(path))).status]).toEqual([200, 404])
  await app.outbox.flush()
  expect(app.mailer.mailbox.some(({ to, text }) => to === people.owner.email && text.includes(rows[0]!.number))).toBe(
    true,
  )
  const boss = await signedIn(server, (await makeUser(app, { isAdmin: true })).email)
  for (const path of [
    "/admin/orders",
    `/admin/orders/${order!.publicId}`,
    "/admin/invoices",
    `/admin/invoices/${rows[0]!.number}`,
  ])
    expect([path, (await boss.get(server.at(path))).status]).toEqual([path, 200])
  const acts = await (await signedIn(server, people.owner.email)).get(server.at(`/teams/${team}/activity`))
  expect(acts.text).toContain("joined Paper Boat as billing manager")
}, 60_000)

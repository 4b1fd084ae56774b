// An app goes from one developer to another: nothing that let the one before in counts any more, people are asked again, earnings stay with
// whoever earned them, and no two acts at once give it away twice.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { DAY_MS, VirtualClock } from "../../src/app/index.ts"
import { appUser } from "../../src/developers/index.ts"
import type { User } from "../../src/identity/index.ts"
import { pngOf } from "../../src/media/testing.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CALLBACK,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

const clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
let server: TestServer
let person: User
beforeAll(async () => {
  server = await startTestServer({
    clock,
    safeFetch: async () => ({ status: 200, headers: new Headers(), bytes: new Uint8Array(), text: () => "" }),
  })
  await addSandbox(server.app)
  person = await makeUser(server.app)
  await giveCredits(server.app, person, 10_000_000_000)
}, 30_000)
afterAll(() => server?.close())

const code = async (answer: Promise<Response>) => {
  const response = await answer
  return response.ok ? "ok" : ((await response.json()) as { error: { code: string } }).error.code
}
const write = <T>(act: Parameters<TestServer["app"]["store"]["write"]>[1]) =>
  server.app.store.write(CTX, act) as Promise<T>
const outcome = (act: Promise<unknown>) =>
  act.then(
    () => "done",
    (error: { code?: string }) => error.code,
  )
/** What an address was sent about handing apps over. */
async function mailedTo(email: string): Promise<string[]> {
  await server.app.outbox.flush()
  const all = server.app.mailer.mailbox.filter(({ to, subject }) => to === email && /\b(app|App)\b/.test(subject))
  return all.map(({ subject }) => subject).sort()
}

/** An app in use, with all that lets anybody in; its developer and another one. */
async function world(options: { redirectUris?: string[]; type?: "confidential" | "public" } = {}) {
  const { app } = server
  const [from, to] = [await makeDeveloper(app, { company: "Former" }), await makeDeveloper(app, { company: "Next" })]
  const { client, secret } = await makeClient(app, { ownerId: from.id, homepageUrl: "https://a.example", ...options })
  const ref = { ownerId: from.id, clientPublicId: client.publicId }
  const key = (await app.appKeys.create(CTX, { ...ref, name: "Server", scopes: ["users"] })).secret
  const tokens = await mintTokens(app, { user: person, client, secret })
  return { client, secret, ref, key, tokens, from, to, path: `/developer/apps/${client.publicId}` }
}
const offer = (of: Awaited<ReturnType<typeof world>>, email = of.to.email) =>
  write<{ publicId: string }>((tx) => server.app.appTransfers.offerIn(tx, { ...of.ref, email }))
const accept = (user: User, transferPublicId: string) =>
  write((tx) => void server.app.appTransfers.acceptIn(tx, { userId: user.id, transferPublicId }))
const ownerNow = (of: Awaited<ReturnType<typeof world>>) =>
  server.app.oauth.clientByPublicId(of.client.publicId)!.ownerId

test("by its pages: offered after a proof, read, accepted, and both hear of it", async () => {
  const of = await world()
  const agent = await signedIn(server, of.from.email)
  const page = await agent.get(server.at(`${of.path}/transfer`))
  expect(page.text).toContain("Whom it goes to")
  const offered = await agent.submit(page, `${of.path}/transfer`, { email: of.to.email.toUpperCase() })
  expect(offered.text).toContain(of.to.email)
  expect([await mailedTo(of.to.email), await mailedTo(of.from.email)]).toEqual([
    ["Somebody wants to hand a Purser app over to you"],
    ["You offered a Purser app to somebody else"],
  ])
  const other = await signedIn(server, of.to.email)
  const home = await other.get(server.at("/developer"))
  const path = /\/developer\/transfers\/atr_\w+/.exec(home.text)![0]
  // Nobody else finds it, the one who offers neither.
  const stranger = await signedIn(server, (await makeUser(server.app)).email)
  for (const who of [stranger, agent]) {
    expect((await who.get(server.at(path))).status).toBe(404)
    expect((await who.get(server.at(`${path}/refusal`))).status).toBe(404)
  }
  const asked = await other.get(server.at(path))
  expect(asked.text).toContain("Former wants to hand this app over to you.")
  const redirect = "https://next.example/callback"
  const taken = await other.submit(asked, path, { redirect_uris: redirect })
  expect(taken.text).toContain("is yours now")
  const client = server.app.oauth.clientByPublicId(of.client.publicId)!
  expect([client.ownerId, client.redirectUris]).toEqual([of.to.id, [redirect]])
  expect(await mailedTo(of.from.email)).toContain("Your app has another developer now · Purser")
  expect(await mailedTo(of.to.email)).toContain("An app is yours now · Purser")
  expect((await agent.get(server.at(of.path))).status).toBe(404)
  expect((await other.get(server.at(of.path))).status).toBe(200)
}, 60_000)

test("nothing of before opens anything, and people are asked again before the new developer sees them", async () => {
  const of = await world()
  const { app } = server
  const { client } = of
  const { id: imageId } = await app.media.storeImage(CTX, {
    ownerId: of.from.id,
    purpose: "icon",
    bytes: pngOf(64, 64),
  })
  const icon = { purpose: "icon", subject: client.publicId } as const
  await app.media.show(CTX, icon, { id: imageId, ownerId: of.from.id })
  const hooks = { userId: of.from.id, client }
  const { endpoint } = await app.webhooks.create(CTX, hooks, { url: "https://former.example/hook", types: null })
  const trial = await write<string>((tx) =>
    app.oauth.trialGrantIn(tx, {
      ...of.ref,
      userId: of.from.id,
      session: { sessionId: "s", authTimeMs: clock.now() },
      replaces: true,
    }),
  )
  const { token: test } = await app.oauth.signTrial(trial)
  await write((tx) => void app.appHosts.vouchIn(tx, { clientPublicId: client.publicId, verified: true }))
  expect([
    await code(chat(server.url, of.tokens.accessToken)),
    await app.reads.ask<number>("developers.count-app-users", [client.id]),
  ]).toEqual(["ok", 1])
  const earned = app.ledger.earningsOf(ownerOf(of.from), "live", app.developers.earningTerms()).pendingNano
  expect(earned).toBeGreaterThan(0)
  const { publicId } = await offer(of)
  clock.advance(1_000)
  await accept(of.to, publicId)
  clock.advance(1_000)
  const refresh = outcome(
    app.oauth.token({
      params: new URLSearchParams({
        grant_type: "refresh_token",
        refresh_token: of.tokens.refreshToken,
        client_id: client.publicId,
        client_secret: of.secret,
      }),
      authorization: null,
      requestId: "req_test",
    }),
  )
  expect([
    await code(chat(server.url, of.tokens.accessToken)),
    await code(chat(server.url, test)),
    await refresh,
    await code(fetch(server.at("/v1/app/users"), { headers: { authorization: `Bearer ${of.key}` } })),
  ]).toEqual(["token_revoked", "token_revoked", "invalid_client", "api_key_revoked"])
  // With a secret of the new developer the old refresh token is dead all the same.
  const fresh = (await write<{ secret: string }>((tx) => app.oauth.addSecretIn(tx, { ...of.ref, ownerId: of.to.id })))
    .secret
  const again = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: of.tokens.refreshToken,
    client_id: client.publicId,
    client_secret: fresh,
  })
  expect(await outcome(app.oauth.token({ params: again, authorization: null, requestId: "req_test" }))).toBe(
    "invalid_grant",
  )
  // The endpoint is a copy, off, with another secret; the domain and its badge are to be shown anew; the icon went along.
  const [hook, ...more] = app.webhooks.of({ userId: of.to.id, client: app.oauth.clientById(client.id)! })
  expect(more).toEqual([])
  expect([hook!.url, hook!.offBecause, hook!.publicId === endpoint.publicId]).toEqual([endpoint.url, "owner", false])
  expect(app.webhooks.of(hooks)).toEqual([])
  expect(app.appHosts.verified(app.oauth.clientById(client.id)!)).toBeNull()
  expect(app.media.addressOf(icon, 64)).toContain(imageId)
  expect([
    await app.reads.ask<number>("developers.count-app-users", [client.id]),
    appUser(app.store.read, client.id, person.publicId),
  ]).toEqual([0, null])
  const pages = await signedIn(server, of.to.email)
  const log = await pages.get(server.at(`${of.path}/requests`))
  expect(log.text).not.toContain(person.publicId)
  const [call] = app.store.read.all<{ id: string }>(
    "SELECT call_id AS id FROM v_charges WHERE client_id = ? LIMIT 1",
    client.id,
  )
  expect((await pages.get(server.at(`${of.path}/requests/${call!.id}`))).status).toBe(404)
  // The person still finds it among their apps, and is asked again.
  expect(app.oauth.consentsOf(person.id).some((one) => one.clientId === client.id)).toBe(true)
  const agent = await signedIn(server, person.email)
  const query = new URLSearchParams({
    client_id: client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid llm",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    state: "s",
  })
  const asked = await agent.get(server.at(`/authorize?${query}`))
  expect(asked.text).toContain("when another developer had it")
  expect(asked.text).toContain("Next")
  // What was earned stays, and what comes is the new one's.
  clock.advance(1_000)
  const tokens = await mintTokens(app, { user: person, client: app.oauth.clientById(client.id)!, secret: fresh })
  expect(await code(chat(server.url, tokens.accessToken))).toBe("ok")
  const pending = (of: User) => app.ledger.earningsOf(ownerOf(of), "live", app.developers.earningTerms()).pendingNano
  expect([pending(of.from), pending(of.to) > 0]).toEqual([earned, true])
  expect(await app.reads.ask<number>("developers.count-app-users", [client.id])).toBe(1)
}, 60_000)

test("an answer that was begun under the other developer's name is none", async () => {
  const of = await world({ type: "public" })
  const guest = await makeUser(server.app)
  const agent = await signedIn(server, guest.email)
  const query = new URLSearchParams({
    client_id: of.client.publicId,
    redirect_uri: CALLBACK,
    response_type: "code",
    scope: "openid llm",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
    state: "s",
  })
  const asked = await agent.get(server.at(`/authorize?${query}`))
  expect(asked.text).toContain("Former")
  const { publicId } = await offer(of)
  clock.advance(1_000)
  await accept(of.to, publicId)
  const answer = await agent.submit(asked, "/authorize/consent", { decision: "approve" }).catch((error) => error)
  expect(String(answer.text ?? answer)).toContain("another developer meanwhile")
  expect(server.app.oauth.consentsOf(guest.id)).toEqual([])
}, 60_000)

test("taken back, declined, over, accepted twice, at once by two, of a deleted or suspended app, by whoever is suspended", async () => {
  const { app } = server
  const of = await world()
  const first = await offer(of)
  expect(await outcome(offer(of))).toBe("conflict")
  await write((tx) => void app.appTransfers.revokeIn(tx, of.ref))
  expect(await outcome(accept(of.to, first.publicId))).toBe("not_found")
  const second = await offer(of)
  await write((tx) => void app.appTransfers.declineIn(tx, { userId: of.to.id, transferPublicId: second.publicId }))
  expect(await outcome(accept(of.to, second.publicId))).toBe("not_found")
  expect(await mailedTo(of.from.email)).toContain("Your app was not taken over · Purser")
  const third = await offer(of)
  clock.advance(7 * DAY_MS)
  expect(await outcome(accept(of.to, third.publicId))).toBe("not_found")
  await app.jobs.runNow(CTX, "sweep-app-transfers")
  expect(app.appTransfers.openOf(of.client.id)).toBeNull()
  expect(
    app.store.read.get("SELECT 1 FROM app_transfers WHERE to_email IS NOT NULL AND public_id = ?", third.publicId),
  ).toBeNull()

  const fourth = await offer(of)
  const { clientPublicId } = of.ref
  await write((tx) => void app.oauth.suspendClientIn(tx, { clientPublicId, reason: "spam" }))
  expect(await outcome(accept(of.to, fourth.publicId))).toBe("not_found")
  await write((tx) => void app.oauth.unsuspendClientIn(tx, { clientPublicId }))
  await write((tx) => void app.oauth.deleteClientIn(tx, of.ref))
  expect(await outcome(accept(of.to, fourth.publicId))).toBe("not_found")
  await write((tx) => void app.oauth.restoreClientIn(tx, of.ref))
  await app.identity.suspend(CTX, { userId: of.from.id, reason: "fraud" })
  expect(await outcome(accept(of.to, fourth.publicId))).toBe("account_suspended")
  await app.identity.unsuspend(CTX, { userId: of.from.id, reason: "mistake" })
  await app.identity.suspend(CTX, { userId: of.to.id, reason: "fraud" })
  expect(await outcome(accept(of.to, fourth.publicId))).toBe("account_suspended")
  await app.identity.unsuspend(CTX, { userId: of.to.id, reason: "mistake" })
  expect(ownerNow(of)).toBe(of.from.id)
  // Deleted and accepted in one commit: one of the two happened.
  const both = await Promise.all([
    outcome(write((tx) => void app.oauth.deleteClientIn(tx, of.ref))),
    outcome(accept(of.to, fourth.publicId)),
  ])
  expect(both.filter((one) => one === "done").length).toBe(1)
  if (ownerNow(of) === of.from.id) {
    await write((tx) => void app.oauth.restoreClientIn(tx, of.ref))
    const last = await Promise.all([1, 2, 3].map(() => outcome(accept(of.to, fourth.publicId))))
    expect(last.filter((one) => one === "done").length).toBe(1)
  }
  expect(ownerNow(of)).toBe(of.to.id)
}, 60_000)

test("no address tells whether anybody has it, and nobody is mailed without end", async () => {
  const of = await world()
  const nobody = await offer(of, "nobody@example.org")
  expect([await mailedTo("nobody@example.org"), await mailedTo(of.from.email)]).toEqual([
    ["Somebody wants to hand a Purser app over to you"],
    ["You offered a Purser app to somebody else"],
  ])
  // Whoever proves that address may take it: a newcomer accepts the agreement with it.
  const heir = await makeUser(server.app, { email: "nobody@example.org" })
  expect(await outcome(accept(heir, nobody.publicId))).toBe("forbidden")
  expect(await outcome(accept(of.to, nobody.publicId))).toBe("not_found")
  const agent = await signedIn(server, heir.email)
  const path = `/developer/transfers/${nobody.publicId}`
  const asked = await agent.get(server.at(path))
  expect((await agent.submit(asked, path, {})).text).toContain("Tick the box to accept the agreement.")
  expect((await agent.submit(asked, path, { accept: "1" })).text).toContain("is yours now")
  const limit = await world()
  for (let made = 0; made < 5; made++) {
    await offer(limit)
    await write((tx) => void server.app.appTransfers.revokeIn(tx, limit.ref))
  }
  expect([
    await outcome(offer(limit)),
    await outcome(offer(limit, limit.from.email)),
    await outcome(offer(limit, "no")),
  ]).toEqual(["conflict", "validation_failed", "validation_failed"])
}, 60_000)

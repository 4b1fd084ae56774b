// What people are told of how credits are spent, over real HTTP: a wallet that runs low, once a crossing; a pool that an app pays from; and the letter
// about a month, with the figures of /usage and links that limit an app.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { credits, DAY_MS, HOUR_MS, nano, randomSecret, VirtualClock } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { StoredMail } from "../../src/mail/index.ts"
import { creditsLeft, creditsUsed } from "../../src/spending/words.ts"
import { creditsNumber, creditsUsed as usedShown } from "../../views/ui/format.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
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

const clock = new VirtualClock(Date.UTC(2026, 8, 10, 12))
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0, freeModelsOnly: false })
})
beforeEach(() => {
  server.app.mailer.mailbox.length = 0
})
afterAll(() => server.close())

const run = async (job: string) => {
  await server.app.jobs.runNow(CTX, job)
  await server.app.outbox.flush()
}
const mailsTo = ({ email }: User, words = ""): StoredMail[] =>
  server.app.mailer.mailbox.filter(({ to, subject }) => to === email && subject.includes(words))
const subjects = (user: User) => mailsTo(user).map(({ subject }) => subject)
let takes = 0
const take = (user: User, amountNano: number) =>
  server.app.store.write(CTX, (tx) =>
    server.app.ledger.adjustIn(tx, {
      owner: ownerOf(user),
      mode: "live",
      amountNano: nano(-amountNano),
      key: `take:${++takes}`,
    }),
  )
const page = (agent: WebAgent, path: string) => agent.get(server.at(path))

test("credits that fall below a mark are told once a crossing, and again only after more came", async () => {
  const ann = await makeUser(server.app)
  await giveCredits(server.app, ann, credits(1_000))
  const agent = await signedIn(server, ann.email)
  const wrong = await agent.submit(await page(agent, "/credits/low"), "/credits/low", { below: "0" })
  expect(wrong.status).toBe(422)
  const saved = await agent.submit(await page(agent, "/credits/low"), "/credits/low", { below: "300" })
  expect(saved.text).toContain("Your choice is saved.")
  server.app.mailer.mailbox.length = 0
  await run("tell-lows")
  expect(subjects(ann)).toEqual([])
  await take(ann, credits(701))
  await run("tell-lows")
  await take(ann, credits(10))
  await run("tell-lows")
  await run("tell-lows")
  expect(subjects(ann)).toEqual(["Your credits are low: 299 credits left"])
  expect(mailsTo(ann)[0]!.text).toContain("less than 300 credits, where you wanted to be told")
  expect(server.app.notices.page(ann.id, null).rows[0]).toMatchObject({ kind: "credits_low", path: "/credits" })
  // Not enough to be above it: it goes on being low.
  await giveCredits(server.app, ann, credits(5))
  await run("tell-lows")
  await take(ann, credits(5))
  await run("tell-lows")
  expect(subjects(ann).length).toBe(1)
  await giveCredits(server.app, ann, credits(500))
  await run("tell-lows")
  await take(ann, credits(600))
  await run("tell-lows")
  expect(subjects(ann)).toEqual(["Your credits are low: 189 credits left", "Your credits are low: 299 credits left"])
})

test("a mark above what is there tells nothing by itself; free credits of a day are no reason to tell anew", async () => {
  const { app } = server
  await app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: credits(100) })
  const bob = await makeUser(app)
  await app.spending.setMark(CTX, bob.id, credits(50))
  await run("tell-lows")
  expect(subjects(bob)).toEqual([])
  for (let day = 0; day < 3; day++) {
    await app.store.write(CTX, (tx) => {
      const terms = app.plans.claimTermsIn(tx, bob.id)
      app.ledger.claimDailyIn(tx, { owner: ownerOf(bob), mode: "live", ...terms, auto: false })
    })
    await run("tell-lows")
    await take(bob, app.ledger.wallet(ownerOf(bob), "live").spendableNano)
    await run("tell-lows")
    clock.advance(DAY_MS)
  }
  expect(subjects(bob)).toEqual([])
  await giveCredits(app, bob, credits(60))
  await run("tell-lows")
  await take(bob, credits(20))
  await run("tell-lows")
  expect(subjects(bob)).toEqual(["Your credits are low: 40 credits left"])
  await app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0 })
})

test("a pool that runs low, then empty, is told to its developer once each, and again after it was filled", async () => {
  const { app } = server
  const developer = await makeDeveloper(app)
  const { client } = await makeClient(app, { ownerId: developer.id, name: "Margin Notes" })
  const ref = { developerId: developer.id, clientPublicId: client.publicId }
  const grant = (amountNano: number) =>
    app.store.write(CTX, (tx) =>
      app.ledger.grantIn(tx, {
        owner: ownerOf(developer),
        mode: "live",
        type: "topup",
        bucket: "purchase",
        paid: true,
        amountNano: nano(amountNano),
        key: `order:${randomSecret(8)}`,
      }),
    )
  const fund = (amountNano: number) =>
    app.store.write(CTX, (tx) =>
      app.sponsors.fundIn(tx, { ...ref, amountNano: nano(amountNano), key: randomSecret(8) }),
    )
  const back = (amountNano: number) =>
    app.store.write(CTX, (tx) =>
      app.sponsors.takeBackIn(tx, { ...ref, amountNano: nano(amountNano), key: randomSecret(8) }),
    )
  await grant(credits(10_000))
  await app.store.write(CTX, (tx) => app.sponsors.setIn(tx, { ...ref, capNano: credits(100), isOn: true }))
  await run("tell-pools")
  await fund(credits(1_000))
  await run("tell-pools")
  expect(subjects(developer)).toEqual([])
  await back(credits(801))
  await run("tell-pools")
  await run("tell-pools")
  expect(subjects(developer)).toEqual(["The pool of Margin Notes is low: 199 credits left"])
  await back(credits(199))
  await run("tell-pools")
  await run("tell-pools")
  expect(subjects(developer)).toEqual([
    "The pool of Margin Notes is empty",
    "The pool of Margin Notes is low: 199 credits left",
  ])
  await fund(credits(100))
  await run("tell-pools")
  expect(subjects(developer).length).toBe(2)
  await back(credits(100))
  await run("tell-pools")
  expect(subjects(developer)[0]).toBe("The pool of Margin Notes is empty")
  expect(subjects(developer).length).toBe(3)
})

test("amounts read as on the pages", () => {
  for (const amount of [
    0, 1, 4_999, 5_000, 123_456, 999_999, 1_000_000, 1_040_000, 9_950_000, 10_500_000, 4_182_400_000,
  ].map(nano)) {
    const shown = creditsNumber(usedShown(amount)).replace("<0.01", "less than 0.01")
    expect(creditsUsed(amount).replace(/ credits?$/, "")).toBe(shown)
    expect(creditsLeft(amount).replace(/ credits?$/, "")).toBe(creditsNumber(amount).replace("<0.01", "less than 0.01"))
  }
})

/** Two apps and a key in October, one of them in September too. */
async function monthsOf(user: User) {
  const { app, url } = server
  const developer = await makeDeveloper(app)
  const made = await Promise.all(
    ["Margin Notes", "Evil https://evil.example"].map((name) => makeClient(app, { ownerId: developer.id, name })),
  )
  const call = async (at: number, times: number) => {
    const { client, secret } = made[at]!
    const { accessToken } = await mintTokens(app, { user, client, secret: secret! })
    for (let one = 0; one < times; one++) expect((await chat(url, accessToken)).status).toBe(200)
  }
  await giveCredits(app, user, credits(5_000))
  return { clients: made.map(({ client }) => client), call }
}

test("the letter about a month: figures of /usage, beside the month before, once; nobody who used nothing gets one", async () => {
  const { app } = server
  const [ann, idle] = [await makeUser(app), await makeUser(app)]
  clock.advance(Date.UTC(2026, 8, 20) - clock.now())
  const { clients, call } = await monthsOf(ann)
  await call(0, 2)
  clock.advance(Date.UTC(2026, 9, 15) - clock.now())
  await call(0, 5)
  await call(1, 1)
  const { key, secret } = await app.keys.create(CTX, { userId: ann.id, name: "mine", scopes: ["llm"] })
  expect(key.userId).toBe(ann.id)
  expect((await chat(server.url, secret)).status).toBe(200)
  // Not before calls over the end of the month have settled.
  clock.advance(Date.UTC(2026, 10, 1, 5) - clock.now())
  await run("monthly-letters")
  expect(mailsTo(ann, "October")).toEqual([])
  clock.advance(2 * HOUR_MS)
  await run("monthly-letters")
  await run("monthly-letters")
  const [mail, ...more] = mailsTo(ann, "October")
  expect(more).toEqual([])
  expect(mailsTo(idle)).toEqual([])

  const shown = await page(await signedIn(server, ann.email), "/usage?range=custom&from=2026-10-01&to=2026-10-31")
  expect(mail!.text).toContain(`${server.app.config.baseUrl}/usage?range=custom&from=2026-10-01&to=2026-10-31`)
  const span = (from: string, to: string) => ({ from: Date.parse(from) / DAY_MS, to: Date.parse(to) / DAY_MS })
  const of = (days: ReturnType<typeof span>) =>
    app.analytics.person({ userId: ann.id, mode: "live", span: days, filter: {} })
  const [october, september] = [await of(span("2026-10-01", "2026-10-31")), await of(span("2026-09-01", "2026-09-30"))]
  expect([october.totals.calls, september.totals.calls]).toEqual([7, 2])
  const total = creditsUsed(october.totals.usedNano)
  expect(mail!.subject).toBe(`Your October: ${total} used`)
  expect(shown.text).toContain(creditsNumber(usedShown(october.totals.usedNano)))
  const more2 = nano(october.totals.usedNano - september.totals.usedNano)
  expect(mail!.text).toContain(
    `In October 2026 you used ${total} in 7 calls: ${creditsUsed(more2)} more than in September.`,
  )
  const left = app.ledger.wallet(ownerOf(ann), "live").spendableNano
  expect(mail!.text).toContain(`${creditsLeft(left)} are left.`)
  for (const { key, usedNano } of october.rows.app) {
    const name = key === 0 ? "Your own keys" : key === clients[0]!.id ? "Margin Notes" : "Evil https evil example"
    expect(mail!.text).toContain(`- ${name}: ${creditsUsed(usedNano)}, `)
  }
  for (const { key, usedNano } of october.rows.model)
    expect(mail!.text).toContain(`- ${key}: ${creditsUsed(usedNano)}, `)
  expect(mail!.text).toContain("Days and months are those of UTC.")
  // What a developer calls their app is no link in a mail of ours.
  expect(mail!.text + mail!.html).not.toContain("evil.example")
  expect(mail!.offUrl).toContain("kind=monthly_letter")
})

const linkIn = ({ text }: StoredMail, app: string): string =>
  [...text.matchAll(/^https?:\S+\/letter\/limit\?\S+$/gm)].map(([link]) => link).find((link) => link.includes(app))!

test("a link of the letter limits one app, by a press on its page; opening it changes nothing, and it never raises anything", async () => {
  const { app } = server
  const bob = await makeUser(app)
  clock.advance(Date.UTC(2026, 10, 15) - clock.now())
  const { clients, call } = await monthsOf(bob)
  await call(0, 3)
  await call(1, 1)
  clock.advance(Date.UTC(2026, 11, 2) - clock.now())
  await run("monthly-letters")
  const link = linkIn(mailsTo(bob, "November")[0]!, clients[0]!.publicId)
  const limit = (at = 0) =>
    app.oauth.consentsOf(bob.id).find(({ clientId }) => clientId === clients[at]!.id)!.limits.llm
  const before = [limit(0), limit(1)]
  for (const method of ["GET", "HEAD"]) expect((await fetch(link, { method })).status).toBe(200)
  expect((await (await fetch(link)).text()).includes("Nothing has changed yet.")).toBe(true)
  expect([limit(0), limit(1)]).toEqual(before)

  const changed = (name: string, to: string) => {
    const url = new URL(link)
    url.searchParams.set(name, to)
    return fetch(url, { method: "POST" })
  }
  for (const [name, to] of [
    ["most", "5000"],
    ["app", clients[1]!.publicId],
    ["who", (await makeUser(app)).publicId],
    ["until", "99999999999999"],
    ["sign", "x"],
  ] as const)
    expect([name, (await changed(name, to)).status]).toEqual([name, 404])
  expect([limit(0), limit(1)]).toEqual(before)

  const most = Number(new URL(link).searchParams.get("most"))
  for (let press = 0; press < 2; press++) {
    const set = await fetch(link, { method: "POST" })
    expect([set.status, (await set.text()).includes("The limit is set")]).toEqual([200, true])
    expect([limit(0), limit(1)]).toEqual([credits(most), before[1]!])
  }
  const row = app.store.read.get<{ actor: string }>(
    "SELECT actor FROM audit_log WHERE action = 'consent.limits_changed' ORDER BY id DESC LIMIT 1",
  )
  expect(row!.actor).toBe("system:letter-limit")
  // What stands lower stays.
  const consent = app.oauth.consentsOf(bob.id).find(({ clientId }) => clientId === clients[0]!.id)!
  const lower = { userId: bob.id, consentPublicId: consent.publicId, limits: { llm: nano(5) } }
  await app.store.write(CTX, (tx) => app.oauth.updateLimitsIn(tx, lower))
  await fetch(link, { method: "POST" })
  expect(limit(0)).toBe(nano(5))
  // An app without access is not there; neither is a link that is too old.
  await app.store.write(CTX, (tx) => app.oauth.revokeConsentIn(tx, lower))
  expect((await fetch(link, { method: "POST" })).status).toBe(404)
  const other = linkIn(mailsTo(bob, "November")[0]!, clients[1]!.publicId)
  expect((await fetch(other)).status).toBe(200)
  clock.advance(62 * DAY_MS)
  expect((await fetch(other, { method: "POST" })).status).toBe(404)
})

test("one press of a mail program ends the letter; a server that was off too long skips a month", async () => {
  const { app } = server
  const carl = await makeUser(app)
  clock.advance(Date.UTC(2027, 2, 10) - clock.now())
  const { call } = await monthsOf(carl)
  await call(0, 1)
  clock.advance(Date.UTC(2027, 3, 9) - clock.now())
  await run("monthly-letters")
  expect(mailsTo(carl, "March")).toEqual([])
  await call(0, 1)
  clock.advance(Date.UTC(2027, 4, 1, 7) - clock.now())
  await run("monthly-letters")
  const [mail] = mailsTo(carl, "April")
  expect((await fetch(mail!.offUrl!, { method: "POST" })).status).toBe(200)
  await call(0, 1)
  clock.advance(Date.UTC(2027, 5, 1, 7) - clock.now())
  await run("monthly-letters")
  expect(mailsTo(carl, "May")).toEqual([])
})

test("whoever is suspended or moves to another address while the letters are written gets none there", async () => {
  const { app } = server
  const [gone, moved, stays] = [await makeUser(app), await makeUser(app), await makeUser(app)]
  for (const one of [gone, moved, stays]) {
    await giveCredits(app, one, credits(100))
    const { secret } = await app.keys.create(CTX, { userId: one.id, name: "mine", scopes: ["llm"] })
    expect((await chat(server.url, secret)).status).toBe(200)
  }
  const next = new Date(clock.now())
  clock.advance(Date.UTC(next.getUTCFullYear(), next.getUTCMonth() + 1, 1, 7) - clock.now())
  const { person } = app.analytics
  const address = `moved-${randomSecret(6).toLowerCase()}@example.com`
  app.analytics.person = async (asked) => {
    app.analytics.person = person
    await app.identity.suspend(CTX, { userId: gone.id, reason: "test" })
    await app.store.write(CTX, (tx) => tx.run("UPDATE users SET email = ? WHERE id = ?", address, moved.id))
    return person(asked)
  }
  await run("monthly-letters")
  expect([gone, moved, { ...moved, email: address }, stays].map((one) => mailsTo(one, "Your ").length)).toEqual([
    0, 0, 1, 1,
  ])
})

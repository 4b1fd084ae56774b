// The letter about a month of a team, over real HTTP: what its credits went to by person, app and model, with the figures of its usage, once to each
// of its people who handle money; links lead to the limits that its reader may set; what the cache saved is what usage says.
import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test"
import { credits, HOUR_MS, nano, VirtualClock } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import type { StoredMail } from "../../src/mail/index.ts"
import { creditsLeft, creditsUsed } from "../../src/spending/words.ts"
import { creditsNumber, creditsUsed as usedShown } from "../../views/ui/format.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"

const clock = new VirtualClock(Date.UTC(2026, 8, 10, 12))
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock })
  await addSandbox(server.app)
  await server.app.plans.updatePlan(CTX, { code: "free", dailyClaimNano: 0, freeModelsOnly: false })
}, 30_000)
beforeEach(() => {
  server.app.mailer.mailbox.length = 0
})
afterAll(() => server?.close())

const run = async () => {
  await server.app.jobs.runNow(CTX, "team-monthly-letters")
  await server.app.outbox.flush()
}
const toMonth = (year: number, month: number, day = 1, hour = 7) =>
  clock.advance(Date.UTC(year, month, day, hour) - clock.now())
const mailsTo = ({ email }: User, words: string): StoredMail[] =>
  server.app.mailer.mailbox.filter(({ to, subject }) => to === email && subject.includes(words))

async function house(name = "Paper Boat") {
  const { app } = server
  const owner = await makeHost(server, "Olga Owner")
  const team = await makeTeam(server, owner, name)
  const people = { owner } as Record<"owner" | "admin" | "billing" | "viewer", User>
  for (const role of ["admin", "billing", "viewer"] as const) {
    people[role] = await makeUser(app, { name: `Person ${role} https://evil.example` })
    await joinTeam(server, team, owner, people[role], role)
  }
  const { id } = app.teams.membership({ userId: owner.id, team }, "see").team
  await giveCredits(app, { id } as User, credits(10_000))
  const keyOf = async (user: User) =>
    (await app.keys.create(CTX, { userId: user.id, payerId: id, name: "k", scopes: ["llm"] })).secret
  return { team, id, people, keyOf }
}
const ask = async (bearer: string, words = "hello", headers: Record<string, string> = {}) => {
  const answer = await fetch(server.at("/v1/chat/completions"), {
    method: "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "sandbox", messages: [{ role: "user", content: words }], max_tokens: 64 }),
  })
  expect(answer.status).toBe(200)
}

test("by person, app and model, the figures of the team's usage, beside the month before; once to each who handles money", async () => {
  const { app } = server
  const of = await house()
  const { owner, admin, billing, viewer } = of.people
  const [mine, theirs] = [await of.keyOf(owner), await of.keyOf(admin)]
  await ask(theirs)
  toMonth(2026, 9, 15)
  for (let at = 0; at < 3; at++) await ask(mine, `question ${at}`)
  // Asked twice, and answered once by the provider.
  for (let at = 0; at < 3; at++) await ask(theirs, "the same thing", { "x-credits-cache": "on" })
  const developer = await makeDeveloper(app)
  const made = await makeClient(app, { ownerId: developer.id, name: "Margin Notes" })
  await ask((await mintTokens(app, { user: admin, ...made, payer: of.team })).accessToken)
  // What somebody pays themselves is nothing of the team's.
  await giveCredits(app, viewer, credits(500))
  await ask((await app.keys.create(CTX, { userId: viewer.id, name: "own", scopes: ["llm"] })).secret)
  toMonth(2026, 10, 1, 5)
  await run()
  expect(server.app.mailer.mailbox.filter(({ subject }) => subject.includes("used in"))).toEqual([])
  clock.advance(2 * HOUR_MS)
  await run()
  await run()
  const about = "used in October"
  expect([owner, admin, billing, viewer].map((one) => mailsTo(one, about).length)).toEqual([1, 1, 1, 0])

  const span = { from: Date.UTC(2026, 9, 1) / 86_400_000, to: Date.UTC(2026, 9, 31) / 86_400_000 }
  const october = await app.analytics.person({ userId: of.id, mode: "live", span, filter: {} })
  const [mail] = mailsTo(owner, about)
  const total = creditsUsed(october.totals.usedNano)
  expect(mail!.subject).toBe(`Paper Boat: ${total} used in October`)
  expect(mail!.text).toContain(`In October 2026 the team “Paper Boat” used ${total} in ${october.totals.calls} calls: `)
  expect(mail!.text).toContain("more than in September.")
  const left = app.ledger.wallet({ kind: "principal", id: of.id }, "live").spendableNano
  expect(mail!.text).toContain(`${creditsLeft(left)} are left.`)
  const nameOf = new Map<number, string>([
    [owner.id, "Olga Owner"],
    [admin.id, "Person admin https evil example"],
  ])
  expect(october.rows.member.length).toBe(2)
  for (const { key, usedNano } of october.rows.member)
    expect(mail!.text).toContain(`- ${nameOf.get(Number(key))}: ${creditsUsed(usedNano)}, `)
  expect(october.rows.app.length).toBe(2)
  for (const { key, usedNano } of october.rows.app)
    expect(mail!.text).toContain(`- ${key === 0 ? "Keys of the team" : "Margin Notes"}: ${creditsUsed(usedNano)}, `)
  for (const { key, usedNano } of october.rows.model)
    expect(mail!.text).toContain(`- ${key}: ${creditsUsed(usedNano)}, `)
  expect(mail!.text + mail!.html).not.toContain("evil.example")
  expect(mail!.offUrl).toContain("kind=team_monthly_letter")
  expect(app.notices.page(owner.id, null).rows[0]).toMatchObject({ kind: "team_monthly_letter" })

  // The cache: exactly what it saved, and what the page of usage says.
  const spared = app.store.read.get<{ calls: number; nano: number }>(
    `SELECT count(*) AS calls, sum(units ->> '$.cached_of_nano' - collected_nano) AS nano FROM v_charges
     WHERE caller_id = ? AND units ->> '$.cached_of_nano' IS NOT NULL`,
    admin.id,
  )!
  expect([spared.calls, october.cache.calls, spared.nano > 0]).toEqual([2, 2, true])
  const said = `2 answers came from the cache and saved about ${creditsUsed(nano(spared.nano))}.`
  expect(mail!.text).toContain(said)
  const agent = await signedIn(server, owner.email)
  const page = await agent.get(server.at("/settings"))
  const csrf = page.forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(server.at("/acting"), [
    ["csrf", csrf],
    ["team", of.team],
  ])
  const usage = await agent.get(server.at("/usage?range=custom&from=2026-10-01&to=2026-10-31"))
  const shown = usage.text.replace(/<[^>]+>/g, "").replace(/\s+/g, " ")
  expect(shown).toContain(
    `2 answers came from the cache and saved about ${creditsNumber(usedShown(october.cache.savedNano))}`,
  )
  expect(shown).toContain(creditsNumber(usedShown(october.totals.usedNano)))
  expect(mail!.text).toContain("/usage?range=custom&from=2026-10-01&to=2026-10-31")

  // Whom each may limit: the owner everybody, an admin neither the owner nor an admin, a billing manager nobody.
  const links = (who: User) =>
    [...mailsTo(who, about)[0]!.text.matchAll(/\/teams\/\w+\/members\/(\w+)\/limits/g)].map(([, id]) => id).toSorted()
  expect(links(owner)).toEqual([owner.publicId, admin.publicId].toSorted())
  expect([links(admin), links(billing)]).toEqual([[], []])
  const link = /\S+\/members\/\w+\/limits/.exec(mail!.text)![0]
  expect((await agent.get(link)).status).toBe(200)
}, 60_000)

test("people's own letter says what the cache saved too, and a team that used nothing, or is deleted, has none", async () => {
  const { app } = server
  const [quiet, gone] = [await house("Quiet Crew"), await house("Gone Crew")]
  await ask(await gone.keyOf(gone.people.owner))
  const ann = await makeUser(app)
  await giveCredits(app, ann, credits(500))
  const { secret } = await app.keys.create(CTX, { userId: ann.id, name: "mine", scopes: ["llm"] })
  for (let at = 0; at < 3; at++) await ask(secret, "the same thing", { "x-credits-cache": "on" })
  toMonth(2026, 11, 1)
  await app.store.write(
    CTX,
    (tx) => void app.teams.endIn(tx, { userId: gone.people.owner.id, team: gone.team, forfeit: true }),
  )
  await run()
  await app.jobs.runNow(CTX, "monthly-letters")
  await app.outbox.flush()
  const span = { from: Date.UTC(2026, 10, 1) / 86_400_000, to: Date.UTC(2026, 10, 30) / 86_400_000 }
  const { cache } = await app.analytics.person({ userId: ann.id, mode: "live", span, filter: {} })
  expect(mailsTo(ann, "November")[0]!.text).toContain(
    `2 answers came from the cache and saved about ${creditsUsed(cache.savedNano)}.`,
  )
  for (const { people } of [quiet, gone])
    for (const one of Object.values(people)) expect(mailsTo(one, "used in")).toEqual([])
}, 60_000)

test("who turned it off, is suspended or lost the right meanwhile gets none; the others do", async () => {
  const { app } = server
  const of = await house("Night Shift")
  const { owner, admin, billing } = of.people
  await ask(await of.keyOf(owner))
  toMonth(2027, 0, 1)
  await run()
  expect((await fetch(mailsTo(owner, "December")[0]!.offUrl!, { method: "POST" })).status).toBe(200)
  await ask(await of.keyOf(owner))
  toMonth(2027, 1, 1)
  const { person } = app.analytics
  app.analytics.person = async (asked) => {
    app.analytics.person = person
    await app.identity.suspend(CTX, { userId: admin.id, reason: "test" })
    await app.store.write(CTX, (tx) =>
      app.teams.removeIn(tx, { userId: owner.id, team: of.team, member: billing.publicId }),
    )
    return person(asked)
  }
  await run()
  expect([owner, admin, billing].map((one) => mailsTo(one, "Night Shift: ").length)).toEqual([1, 1, 1])
  expect([owner, admin, billing].map((one) => mailsTo(one, "in January").length)).toEqual([0, 0, 0])
}, 60_000)

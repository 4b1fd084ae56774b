// Programs are told what their person wants; many mails of a kind become one, an hour later, and each of its causes is told once.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { createIds, DAY_MS, HOUR_MS, silentLog } from "../app/index.ts"
import type { User } from "../identity/index.ts"
import { createMails, type Mail, type Mails } from "../mail/index.ts"
import { createOutbox, type Outbox } from "../outbox/index.ts"
import type { Letter } from "../part/index.ts"
import { testCtx } from "../store/index.ts"
import { createWebhooks, type Webhooks } from "../webhooks/index.ts"
import { createNotices, isOptional, KINDS, NOTICE_LIMITS as L, type Notices } from "./index.ts"
import { digest } from "./mails.ts"
import { type Opened, openWithPerson } from "./testing.ts"

const letterOf = (kind: string): Letter<{ n: number }> => ({
  kind,
  subject: ({ n }) => `Notice ${n} of ${kind}`,
  body: (_, { baseUrl }) => ["Something happened.", { text: "Read more:", link: `${baseUrl}/credits` }],
  sample: { n: 0 },
})
const paid = letterOf("order_paid")
const device = letterOf("new_device")
let ann: User
let opened: Opened
let outbox: Outbox
let mails: Mails
let notices: Notices
let webhooks: Webhooks
let sent: Mail[]

beforeEach(async () => {
  opened = await openWithPerson("ann@example.com")
  const { store, clock, identity, keyring } = opened
  ann = opened.person
  sent = []
  const ids = createIds(clock)
  const house = { productName: "Purser", baseUrl: "https://ai.example.com" }
  outbox = createOutbox({ store, clock, ids, log: silentLog })
  const mailer = { send: async (mail: Mail) => String(sent.push(mail)) }
  mails = createMails({ letters: [paid, device, digest], house, store, clock, keyring, outbox, mailer })
  outbox.handle("mail", mails.deliver)
  const nobody = { safeFetch: async () => new Response(), safeCheck: async () => {} }
  webhooks = createWebhooks({ store, clock, ids, keyring, log: silentLog, outbox, mails, ...nobody } as never)
  notices = createNotices({ store, clock, ids, keyring, mails, siteUrl: house.baseUrl, people: identity })
  mails.tellBy(notices.tellIn)
})
afterEach(() => opened.close())

const tell = (letter: Letter<{ n: number }>, n: number) =>
  opened.store.write(testCtx, (tx) => mails.queueIn(tx, letter, { to: ann.email, data: { n }, uselessAfterMs: null }))
async function mailed(): Promise<string[]> {
  await outbox.flush()
  return sent.splice(0).map(({ subject }) => subject)
}
const titles = () => notices.page(ann.id, null).rows.map(({ title }) => title)
const wants = (change: Partial<Record<"mail" | "console" | "webhook", string>>) => {
  const now = notices.wanted(ann.id)
  const but = (channel: "mail" | "console" | "webhook") =>
    new Set([...now[channel]].filter((kind) => kind !== change[channel]))
  const wanted = { mail: but("mail"), console: but("console"), webhook: but("webhook") }
  return notices.choose(testCtx, { userId: ann.id, userPublicId: ann.publicId, wanted })
}
const events = () =>
  opened.store.read
    .all<{ body: string }>("SELECT body FROM webhook_events ORDER BY id")
    .map(({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> })
const listen = () =>
  webhooks.create(testCtx, { userId: ann.id, client: null }, { url: "https://hooks.example.com/a", types: null })

test("a program hears of each notice, with the words of the mail and where it leads, in the commit of its cause", async () => {
  await tell(paid, 1)
  expect(events()).toEqual([])
  await listen()
  await tell(paid, 2)
  const { publicId } = notices.page(ann.id, null).rows[0]!
  const data = { notice: publicId, kind: "order_paid", topic: "money", title: "Notice 2 of order_paid" }
  expect(events()).toMatchObject([
    { type: "notice.created", mode: "live", data: { ...data, url: "https://ai.example.com/credits" } },
  ])
  const undone = opened.store.write(testCtx, (tx) => {
    mails.queueIn(tx, paid, { to: ann.email, data: { n: 3 }, uselessAfterMs: null })
    throw new Error("undone")
  })
  await expect(undone).rejects.toThrow("undone")
  expect(events().length).toBe(1)
})

test("each way has its switch: programs may be told nothing of what is always mailed, and of what the console does not show", async () => {
  await listen()
  await wants({ webhook: "new_device" })
  await tell(device, 1)
  expect([events().length, titles().length, (await mailed()).length]).toEqual([0, 1, 1])
  await wants({ console: "order_paid", mail: "order_paid" })
  await tell(paid, 1)
  expect([titles().length, await mailed()]).toEqual([1, []])
  expect(events()).toMatchObject([{ data: { notice: null, kind: "order_paid" } }])
  expect([...KINDS.keys()].filter((kind) => !isOptional(kind, "webhook"))).toEqual(["notices_digest"])
})

test("so many mails of a kind in an hour, then one about all the others, once", async () => {
  const many = L.mailsPerHourMax + 7
  for (let n = 1; n <= many; n++) await tell(paid, n)
  await tell(device, 1)
  expect((await mailed()).toSorted()).toEqual(
    [
      ...Array.from({ length: L.mailsPerHourMax }, (_, n) => `Notice ${n + 1} of order_paid`),
      "Notice 1 of new_device",
    ].toSorted(),
  )
  // Here they stand one by one.
  expect(titles().length).toBe(many + 1)
  opened.clock.advance(L.digestAfterMs - 1)
  await notices.sendDigests(10)
  expect(await mailed()).toEqual([])
  opened.clock.advance(1)
  // Two jobs at once are one.
  await Promise.all([notices.sendDigests(10), notices.sendDigests(10)])
  await outbox.flush()
  expect(sent.map(({ subject }) => subject)).toEqual(["7 more notices"])
  const [{ text, offUrl }] = sent as [Mail]
  expect(text).toContain("Credits bought: “Notice 11 of order_paid”,")
  expect(text).toContain("and 2 more.")
  expect(new URL(offUrl!).searchParams.get("kind")).toBe("notices_digest")
  expect(titles().length).toBe(many + 1)
  sent.length = 0
  opened.clock.advance(2 * L.digestAfterMs)
  await notices.sendDigests(10)
  expect(await mailed()).toEqual([])
  // A new hour has mails of its own again, up to what a day may have.
  await tell(paid, 99)
  expect(await mailed()).toEqual(["Notice 99 of order_paid"])
})

test("a day has its bound too, and what keeps an account safe has none", async () => {
  let count = 0
  for (let hour = 0; hour < 8; hour++) {
    for (let n = 0; n < 3; n++) await tell(paid, n)
    count += (await mailed()).length
    opened.clock.advance(HOUR_MS)
  }
  expect(count).toBe(L.mailsPerDayMax)
  for (let n = 0; n < 30; n++) await tell(device, n)
  expect((await mailed()).length).toBe(30)
  opened.clock.advance(DAY_MS)
  await tell(paid, 1)
  expect(await mailed()).toEqual(["Notice 1 of order_paid"])
})

test("whoever turned summaries off, or is suspended, gets none; and nothing of it stays", async () => {
  const left = () =>
    opened.store.read.get<{ n: number }>(
      "SELECT (SELECT count(*) FROM notices_held) + (SELECT count(*) FROM notices_digests) AS n",
    )!.n
  for (const off of ["mail", "suspended"] as const) {
    for (let n = 0; n <= L.mailsPerHourMax; n++) await tell(paid, n)
    await mailed()
    expect(left()).toBe(2)
    if (off === "mail") await wants({ mail: "notices_digest" })
    else await opened.identity.suspend(testCtx, { userId: ann.id, reason: "test" })
    opened.clock.advance(DAY_MS + 1)
    await notices.sendDigests(10)
    expect([await mailed(), left()]).toEqual([[], 0])
    await opened.store.write(testCtx, (tx) => tx.run("DELETE FROM notices_off"))
  }
})

test("what waits and what is counted is bounded, and forgotten", async () => {
  for (let n = 0; n < L.heldMax + L.mailsPerHourMax + 5; n++) await tell(paid, n)
  const count = (table: string) => opened.store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
  expect([count("notices_held"), count("notices_mailed")]).toEqual([L.heldMax, L.mailsPerHourMax])
  opened.clock.advance(DAY_MS + 1)
  expect(await notices.sweep(2)).toBe(2)
  await notices.sweep(10)
  expect(count("notices_mailed")).toBe(0)
})

// What the parts contribute, in a whole server: every job runs, every check and first step says something to do, and a scratch part's
// job, mail and setting work without a line anywhere else.
import { afterAll, expect, spyOn, test } from "bun:test"
import { createIds, createKeyring, HOUR_MS, LIMITS, silentLog } from "../../src/app/index.ts"
import { SELLS } from "../../src/billing/index.ts"
import { field } from "../../src/http/index.ts"
import { createJobs } from "../../src/jobs/index.ts"
import { createMailer, createMails, type Mails } from "../../src/mail/index.ts"
import { createOutbox } from "../../src/outbox/index.ts"
import { declared, type Letter, merged, type Part, type Setting } from "../../src/part/index.ts"
import { createSettings } from "../../src/settings/index.ts"
import { openTestStore, type Store } from "../../src/store/index.ts"
import { addSandbox, CTX, chat, giveCredits, makeClient, makeUser, mintTokens, startTestServer } from "../build.ts"

const server = await startTestServer()
const { app } = server
afterAll(() => server.close())

for (const job of app.contributed.jobs) {
  test(`the job ${job.name} runs to its end in a house that lives`, async () => {
    await giveCredits(app, await makeUser(app), 5_000_000)
    expect(job.name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(job.everyMs).toBeGreaterThanOrEqual(30_000)
    const { signal } = new AbortController()
    expect(await job.run({ rows: job.sliceRows ?? LIMITS.jobSliceRows, signal })).toBe(false)
  })
}

test("pages of figures never wait for a proof of books or file: these have a Worker of their own", async () => {
  await giveCredits(app, await makeUser(app), 5_000_000)
  const asked = (["reads", "exports", "proofs"] as const).map((name) => [
    spyOn(app[name], "ask"),
    spyOn(app[name], "stream"),
  ])
  for (const name of ["verify-books", "check-file"]) {
    const { signal } = new AbortController()
    await app.contributed.jobs.find((job) => job.name === name)!.run({ rows: LIMITS.jobSliceRows, signal })
  }
  expect(asked.map((spies) => spies.map((spy) => spy.mock.calls.length))).toEqual([
    [0, 0],
    [0, 0],
    [1, 1],
  ])
  for (const spy of asked.flat()) spy.mockRestore()
})

test("what is not well comes with a remedy, and turns well when it is followed", async () => {
  const found = () => new Map(app.contributed.checks().map((check) => [check.label, check]))
  expect([...found().keys()].toSorted()).toEqual(["Books", "Jobs", "Mail", "Service", "Upstreams"])
  for (const { state, remedy } of found().values()) expect(state === "ok" || Boolean(remedy)).toBe(true)
  expect(found().get("Upstreams")).toMatchObject({ state: "warn", href: "/admin/upstreams/new" })
  await addSandbox(app)
  expect(found().get("Upstreams")).toMatchObject({ state: "ok" })
})

test("the first steps are done one by one", async () => {
  const done = () => app.contributed.firstRun.filter((step) => step.isDone()).map(({ key }) => key)
  expect(app.contributed.firstRun.map(({ key }) => key)).toEqual(["admin", "mail", "upstream", "call", "payments"])
  expect(done()).toEqual(["mail", "upstream"])
  const ada = await makeUser(app, { isAdmin: true })
  expect(done()).toEqual(["admin", "mail", "upstream"])
  await giveCredits(app, ada, 5_000_000)
  const { client, secret } = await makeClient(app, { ownerId: ada.id })
  const { accessToken } = await mintTokens(app, { user: ada, client, secret: secret! })
  expect((await chat(server.url, accessToken)).status).toBe(200)
  expect(done()).toEqual(["admin", "mail", "upstream", "call"])
  // A house that gives its credits away is done without a key.
  await app.settings.set(CTX, SELLS, { value: "no" })
  expect(done()).toEqual(["admin", "mail", "upstream", "call", "payments"])
})

const greeting: Letter<{ name: string }> = {
  kind: "scratch_greeting",
  subject: ({ name }) => `Good morning, ${name}`,
  body: () => ["A new day."],
  sample: { name: "Ada" },
}
const often: Setting<number> = {
  key: "scratch.days",
  group: "Scratch",
  field: field.days({ label: "Days between greetings" }),
  default: 1,
  problem: () => null,
}
const scratch: Part<{ store: Store; mails: Mails }> = {
  name: "scratch",
  letters: [greeting],
  settings: [often],
  run: ({ store, mails }) => ({
    jobs: [
      {
        name: "greet",
        everyMs: HOUR_MS,
        atStart: true,
        async run() {
          const mail = { to: "ada@example.com", data: { name: "Ada" }, uselessAfterMs: null }
          await store.write(CTX, (tx) => mails.queueIn(tx, greeting, mail))
          return false
        },
      },
    ],
  }),
}

test("a scratch part's job runs, its mail arrives, its setting is set", async () => {
  const { store, clock, close } = await openTestStore()
  const { letters, settings: known } = declared([scratch])
  const outbox = createOutbox({ store, clock, ids: createIds(clock), log: silentLog })
  const mailer = createMailer({ smtpUrl: null, from: "purser@example.com", demo: true, log: silentLog })
  const house = { productName: "Purser", baseUrl: "https://ai.example.com" }
  const keyring = createKeyring(Buffer.alloc(32, 7))
  const mails = createMails({ letters, house, store, clock, keyring, outbox, mailer })
  outbox.handle("mail", mails.deliver)
  const jobs = createJobs({ store, clock, log: silentLog })
  jobs.start(merged([scratch.run!({ store, mails })]).jobs)
  while (jobs.states().length === 0) await Bun.sleep(5)
  await outbox.flush()
  expect(mailer.mailbox.map(({ to, subject }) => [to, subject])).toEqual([["ada@example.com", "Good morning, Ada"]])
  const settings = createSettings({ store, settings: known })
  await settings.set(CTX, often, { value: 3 })
  expect(settings.get(often)).toBe(3)
  await jobs.stop()
  await close()
})

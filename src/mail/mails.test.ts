import { afterEach, beforeEach, expect, test } from "bun:test"
import { createIds, createKeyring, silentLog } from "../app/index.ts"
import { createOutbox, type Outbox } from "../outbox/index.ts"
import type { Letter } from "../part/index.ts"
import { openTestStore, testCtx } from "../store/index.ts"
import { createMails, type Mail, type Mails, render } from "./index.ts"

const HOUSE = { productName: "Purser", baseUrl: "https://ai.example.com" }
const hello: Letter<{ name: string; code: string }> = {
  kind: "hello",
  subject: ({ name }) => `Hello ${name}`,
  body: ({ name, code }, { baseUrl }) => [
    `Hello ${name}.`,
    { text: "Your code is", code },
    { text: "Go on here:", link: `${baseUrl}/go?a=1&b=2` },
  ],
  sample: { name: "Ada", code: "123456" },
}
const wanted: Letter<null> = {
  ...(hello as never as Letter<null>),
  kind: "wanted",
  isWanted: (_, to) => to === "ada@example.com",
}

let opened: Awaited<ReturnType<typeof openTestStore>>
let outbox: Outbox
let mails: Mails
let sent: (Mail & { eventId: string })[]
beforeEach(async () => {
  opened = await openTestStore()
  const { store, clock } = opened
  sent = []
  outbox = createOutbox({ store, clock, ids: createIds(clock), log: silentLog })
  mails = createMails({
    letters: [hello, wanted],
    house: HOUSE,
    store,
    clock,
    keyring: createKeyring(Buffer.alloc(32, 7)),
    outbox,
    mailer: { send: async (mail, eventId) => String(sent.push({ ...mail, eventId })) },
  })
  outbox.handle("mail", mails.deliver)
})
afterEach(() => opened.close())

const queue = (data = hello.sample, uselessAfterMs: number | null = null) =>
  opened.store.write(testCtx, (tx) => mails.queueIn(tx, hello, { to: "ada@example.com", data, uselessAfterMs }))

test("text and HTML say the same, from one source", () => {
  expect(render(hello, hello.sample, HOUSE)).toMatchObject({
    subject: "Hello Ada",
    text: "Hello Ada.\n\nYour code is 123456\n\nGo on here:\nhttps://ai.example.com/go?a=1&b=2\n\nPurser",
  })
  const { html } = render(hello, hello.sample, HOUSE)
  expect(html).toContain('href="https://ai.example.com/go?a=1&amp;b=2"')
  for (const words of [">Hello Ada.</p>", ">123456<", "Purser"]) expect(html).toContain(words)
})

test("data is escaped, a link that is no web address is no link, and a subject is one line", () => {
  const link: Letter<{ to: string }> = {
    ...hello,
    body: ({ to }: { to: string }) => [{ text: "Here:", link: to }],
    sample: { to: "" },
  } as never
  expect(render(link, { to: "javascript:alert(1)" }, HOUSE).html).not.toContain("href")
  expect(render(link, { to: 'https://x.example/"><img src=x>' }, HOUSE).html).not.toContain("<img")
  const { subject, html } = render(hello, { name: "<b>\r\nBcc: eve@example.com\u2028x", code: "" }, HOUSE)
  expect(subject).toBe("Hello <b> Bcc: eve@example.com x")
  expect(html).not.toContain("<b>")
})

test("a mail is queued with its cause, sent once, and its data is never readable at rest", async () => {
  await queue({ name: "Ada", code: "654321" })
  const row = opened.store.read.get<{ payload: string; subject: string }>("SELECT payload, subject FROM outbox")!
  expect(row.payload).not.toContain("654321")
  expect(row.subject).not.toContain("ada")
  await outbox.flush()
  await outbox.flush()
  expect(sent.map(({ to, subject, eventId }) => [to, subject, eventId.slice(0, 4)])).toEqual([
    ["ada@example.com", "Hello Ada", "evt_"],
  ])
})

test("one that comes too late, or is no longer wanted, is dropped without a word", async () => {
  await queue(hello.sample, opened.clock.now() + 1_000)
  opened.clock.advance(1_000)
  const ask = (to: string) =>
    opened.store.write(testCtx, (tx) =>
      mails.queueIn(tx, wanted, { to, data: hello.sample as never, uselessAfterMs: null }),
    )
  await ask("eve@example.com")
  await ask("ada@example.com")
  await outbox.flush()
  expect(sent.map(({ to }) => to)).toEqual(["ada@example.com"])
})

test("a letter that no part declares cannot be queued, and a row of one is not taken for sent", async () => {
  const unknown = { ...hello, kind: "unknown" }
  const write = opened.store.write(testCtx, (tx) =>
    mails.queueIn(tx, unknown, { to: "ada@example.com", data: hello.sample, uselessAfterMs: null }),
  )
  await expect(write).rejects.toThrow("unknown")
  await expect(
    opened.store.write(testCtx, (tx) => {
      const copy: Letter<typeof hello.sample> = { ...hello }
      mails.queueIn(tx, copy, { to: "ada@example.com", data: hello.sample, uselessAfterMs: null })
    }),
  ).rejects.toThrow("hello")
  const payload = { to: "ada@example.com", kind: "unknown", sealed: "", uselessAfterMs: null }
  expect(() => mails.compose(payload)).toThrow("unknown")
})

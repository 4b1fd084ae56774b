// An admin and other people's money over real HTTP: every act with its reason, its two faces (refused, done), its second press, and
// what the audit log and the books say of it afterwards.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { credits, nano } from "../../src/app/index.ts"
import { auditOf } from "../../src/audit/index.ts"
import type { WebAgent, WebPage } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { GrantInput } from "../../src/ledger/index.ts"
import { creditsExact } from "../../views/ui/format.ts"
import { field, signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  makeClient,
  makeUser,
  mintTokens,
  ownerOf,
  startTestServer,
  type TestServer,
} from "../build.ts"

const EVIL = `<img src=x onerror=alert(1)>"'`
/** How far the server's clock is ahead of ours. */
let aheadMs = 0
let server: TestServer
let admin: WebAgent
let grace: User
let ada: User
const at = (path: string) => `${server.url}${path}`
const walletPath = () => `/admin/users/${ada.publicId}/wallet`
const wallet = () => server.app.ledger.wallet(ownerOf(ada), "live")
const audits = () => auditOf(server.app.store.read, ada.publicId).filter((row) => row.action.startsWith("wallet."))

/** Everything but the audit log, sessions and the clock: what a refusal must leave as it was. */
const books = () =>
  JSON.stringify(
    ["accounts", "lots", "charges", "transactions", "entries", "corrections", "open_holds", "charge_days"].map(
      (table) => server.app.store.read.all(`SELECT * FROM ${table}`),
    ),
  )

async function refused(page: WebPage, path: string, values: Record<string, string>, words: string): Promise<WebPage> {
  const [before, log] = [books(), audits().length]
  const answer = await admin.submit(page, path, values)
  expect([answer.status, answer.text.includes(words) ? words : answer.text]).toEqual([422, words])
  expect([books(), audits().length]).toEqual([before, log])
  return answer
}

beforeAll(async () => {
  server = await startTestServer({ clock: { now: () => Date.now() + aheadMs } })
  await addSandbox(server.app)
  grace = await makeUser(server.app, { isAdmin: true, name: "Grace Operator" })
  ada = await makeUser(server.app, { name: EVIL })
  admin = await signedIn(server, grace.email)
})
afterAll(() => server.close())

describe("a bonus", () => {
  const path = () => `${walletPath()}/bonus`
  test("that is wrong keeps what was typed and changes nothing", async () => {
    const page = await admin.get(at(path()))
    const typed = { amount: "1e3", days: "0", only: "llm", reason: "For the bug report" }
    const again = await refused(page, path(), typed, "Give a number of credits above 0")
    for (const [name, value] of Object.entries({ amount: "1e3", days: "0", reason: typed.reason }))
      expect(field(again, path(), name)).toBe(value)
    await refused(page, path(), { amount: "5", days: "0", reason: "x" }, "Give a whole number of days")
    await refused(page, path(), { amount: "5" }, "Give a reason")
    await refused(page, path(), { amount: "-5", reason: "x" }, "above 0")
    await refused(page, path(), { amount: "5", only: "everything", reason: "x" }, "Choose one")
    await refused(
      page,
      path(),
      { amount: "9007199255", reason: "x", confirmed: "1" },
      "Give a number of credits above 0",
    )
  })

  test("says what it will do, does it once, and says so in the audit log", async () => {
    const page = await admin.get(at(path()))
    const values = { amount: "12.500001", days: "30", only: "llm", reason: EVIL }
    const confirm = await admin.submit(page, path(), values)
    expect(confirm.status).toBe(200)
    expect(wallet().balanceNano).toBe(credits(0))
    for (const words of ["12.500001 credits as promo credits", "They expire after 30 days.", "Chat only"])
      expect(confirm.text).toContain(words)
    expect(confirm.text.includes(EVIL)).toBe(false)
    const done = await admin.submit(confirm, path())
    expect(done.url).toBe(at(walletPath()))
    const once = books()
    // A second press of the same form, and the form as it was before the confirm page.
    expect((await admin.submit(confirm, path())).url).toBe(at(walletPath()))
    expect((await Promise.all([1, 2, 3].map(() => admin.submit(confirm, path())))).map(({ status }) => status)).toEqual(
      [200, 200, 200],
    )
    expect(books()).toBe(once)
    expect(wallet().lots).toMatchObject([
      { bucket: "bonus", paid: false, restriction: "llm", grantedNano: 12_500_001, remainingNano: 12_500_001 },
    ])
    expect(audits().length).toBe(1)
    const [row] = audits()
    expect(row).toMatchObject({ action: "wallet.bonus", actor: `admin:${grace.publicId}`, reason: EVIL })
    expect(JSON.parse(row!.before!)).toEqual({ balance: "0", held: "0", debt: "0" })
    expect(JSON.parse(row!.after!)).toMatchObject({ balance: "12.500001", mode: "live", amountNano: 12_500_001 })
    // The same key with other content is refused.
    await refused(confirm, path(), { amount: "13" }, "granted before with other terms")
    expect(done.text.includes(EVIL)).toBe(false)
    expect(done.text).toContain("Chat only")
    // Nothing is rounded: balance and what can be spent; what is left, what was granted, and the balance after the entry.
    const shown = await admin.get(at(walletPath()))
    expect(shown.text.match(/>12\.500001 credits</g)?.length).toBe(2)
    expect(shown.text.match(/>12\.500001</g)?.length).toBe(3)
    expect(shown.text).toContain("wallet.csv")
  })
})

test("an adjustment gives and takes, never what is not there, and twice is once", async () => {
  const path = `${walletPath()}/adjustment`
  const page = await admin.get(at(path))
  await refused(page, path, { amount: "-1000", reason: "x" }, "credits can be taken now")
  await refused(page, path, { amount: "0", reason: "x" }, "other than 0")
  await refused(page, path, { amount: "-1000", reason: "x", confirmed: "1" }, "This wallet has less than that unheld")
  const give = await admin.submit(page, path, { amount: "+100", reason: "goodwill" })
  expect(give.text).toContain("as promo credits that never expire")
  expect(give.text).toContain("can spend 12.500001 credits now, and 112.500001 afterwards.")
  expect(give.text).not.toContain("button danger")
  await refused(page, path, { amount: "9007199254", reason: "x" }, "A wallet cannot hold that much")
  await admin.submit(give, path)
  expect(wallet().balanceNano as number).toBe(112_500_001)
  const take = await admin.submit(await admin.get(at(path)), path, { amount: "\u2212112.5", reason: "a mistake" })
  expect(take.text).toContain("button danger")
  await admin.submit(take, path)
  expect((await admin.submit(take, path)).url).toBe(at(walletPath()))
  // The first bonus is for chats only, but an adjustment may take it.
  expect(wallet().balanceNano as number).toBe(1)
  expect(audits().map((row) => row.action)).toEqual(["wallet.adjustment", "wallet.adjustment", "wallet.bonus"])
})

const grant = (input: GrantInput) => server.app.store.write(CTX, (tx) => server.app.ledger.grantIn(tx, input))

test("set balance says the difference, and is refused below what calls hold", async () => {
  const path = `${walletPath()}/balance`
  const confirm = await admin.submit(await admin.get(at(path)), path, { amount: "500", reason: "start over" })
  expect(confirm.text).toContain(" gets 499.999999 credits, posted as an adjustment.")
  expect(confirm.text).not.toContain("button danger")
  await admin.submit(confirm, path)
  expect(wallet().balanceNano).toBe(credits(500))
  const { store, ledger } = server.app
  const hold = await store.write(CTX, (tx) =>
    ledger.holdIn(tx, {
      owner: ownerOf(ada),
      mode: "live",
      amountNano: credits(40),
      callId: "req_held",
      scope: "llm",
      leaseMs: 600_000,
      inputCostNano: nano(0),
    }),
  )
  await refused(await admin.get(at(path)), path, { amount: "39", reason: "x" }, "Calls in progress hold 40 credits")
  await refused(await admin.get(at(path)), path, { amount: "39", reason: "x", confirmed: "1" }, "hold more than that")
  expect((await admin.get(at(path))).text).toContain("It is 500 credits now, of which calls hold 40 credits.")
  const less = await admin.submit(await admin.get(at(path)), path, { amount: "400.5", reason: "x" })
  expect(less.text).toContain(" loses 99.5 credits, posted as an adjustment.")
  expect(less.text).toContain("button danger")
  const page = await admin.get(at(walletPath()))
  expect(page.text).toContain("req_held")
  // The page counts as the form does: what is held is theirs too.
  expect(page.text.replaceAll(/<[^>]*>/g, " ").replaceAll(/\s+/g, " ")).toContain("Balance 500 credits")
  await store.write(CTX, (tx) => ledger.releaseIn(tx, hold))
})

test("a lot is voided with a reason, once; somebody else's is not there", async () => {
  const lot = wallet().lots[0]!
  const path = `/admin/users/${ada.publicId}/lots/${lot.publicId}/void`
  const before = wallet().balanceNano
  const page = await admin.get(at(path))
  await refused(page, path, {}, "Give a reason")
  await admin.submit(page, path, { reason: "abuse" })
  expect(wallet().balanceNano as number).toBe(before - lot.remainingNano)
  expect((await admin.submit(page, path, { reason: "abuse" })).url).toBe(at(walletPath()))
  await refused(await admin.get(at(path)), path, { reason: "again" }, "Nothing is left of these credits")
  expect((await admin.get(at(`/admin/users/${grace.publicId}/lots/${lot.publicId}/void`))).status).toBe(404)
  const used = await admin.get(at(`${walletPath()}/used`))
  expect(used.text).toContain(lot.publicId)
  expect(used.text).toContain("voided")
})

test("a lot whose time is over is marked until it is booked, and cannot be voided", async () => {
  const terms = { mode: "live", type: "referral", bucket: "referral", paid: false, amountNano: credits(53) } as const
  const expiresMs = Date.now() + 3_600_000
  await grant({ owner: ownerOf(ada), ...terms, expiresMs, key: "test:short" })
  const { lots } = wallet()
  const voidOf = (lot: { publicId: string }) => `/lots/${lot.publicId}/void`
  expect((await admin.get(at(walletPath()))).text).toContain(voidOf(lots[0]!))
  aheadMs = 3_600_001
  const page = await admin.get(at(walletPath()))
  aheadMs = 0
  expect(page.text).toContain("Expired, not yet booked")
  expect(page.text).not.toContain(voidOf(lots[0]!))
})

test("a charge is refunded in parts, a transaction reversed once, and each shows its links", async () => {
  const balance = { owner: ownerOf(ada), mode: "live", balanceNano: credits(1_000), key: "test:set" } as const
  await server.app.store.write(CTX, (tx) => server.app.ledger.setBalanceIn(tx, balance))
  const { client, secret } = await makeClient(server.app, { name: EVIL })
  const { accessToken } = await mintTokens(server.app, { user: ada, client, secret })
  expect((await chat(server.url, accessToken)).status).toBe(200)
  const [usage] = server.app.ledger.history(ownerOf(ada), "live", { limit: 1, types: ["usage"] })
  const paid = -usage!.amountNano
  const start = wallet().balanceNano
  const path = `${walletPath()}/transactions/${usage!.transactionId}/refund`
  const charge = await admin.get(at(path.replace("/refund", "")))
  for (const words of ["Charge of ", "(app)", `app:${client.publicId}`, ada.email, "<dt>Model</dt>"])
    expect([words, charge.text.includes(words)]).toEqual([words, true])
  const page = await admin.get(at(path))
  // Empty is all that is left, whenever it is sent.
  expect(field(page, path, "amount")).toBe("")
  await refused(page, path, { amount: "1000", reason: "x" }, "more than is left to refund")
  await admin.submit(page, path, { amount: "0.01", reason: "half was rubbish" })
  await admin.submit(page, path, { amount: "0.01", reason: "half was rubbish" })
  expect(wallet().balanceNano as number).toBe(start + 10_000)
  const rest = await admin.get(at(path))
  for (let press = 0; press < 2; press++)
    expect((await admin.submit(rest, path, { reason: "all of it was" })).text).toContain(
      `got ${creditsExact(nano(paid - 10_000))} back`,
    )
  expect(wallet().balanceNano as number).toBe(start + paid)
  await refused(rest, path, { amount: "0.02", key: "k".repeat(24), reason: "more" }, "refunded in full already")
  const [refund] = server.app.ledger.history(ownerOf(ada), "live", { limit: 1, types: ["refund"] })
  const shown = await admin.get(at(`${walletPath()}/transactions/${refund!.transactionId}`))
  for (const words of ["Refund of", usage!.transactionId, "Revenue", "Hash", grace.publicId])
    expect(shown.text).toContain(words)

  const set = server.app.ledger
    .transactionsOf(ownerOf(ada), "live", { limit: 50 })
    .find((one) => one.key === "test:set")!
  const reverse = `${walletPath()}/transactions/${set.transactionId}/reversal`
  const asked = await admin.get(at(reverse))
  await admin.submit(asked, reverse, { reason: "not meant" })
  const after = books()
  expect((await admin.submit(asked, reverse, { reason: "not meant" })).url).toBe(at(walletPath()))
  expect(books()).toBe(after)
  expect(audits()[0]).toMatchObject({ action: "wallet.reversal", reason: "not meant" })
  expect(server.app.ledger.transactionOf(set.transactionId)?.reversedBy).toMatch(/^txn_/)
  expect(server.app.ledger.verify().ok).toBe(true)
})

test("the wallet pages filter, page and show test credits apart", async () => {
  const none = await admin.get(at(`${walletPath()}?mode=test`))
  expect(none.text).toContain("No credits")
  const bonuses = await admin.get(at(`${walletPath()}?type=bonus`))
  expect(bonuses.text.match(/<li id="txn_/g)?.length).toBe(1)
  // The file is the whole history, so it does not stand below a part of it.
  expect(bonuses.text).not.toContain("wallet.csv")
  for (let n = 0; n < 60; n++) {
    const terms = { mode: "live", type: "coupon", bucket: "coupon", paid: false, amountNano: nano(1_000) } as const
    await grant({ owner: ownerOf(ada), ...terms, key: `coupon:${n}` })
  }
  const first = await admin.get(at(`${walletPath()}?type=coupon`))
  expect(first.text.match(/<li id="txn_/g)?.length).toBe(50)
  expect(first.text.match(/class="day-heading"/g)?.length).toBe(1)
  expect(first.text).toMatch(/<h3>\s*<time[^>]*>Today, /)
  const older = /href="([^"]*before=[^"]*)"/.exec(first.text)![1]!.replaceAll("&amp;", "&")
  const second = await admin.get(at(older))
  expect(second.text.match(/<li id="txn_/g)?.length).toBe(10)
  expect(second.text).toContain("There are more")
  const csv = await admin.get(at(`${walletPath()}.csv`))
  expect(csv.text.split("\n")[0]).toContain("balance_after_nano")
  expect(csv.text.match(/,coupon,/g)?.length).toBe(60)
})

test("one's own wallet may be touched, and is marked", async () => {
  const path = `/admin/users/${grace.publicId}/wallet/bonus`
  const page = await admin.get(at(path))
  expect(page.text).toContain("This is your own wallet")
  const confirm = await admin.submit(page, path, { amount: "5", reason: "to try it" })
  await admin.submit(confirm, path)
  const [row] = auditOf(server.app.store.read, grace.publicId).filter((one) => one.action === "wallet.bonus")
  expect(JSON.parse(row!.after!)).toMatchObject({ ownWallet: true })
})

describe("the audit log", () => {
  test("is filtered by who, what, whom and when, with hostile names as text", async () => {
    const all = await admin.get(at("/admin/audit"))
    expect(all.text.includes("<img src=x")).toBe(false)
    const count = (page: WebPage) => page.text.match(/<li id="audit-/g)?.length ?? 0
    const bonuses = await admin.get(at(`/admin/audit?action=wallet.bonus&actor=${grace.email}&subject=${ada.publicId}`))
    expect(count(bonuses)).toBe(1)
    expect(bonuses.text).toContain("12.500001")
    expect(count(await admin.get(at(`/admin/audit?actor=${ada.email}&action=wallet.bonus`)))).toBe(0)
    expect(count(await admin.get(at("/admin/audit?range=custom&from=2020-01-01&to=2020-01-31")))).toBe(0)
    expect(count(await admin.get(at("/admin/audit?range=7d")))).toBeGreaterThan(5)
    expect((await admin.get(at("/admin/audit?range=custom&from=nonsense"))).text).toContain(
      "One of these days does not exist",
    )
    const one = await admin.get(at(`/admin/users/${ada.publicId}/audit`))
    expect(count(one)).toBeGreaterThan(5)
  })
})

describe("the books", () => {
  test("are verified on demand, remembered over a restart, and balance to zero", async () => {
    const page = await admin.get(at("/admin/books"))
    await admin.submit(page, "/admin/books/verification")
    // One that takes longer than the page waits for shows how far it is: here its Worker has to start first.
    while (server.app.verification.running) await Bun.sleep(20)
    const done = await admin.get(at("/admin/books"))
    expect(done.text).toContain("The books balance")
    expect(done.text).toContain("Zero, to the last unit.")
    const [run] = server.app.ledger.verifications(1)
    expect(run).toMatchObject({
      ok: true,
      actor: `admin:${grace.publicId}`,
      head: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(server.app.ledger.checksOfVerification(run!.id).length).toBeGreaterThan(25)
    expect((await admin.get(at("/admin"))).text).toContain("verified just now")
  })

  test("can be taken along, as the command writes them", async () => {
    const file = await admin.get(at("/admin/books.jsonl"))
    expect(file.headers.get("content-disposition")).toContain("purser-books-")
    const lines = file.text.trimEnd().split("\n")
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ line: "end", lines: lines.length })
  })
})

test("none of it exists for others, and no form without its token", async () => {
  const person = await signedIn(server, ada.email)
  const lot = wallet().lots[0]!.publicId
  const [posting] = server.app.ledger.transactionsOf(ownerOf(ada), "live", { limit: 1 })
  const gets = [
    ...["", ".csv", "/used", "/bonus", "/adjustment", "/balance"].map((part) => `${walletPath()}${part}`),
    ...["", "/refund", "/reversal"].map((part) => `${walletPath()}/transactions/${posting!.transactionId}${part}`),
    `/admin/users/${ada.publicId}/lots/${lot}/void`,
    `/admin/users/${ada.publicId}/audit`,
    "/admin/audit",
    "/admin/books",
    "/admin/books/progress",
    "/admin/books.jsonl",
  ]
  for (const path of gets) expect([path, (await person.get(at(path))).status]).toEqual([path, 404])
  const before = books()
  const posts = [
    ...gets.filter((path) => /bonus|adjustment|balance|refund|reversal|void/.test(path)),
    "/admin/books/verification",
  ]
  for (const path of posts) {
    const values: [string, string][] = [
      ["amount", "5"],
      ["reason", "mine"],
      ["confirmed", "1"],
      ["key", "k".repeat(24)],
    ]
    expect([path, (await person.post(at(path), values)).status]).toEqual([path, 404])
    expect([path, (await admin.post(at(path), values)).status]).toEqual([path, 403])
  }
  expect(books()).toBe(before)
  expect((await admin.get(at("/admin/users/usr_nobody/wallet"))).status).toBe(404)
})

// Payouts on real books: asked for, approved, paid, or back with its developer; whatever several people do at once, paid once.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS, nano } from "../app/index.ts"
import { minorText } from "./index.ts"
import { COOLING_DAYS, DEBTOR_IBAN, DEBTOR_NAME, RATES } from "./settings.ts"
import { BANK, DEV, IBAN, OTHER, openPayouts, type PayoutKit, refused } from "./testing.ts"

let k: PayoutKit
beforeEach(async () => {
  k = await openPayouts()
})
afterEach(() => k.close())

const USD = 1_000_000_000
const EUROS = { kind: "iban", holder: "Ada Lovelace", iban: IBAN, bic: "", currency: "EUR" } as const
const approve = (id: string) => k.write((tx) => k.payouts.approveIn(tx, id))
const pay = (id: string, reference = "REF-1") => k.write((tx) => k.payouts.payIn(tx, { publicId: id, reference }))
const fail = (id: string) => k.write((tx) => k.payouts.failIn(tx, { publicId: id, because: "account closed" }))
const reject = (id: string) => k.write((tx) => k.payouts.rejectIn(tx, { publicId: id, because: "no invoice" }))
const withdraw = (id: string, userId = DEV) => k.write((tx) => k.payouts.withdrawIn(tx, { userId, publicId: id }))
const stateOf = (id: string) => k.payouts.order(id)?.state

test("asked for, approved, paid: the money leaves once, with currency, rate and reference", async () => {
  await k.write((tx) => k.settings.setIn(tx, RATES, { value: ["EUR=0.92"] }))
  await k.ready(25.559 * USD, DEV, EUROS)
  const { publicId } = await k.ask(null, "a")
  expect(k.figures()).toEqual([9_000_000, 25_550_000_000, 0])
  expect(await approve(publicId)).toMatchObject({
    state: "approved",
    currency: "EUR",
    rateMicro: 920_000,
    paidMinor: 2_350,
  })
  // What was promised is paid, whatever the rate is later.
  await k.write((tx) => k.settings.setIn(tx, RATES, { value: ["EUR=0.5"] }))
  await pay(publicId, "2026-11/7")
  expect(k.payouts.order(publicId)).toMatchObject({ state: "paid", paidMinor: 2_350, reference: "2026-11/7" })
  expect(k.figures()).toEqual([9_000_000, 0, 25_550_000_000])
  expect(k.mails.map(({ kind }) => kind)).toEqual([
    "payout_method",
    "payout_requested",
    "payout_approved",
    "payout_paid",
  ])
  expect(JSON.stringify(k.mails)).not.toContain("370400440532")
  expect(minorText(2_350, "EUR")).toBe("23.50")
  k.healthy()
})

test("refused, came back, taken back: the money is its developer's again", async () => {
  await k.ready(60 * USD)
  const [one, two, three] = [await k.ask(10 * USD, "a"), await k.ask(20 * USD, "b"), await k.ask(30 * USD, "c")]
  expect(k.figures()).toEqual([0, 60 * USD, 0])
  await reject(one!.publicId)
  await approve(two!.publicId)
  await fail(two!.publicId)
  await withdraw(three!.publicId)
  expect(k.figures()).toEqual([60 * USD, 0, 0])
  expect([one, two, three].map((order) => stateOf(order!.publicId))).toEqual(["rejected", "failed", "withdrawn"])
  expect(k.payouts.order(one!.publicId)!.because).toBe("no invoice")
  // Nothing of what is over can be done again.
  for (const { publicId } of [one!, two!, three!]) {
    expect(await refused(approve(publicId))).toBe("conflict")
    expect(await refused(pay(publicId))).toBe("conflict")
    expect(await refused(fail(publicId))).toBe("conflict")
  }
  expect(k.figures()).toEqual([60 * USD, 0, 0])
  k.healthy()
})

test("two admins and a developer at once: of everything that is tried one thing happens, and it is paid once", async () => {
  await k.ready(50 * USD)
  for (let round = 0; round < 5; round++) {
    const { publicId } = await k.ask(10 * USD, `round-${round}`)
    const before = k.figures()
    const tries = [approve, pay, reject, withdraw, fail, approve, pay, withdraw, reject, pay, fail]
    const order = tries
      .map((act, at) => [(at * 7 + round * 5) % tries.length, act] as const)
      .toSorted((a, b) => a[0] - b[0])
    await Promise.allSettled(order.map(([, act]) => act(publicId)))
    await Promise.allSettled(order.map(([, act]) => act(publicId)))
    const state = stateOf(publicId)!
    expect(["paid", "rejected", "withdrawn", "failed"]).toContain(state)
    const left =
      state === "paid"
        ? [before[0], before[1]! - 10 * USD, before[2]! + 10 * USD]
        : [before[0]! + 10 * USD, before[1]! - 10 * USD, before[2]]
    expect(k.figures()).toEqual(left as number[])
    expect(k.mails.filter(({ kind, data }) => kind === "payout_paid" && data.payout === publicId).length).toBe(
      state === "paid" ? 1 : 0,
    )
  }
  k.healthy()
})

test("50 requests at once never pass what is there; one key is one payout", async () => {
  await k.ready(35 * USD)
  const same = await Promise.all(Array.from({ length: 20 }, () => k.ask(10 * USD, "same")))
  expect(new Set(same.map(({ publicId }) => publicId)).size).toBe(1)
  const many = await Promise.allSettled(Array.from({ length: 30 }, (_, at) => k.ask(10 * USD, `k${at}`)))
  expect(many.filter(({ status }) => status === "fulfilled").length).toBe(2)
  expect(k.figures()).toEqual([5 * USD, 30 * USD, 0])
  k.healthy()
})

test("below the minimum, above what is there, parts of a cent, without a place to send it: refused, and nothing changes", async () => {
  await k.earn(30 * USD)
  expect(await refused(k.ask(null, "a"))).toBe("validation_failed")
  await k.ready(10 * USD)
  for (const amount of [9.99 * USD, 40.01 * USD, 10_000_000_001, 0, -10 * USD])
    expect(await refused(k.ask(amount, `x${amount}`))).toBe("validation_failed")
  expect(k.figures()).toEqual([40 * USD, 0, 0])
  expect(k.payouts.ordersOf(DEV)).toEqual([])
  k.suspended.add(DEV)
  expect(await refused(k.ask(null, "b"))).toBe("account_suspended")
})

test("a new method waits, ends the one before, and tells its person; what is under way to the old one is not approved", async () => {
  await k.ready(60 * USD)
  const { publicId } = await k.ask(20 * USD, "a")
  const other = { ...BANK, iban: "GB29NWBK60161331926819" }
  await k.write((tx) => k.payouts.setMethodIn(tx, { userId: DEV, typed: other }))
  expect(k.mails.at(-1)).toMatchObject({
    kind: "payout_method",
    data: { method: "Bank account ending in 6819", isChange: true },
  })
  expect(await refused(k.ask(20 * USD, "b"))).toBe("validation_failed")
  expect(await refused(approve(publicId))).toBe("conflict")
  k.clock.advance(3 * DAY_MS - 1)
  expect(await refused(k.ask(20 * USD, "b"))).toBe("validation_failed")
  k.clock.advance(1)
  await approve((await k.ask(20 * USD, "b")).publicId)
  await reject(publicId)
  await k.write((tx) => k.settings.setIn(tx, COOLING_DAYS, { value: 0 }))
  await k.write((tx) => k.payouts.setMethodIn(tx, { userId: DEV, typed: BANK }))
  await k.ask(20 * USD, "c")
  k.healthy()
})

test("numbers are sealed; what pages, mails and the audit log have is how they end", async () => {
  await k.ready(10 * USD)
  const rows = ["payout_methods", "audit_log", "outbox"].map((table) =>
    JSON.stringify(k.store.read.all(`SELECT * FROM ${table}`)),
  )
  expect(rows.join()).not.toContain(IBAN)
  expect(rows.join()).not.toContain("Lovelace")
  expect(rows[0]).toContain("3000")
  expect(k.payouts.methodOf(DEV)).toMatchObject({ kind: "iban", country: "DE", hint: "3000" })
  expect(Object.keys(k.payouts.methodOf(DEV)!)).not.toContain("sealed")
})

test("somebody else's payout cannot be seen or taken back", async () => {
  await k.ready(20 * USD)
  const { publicId } = await k.ask(null, "a")
  expect(k.payouts.orderOf(OTHER, publicId)).toBeNull()
  expect(await refused(withdraw(publicId, OTHER))).toBe("not_found")
  expect(stateOf(publicId)).toBe("requested")
})

test("a held developer is not paid until somebody released them", async () => {
  await k.ready(40 * USD)
  const { publicId } = await k.ask(10 * USD, "a")
  const approved = await k.ask(10 * USD, "b")
  await approve(approved.publicId)
  await k.write((tx) => k.payouts.holdIn(tx, { userId: DEV, reason: "same card as a refunded buyer" }))
  await k.write((tx) => k.payouts.holdIn(tx, { userId: DEV, reason: "twice is once" }))
  expect(await refused(k.ask(10 * USD, "c"))).toBe("validation_failed")
  expect(await refused(approve(publicId))).toBe("conflict")
  expect(k.payouts.waitingFor("csv")).toBe(0)
  expect(k.payouts.held()).toMatchObject([{ ownerId: DEV, reason: "same card as a refunded buyer" }])
  // What was sent before is still told as it is.
  await pay(approved.publicId)
  await k.write((tx) => k.payouts.releaseIn(tx, { userId: DEV }))
  await approve(publicId)
  expect(k.payouts.waitingFor("csv")).toBe(1)
  k.healthy()
})

test("a refund after the request leaves a debt of its developer, whatever becomes of the payout", async () => {
  const sold = await k.earn(30 * USD)
  await k.ready(10 * USD)
  const first = await k.ask(null, "a")
  expect(k.figures()).toEqual([0, 40 * USD, 0])
  const chargeId = k.store.read.get<{ id: string }>(
    "SELECT t.public_id AS id FROM sales s JOIN transactions t ON t.id = s.transaction_id WHERE t.key = ?",
    sold,
  )!.id
  await k.write((tx) =>
    k.ledger.refundChargeIn(tx, { transactionId: chargeId, amountNano: nano(30 * USD), key: "refund" }),
  )
  expect(k.figures()).toEqual([-30 * USD, 40 * USD, 0])
  await approve(first.publicId)
  await fail(first.publicId)
  expect(k.figures()).toEqual([10 * USD, 0, 0])
  const second = await k.ask(null, "b")
  await approve(second.publicId)
  await pay(second.publicId)
  expect(k.figures()).toEqual([0, 0, 10 * USD])
  k.healthy()
})

test("test money goes nowhere: it touches no live account, stands in no queue and in no file, and no admin can decide on it", async () => {
  await k.earn(30 * USD, DEV, "test")
  await k.ready(10 * USD)
  const order = await k.write((tx) => k.payouts.testPayoutIn(tx, { userId: DEV, key: "t" }))
  expect(order).toMatchObject({ mode: "test", state: "paid", amountNano: 30 * USD, methodId: null })
  expect([k.figures(DEV, "test"), k.figures()]).toEqual([
    [0, 0, 30 * USD],
    [10 * USD, 0, 0],
  ])
  expect(k.payouts.order(order.publicId)).toBeNull()
  expect(await refused(approve(order.publicId))).toBe("not_found")
  expect(await refused(pay(order.publicId))).toBe("not_found")
  expect([...k.payouts.counts()]).toEqual([])
  // Live money is never asked for from test earnings.
  expect(await refused(k.ask(30 * USD, "live"))).toBe("validation_failed")
  const again = k.write((tx) => k.payouts.testPayoutIn(tx, { userId: DEV, key: "t2" }))
  expect(await refused(again)).toBe("validation_failed")
  expect(
    k.store.read.get<{ nano: number }>(
      "SELECT balance_nano AS nano FROM accounts WHERE kind = 'cash' AND mode = 'live'",
    )?.nano ?? 0,
  ).toBe(-10 * USD)
  k.healthy()
})

test("what is put into a file is in no other; a file that was not sent gives back what it had", async () => {
  await k.ready(60 * USD)
  for (const key of ["a", "b"]) await approve((await k.ask(10 * USD, key)).publicId)
  const make = () => k.write((tx) => k.payouts.makeFileIn(tx, { format: "csv", actor: "usr_9" }))
  const made = await Promise.allSettled([make(), make(), make()])
  expect(made.filter(({ status }) => status === "fulfilled").length).toBe(1)
  const file = k.payouts.files()[0]!
  expect(file).toMatchObject({ payouts: 2, open: 2, withdrawnMs: null })
  const text = k.payouts.fileText(file.publicId)
  expect(text.text.split("\r\n").length).toBe(4)
  expect(text.text).toContain(IBAN)
  expect(k.payouts.fileText(file.publicId)).toEqual(text)
  const inFile = k.payouts.rowsOfFile(file.id)[0]!.publicId
  expect(await refused(reject(inFile))).toBe("conflict")
  await k.write((tx) => k.payouts.withdrawFileIn(tx, file.publicId))
  expect(() => k.payouts.fileText(file.publicId)).toThrow()
  const again = await make()
  expect(k.payouts.rowsOfFile(again.id).length).toBe(2)
  await fail(inFile)
  expect(await k.write((tx) => k.payouts.payFileIn(tx, { publicId: again.publicId, reference: "Run 8" }))).toBe(1)
  expect(await k.write((tx) => k.payouts.payFileIn(tx, { publicId: again.publicId, reference: "Run 8" }))).toBe(0)
  expect(k.figures()).toEqual([50 * USD, 0, 10 * USD])
  expect(await refused(k.write((tx) => k.payouts.withdrawFileIn(tx, again.publicId)))).toBe("conflict")
  k.healthy()
})

test("a bank file needs to know who pays", async () => {
  await k.ready(10 * USD)
  await approve((await k.ask(null, "a")).publicId)
  const make = () => k.write((tx) => k.payouts.makeFileIn(tx, { format: "pain", actor: "usr_9" }))
  expect(await refused(make())).toBe("validation_failed")
  await k.write((tx) => {
    k.settings.setIn(tx, DEBTOR_NAME, { value: "Purser GmbH" })
    k.settings.setIn(tx, DEBTOR_IBAN, { value: "DE02120300000000202051" })
  })
  expect(k.payouts.fileText((await make()).publicId).text).toContain("<IBAN>DE02120300000000202051</IBAN>")
})

test("monthly: on the operator's day, once a month, whatever restarts, and not for who has too little", async () => {
  k.clock.set(Date.UTC(2026, 10, 10))
  await k.write((tx) => k.payouts.setMethodIn(tx, { userId: DEV, typed: BANK }))
  await k.write((tx) => k.payouts.turnMonthlyIn(tx, { userId: DEV, on: true }))
  await k.earn(15 * USD)
  const at = async (ms: number) => {
    k.clock.set(ms)
    await Promise.all([k.payouts.askMonthly(10), k.payouts.askMonthly(10)])
    return k.payouts.ordersOf(DEV).map(({ amountNano }) => amountNano / USD)
  }
  // Turned on after this month's day: it begins with the next one.
  expect(await at(Date.UTC(2026, 10, 29))).toEqual([])
  expect(await at(Date.UTC(2026, 11, 4, 23, 59))).toEqual([])
  expect(await at(Date.UTC(2026, 11, 5))).toEqual([15])
  expect(k.payouts.ordersOf(DEV)[0]!.bySchedule).toBe(1)
  expect(await at(Date.UTC(2026, 11, 6))).toEqual([15])
  // Below the minimum in January; enough in February, when the server slept over the day.
  await k.earn(6 * USD)
  expect(await at(Date.UTC(2027, 0, 5))).toEqual([15])
  await k.earn(6 * USD)
  expect(await at(Date.UTC(2027, 1, 20))).toEqual([12, 15])
  await k.write((tx) => k.payouts.turnMonthlyIn(tx, { userId: DEV, on: false }))
  await k.earn(20 * USD)
  expect(await at(Date.UTC(2027, 2, 6))).toEqual([12, 15])
  k.healthy()
})

// Payments that an admin writes down, on a server without any processor: an order, its credits and its invoice in one, once.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { type Nano, nano, VirtualClock } from "../../src/app/index.ts"
import type { NewPayment, Order } from "../../src/billing/index.ts"
import type { User } from "../../src/identity/index.ts"
import { CTX, makeUser, startTestServer, type TestServer } from "../build.ts"

const DAY_MS = 86_400_000
const usd = (dollars: number): Nano => nano(Math.round(dollars * 100) * 10_000_000)

let server: TestServer
let clock: VirtualClock
let person: User
beforeAll(async () => {
  clock = new VirtualClock(Date.UTC(2026, 5, 1, 12))
  server = await startTestServer({ clock })
  person = await makeUser(server.app)
})
afterAll(() => server?.close())

const balance = () => server.app.ledger.wallet({ kind: "principal", id: person.id }, "live").spendableNano as number
const invoiceOf = (order: Order) =>
  server.app.billing.invoices.list(person.id, {}).rows.find(({ key }) => key === `order:${order.publicId}`)!
const record = (input: Partial<NewPayment> = {}): Promise<Order> =>
  server.app.store.write(CTX, (tx) =>
    server.app.billing.recordIn(tx, {
      userId: person.id,
      key: crypto.randomUUID(),
      priceNano: usd(250),
      taxNano: usd(0),
      reverseCharge: false,
      way: "bank",
      reference: "",
      paidMs: clock.now() - DAY_MS,
      buyerName: "",
      buyerAddress: "",
      buyerTaxId: "",
      ...input,
    }),
  )
const receive = (invoice: string, paidMs = clock.now()) =>
  server.app.store.write(CTX, (tx) => server.app.billing.receiveIn(tx, { invoice, paidMs }))
const giveUp = (invoice: string) => server.app.store.write(CTX, (tx) => server.app.billing.giveUpIn(tx, { invoice }))

test("what came is credited once and has its invoice, billed to whom it says", async () => {
  expect(server.app.billing.isOn).toBe(false)
  const before = balance()
  const input = {
    key: "one",
    taxNano: usd(47.5),
    reference: "RF18",
    buyerName: "Babbage Ltd",
    buyerAddress: "1 New St\nLondon",
  }
  const [order, again] = [await record(input), await record(input)]
  expect(again.publicId).toBe(order.publicId)
  expect([order.kind, order.state, balance() - before]).toEqual(["manual", "paid", usd(250) as number])
  expect(invoiceOf(order)).toMatchObject({
    number: "INV-2026-001",
    kind: "manual",
    subtotalNano: usd(250),
    taxNano: usd(47.5),
    totalNano: usd(297.5),
    paidMs: clock.now() - DAY_MS,
    document: {
      buyer: { name: "Babbage Ltd", address: "1 New St\nLondon", email: person.email },
      lines: [{ text: "250,000 credits" }],
      notes: ["Paid by bank transfer, reference RF18."],
    },
  })
})

test("an invoice may go out first: credits come when the money has, once; nobody forgets it meanwhile", async () => {
  const before = balance()
  const order = await record({ paidMs: null, reverseCharge: true })
  const { number, document } = invoiceOf(order)
  expect(document.notes).toEqual([
    "Reverse charge: the customer owes the tax on this invoice.",
    "To be paid by bank transfer.",
  ])
  expect(balance()).toBe(before)
  const { invoices } = server.app.billing
  const listed = (status: "pending" | "overdue" | "paid") =>
    invoices.list(person.id, { status }).rows.some((one) => one.number === number)
  expect([listed("pending"), listed("overdue")]).toEqual([true, false])
  clock.advance(15 * DAY_MS)
  expect(await server.app.billing.reconcile()).toBe(0)
  expect([listed("pending"), listed("overdue")]).toEqual([false, true])
  await receive(number, clock.now() - DAY_MS)
  expect([balance() - before, listed("paid")]).toEqual([usd(250) as number, true])
  expect(invoiceOf(order)).toMatchObject({ number, paidMs: clock.now() - DAY_MS, document })
  await expect(receive(number)).rejects.toThrow("does not wait")
  await expect(giveUp(number)).rejects.toThrow("does not wait")
  expect(balance() - before).toBe(usd(250))
})

test("what will not come is given up: no credits, and the number stays taken", async () => {
  const before = balance()
  const { number } = invoiceOf(await record({ paidMs: null, way: "other" }))
  expect((await giveUp(number)).state).toBe("failed")
  await expect(receive(number)).rejects.toThrow("does not wait")
  expect(server.app.billing.invoices.list(person.id, { status: "failed" }).rows.map((one) => one.number)).toEqual([
    number,
  ])
  const next = invoiceOf(await record({ way: "cash" }))
  expect([Number(next.number.slice(-3)), balance() - before]).toEqual([
    Number(number.slice(-3)) + 1,
    usd(250) as number,
  ])
})

test("what cannot be is refused by name, and nothing of it stands", async () => {
  const [before, count] = [balance(), server.app.billing.invoices.list(person.id, {}).rows.length]
  const wrong: [Partial<NewPayment>, string][] = [
    [{ priceNano: usd(0) }, "$0.01"],
    [{ priceNano: usd(100_000.01) }, "$0.01"],
    [{ priceNano: nano(10_000_001) }, "whole cents"],
    [{ taxNano: usd(250.01) }, "amount itself"],
    [{ taxNano: usd(1), reverseCharge: true }, "no tax"],
    [{ paidMs: clock.now() + 1 }, "today or before"],
    [{ paidMs: clock.now() - 500 * DAY_MS }, "last year"],
    [{ reference: "x".repeat(101) }, "100 characters"],
    [{ buyerAddress: "x".repeat(501) }, "500 characters"],
  ]
  for (const [input, words] of wrong) await expect(record(input)).rejects.toThrow(words)
  await expect(receive("INV-1999-001")).rejects.toThrow("no such invoice")
  expect([balance(), server.app.billing.invoices.list(person.id, {}).rows.length]).toEqual([before, count])
  expect((await server.app.verification.run(CTX)).ok).toBe(true)
})

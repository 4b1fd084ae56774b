// Invoices as people see them: one for each payment, its page and its PDF, and nobody else's.
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { nano } from "../../src/app/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import { openShop, type Shop } from "./world.ts"

const CARD = "4242424242424242"

type Get = (path: string) => Promise<Response>
let shop: Shop
let own: Get
let stranger: Get
beforeAll(async () => {
  shop = await openShop()
  own = await reader(shop.person.email)
  stranger = await reader((await makeUser(shop.server.app)).email)
})
afterAll(() => shop?.close())

async function reader(email: string): Promise<Get> {
  const { url } = shop.server
  const agent = await signedIn(shop.server, email)
  const names = ["browser", "auth", "console"]
  const cookie = names.map((name) => `purser_${name}=${agent.cookie(url, `_${name}`)}`).join("; ")
  return (path) => fetch(url + path, { headers: { cookie }, redirect: "manual" })
}

async function paid(slug?: string): Promise<string> {
  const order = await shop.buy(slug)
  shop.stripe.pay(order.sessionId!, { with: CARD })
  await shop.stripe.webhooks.idle()
  return `order:${order.publicId}`
}

test("what was paid stands in the list and on /credits, has a page and a PDF; a refund has its credit note", async () => {
  const { app } = shop.server
  expect(await (await own("/credits")).text()).not.toContain("All invoices")
  const invoiceKey = await paid()
  const list = await (await own("/credits/invoices")).text()
  for (const words of ["INV-2026-001", "Plus: 25,000 credits", "$25.00", "Paid"]) expect(list).toContain(words)
  expect(await (await own("/credits")).text()).toContain("/credits/invoices/INV-2026-001")
  const back = { invoiceKey, key: "re_1", amountNano: nano(10_000_000_000), reason: "Half & half" }
  await app.store.write(CTX, (tx) => app.billing.creditNoteIn(tx, back))
  const page = await (await own("/credits/invoices/INV-2026-001")).text()
  for (const words of [
    shop.person.email,
    "On top: 1,250 credits",
    "Test mode",
    "CN-2026-001",
    "Half &amp; half",
    "Given back",
  ])
    expect(page).toContain(words)
  for (const [path, name] of [
    ["/pdf", "INV-2026-001"],
    ["/notes/CN-2026-001", "CN-2026-001"],
  ]) {
    const file = await own(`/credits/invoices/INV-2026-001${path}`)
    expect([file.status, file.headers.get("content-type")]).toEqual([200, "application/pdf"])
    expect(file.headers.get("content-disposition")).toBe(`attachment; filename="${name}.pdf"`)
    expect((await file.text()).slice(0, 8)).toBe("%PDF-1.7")
  }
})

test("an invoice is nobody else's, and a credit note no other invoice's", async () => {
  await paid()
  for (const path of ["", "/pdf", "/notes/CN-2026-001"])
    expect([path, (await stranger(`/credits/invoices/INV-2026-001${path}`)).status]).toEqual([path, 404])
  expect((await own("/credits/invoices/INV-2026-002/notes/CN-2026-001")).status).toBe(404)
  expect((await own("/credits/invoices/INV-2026-999")).status).toBe(404)
  expect(await (await stranger("/credits/invoices")).text()).toContain("No invoices yet")
})

test("payments without an invoice stand in the list too: the bank has not said yes, or said no", async () => {
  const order = await shop.buy("starter")
  shop.stripe.pay(order.sessionId!, { with: "bank" })
  await shop.stripe.webhooks.idle()
  const listed = async (state: string) => (await own(`/credits/invoices${state && `?state=${state}`}`)).text()
  for (const [state, is] of [
    ["pending", true],
    ["", true],
    ["paid", false],
    ["failed", false],
  ] as const)
    expect([state, (await listed(state)).includes("Not invoiced")]).toEqual([state, is])
  shop.stripe.settle(shop.order(order.publicId).paymentIntentId!, false)
  await shop.stripe.webhooks.idle()
  expect([
    (await listed("failed")).includes("Not invoiced"),
    (await listed("pending")).includes("Not invoiced"),
  ]).toEqual([true, false])
})

test("a long list has pages, each invoice on one of them", async () => {
  for (let round = 0; round < 26; round++) await paid("starter")
  const numbers = (html: string) => [...html.matchAll(/invoices\/(INV-2026-\d+)"/g)].map(([, number]) => number!)
  const first = await (await own("/credits/invoices?state=paid")).text()
  const next = /rel="next" href="([^"]+)"/.exec(first)?.[1]
  const second = await (await own(next!.replaceAll("&amp;", "&"))).text()
  expect(second).toContain("Newer")
  const all = [...numbers(first), ...numbers(second)]
  expect(all).toEqual(Array.from({ length: 28 }, (_, at) => `INV-2026-${String(28 - at).padStart(3, "0")}`))
})

describe("with Stripe Tax", () => {
  const set = (how: "off" | "exclusive" | "inclusive") =>
    shop.server.app.settings.set(CTX, shop.server.app.settings.byKey("invoices.stripe_tax")!.setting, { value: how })
  const GERMANY = { with: CARD, country: "DE", name: "Ada & Co" }

  /** A bought "Plus" ($25), and what came of it. */
  async function bought(how: "exclusive" | "inclusive", paying: Parameters<Shop["stripe"]["pay"]>[1]) {
    await set(how)
    const before = shop.balance()
    const order = await shop.buy("plus")
    await set("off")
    shop.stripe.pay(order.sessionId!, paying)
    await shop.stripe.webhooks.idle()
    const { document, ...invoice } = shop.server.app.billing.invoices.ofOrder(order)!
    return { invoice, document, credits: shop.balance() - before, state: shop.order(order.publicId).state }
  }
  const CREDITS = 26_250_000_000

  test("it comes on top of the price, or lies within it; the credits are the same", async () => {
    const onTop = await bought("exclusive", GERMANY)
    expect([onTop.state, onTop.credits]).toEqual(["paid", CREDITS])
    expect(onTop.invoice).toMatchObject({ taxNano: 4_750_000_000, totalNano: 29_750_000_000, taxInclusive: false })
    expect(onTop.document.buyer).toMatchObject({ name: "Ada & Co", address: "DE", email: shop.person.email })
    const within = await bought("inclusive", GERMANY)
    expect([within.state, within.credits]).toEqual(["paid", CREDITS])
    expect(within.invoice).toMatchObject({ taxNano: 3_990_000_000, totalNano: 25_000_000_000, taxInclusive: true })
  })

  test("it stands in the books as the state's, and goes back with what is given back", async () => {
    const { ledger, billing } = shop.server.app
    const taxes = () => ledger.moneyIn("live", "tax_payable")
    for (const [how, taxNano] of [
      ["exclusive", 4_750_000_000],
      ["inclusive", 3_990_000_000],
    ] as const) {
      const before = taxes()
      const { invoice } = await bought(how, GERMANY)
      expect([how, taxes() - before]).toEqual([how, taxNano])
      const { payment } = billing.refunds.story(invoice.key)!
      expect(payment.paidNano).toBe(invoice.totalNano)
      const back = {
        paymentKey: invoice.key,
        amountNano: null,
        reason: "Not what was wanted",
        key: crypto.randomUUID(),
      }
      await billing.refunds.refund(CTX, back)
      await shop.stripe.webhooks.idle()
      const [note] = billing.invoices.byNumber(invoice.number)!.notes
      expect([how, note?.amountNano, note?.taxNano]).toEqual([how, invoice.totalNano, taxNano] as never)
      expect([how, taxes() - before]).toEqual([how, 0])
    }
    expect((await shop.server.app.verification.run(CTX)).ok).toBe(true)
  })

  test("a business elsewhere owes it itself, and the invoice says so", async () => {
    const { invoice, document } = await bought("exclusive", { ...GERMANY, taxId: "DE123456789" })
    expect(invoice).toMatchObject({ taxNano: 0, totalNano: 25_000_000_000, reverseCharge: true })
    expect(document.buyer.taxId).toBe("DE123456789")
    expect(document.notes[0]).toMatch(/^Reverse charge/)
  })

  test("without it the page may still ask whom to bill to", async () => {
    const { settings } = shop.server.app
    const { setting } = settings.byKey("invoices.ask_address")!
    await settings.set(CTX, setting, { value: "yes" })
    const order = await shop.buy("starter")
    await settings.set(CTX, setting, { value: "no" })
    shop.stripe.pay(order.sessionId!, { ...GERMANY, taxId: "DE123456789" })
    await shop.stripe.webhooks.idle()
    const invoice = shop.server.app.billing.invoices.ofOrder(order)!
    expect(invoice).toMatchObject({ taxNano: 0, reverseCharge: false })
    expect(invoice.document.buyer).toEqual({
      name: "Ada & Co",
      address: "DE",
      taxId: "DE123456789",
      email: shop.person.email,
    })
  })

  test("where nothing is due, there is none; and a page without it bills to the account", async () => {
    expect((await bought("exclusive", { with: CARD, country: "US" })).invoice).toMatchObject({
      taxNano: 0,
      reverseCharge: false,
    })
    await paid()
    const [last] = shop.server.app.billing.invoices.list(shop.person.id, {}).rows
    expect(last!.document.buyer).toEqual({ name: "Ada Reader", address: "", taxId: "", email: shop.person.email })
  })

  test("a plan has it too, with the address on its invoice", async () => {
    await set("exclusive")
    const { billing } = shop.server.app
    const input = { buyer: shop.person, planCode: "starter", months: 1, choice: null, key: "taxed" } as const
    const signup = await billing.plans.subscribe(CTX, input)
    await set("off")
    shop.stripe.pay(signup.sessionId!, GERMANY)
    await shop.stripe.webhooks.idle()
    const [invoice] = billing.invoices.list(shop.person.id, {}).rows
    expect(invoice).toMatchObject({ kind: "plan", taxInclusive: false, document: { buyer: { address: "DE" } } })
    expect([invoice!.taxNano > 0, invoice!.totalNano - invoice!.taxNano]).toEqual([true, invoice!.subtotalNano])
    expect(invoice!.document.notes).toContain("Test mode: no money was paid.")
  })

  test("a plan costs what is shown also after tax was moved into its price, or out of it", async () => {
    const { billing } = shop.server.app
    const wanted = { planCode: "starter", months: 1, choice: null } as const
    const price = billing.plans.priceOf(shop.server.app.plans.planByCode("starter")!, 1)!
    const costs = async (how: "off" | "exclusive" | "inclusive") => {
      await set(how)
      const buyer = await makeUser(shop.server.app)
      const signup = await billing.plans.subscribe(CTX, { ...wanted, buyer, key: how })
      await set("off")
      shop.stripe.pay(signup.sessionId!, GERMANY)
      await shop.stripe.webhooks.idle()
      const [invoice] = billing.invoices.list(buyer.id, {}).rows
      return [invoice!.totalNano / price, invoice!.taxInclusive]
    }
    for (let round = 0; round < 2; round++) {
      expect(await costs("off")).toEqual([1, false])
      expect(await costs("exclusive")).toEqual([1.19, false])
      expect(await costs("inclusive")).toEqual([1, true])
    }
  })
})

// What a payer wants on invoices: a team's own name, address, country and VAT number in place of its owner's, on whatever it pays from then on;
// nothing of the owner, or of whoever pressed, stands beside them.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { nano, randomSecret } from "../../src/app/index.ts"
import type { WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import { signedIn } from "../browser/house.ts"
import { CTX, makeUser } from "../build.ts"
import { joinTeam, makeHost, makeTeam } from "../team-world.ts"
import { openShop, type Shop } from "./world.ts"

const CARD = "4242424242424242"
const PATH = "/credits/billing-details"
const OWN = { name: "Paper Boat Ltd", address: "Harbour Lane 4\n20457 Hamburg", country: "DE", taxId: "de 123456789" }
const BUYER = {
  name: "Paper Boat Ltd",
  address: "Harbour Lane 4\n20457 Hamburg\nGermany",
  taxId: "DE 123456789",
  email: "",
}

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
}, 30_000)
afterAll(() => shop?.close())

async function house() {
  const { server } = shop
  const owner = await makeHost(server, "Olga Ownersdottir")
  await server.app.identity.setProfile(CTX, { userId: owner.id, company: "Olga Private", locale: "", zoneinfo: "" })
  const team = await makeTeam(server, owner)
  const [billing, viewer] = [await makeUser(server.app), await makeUser(server.app)]
  await joinTeam(server, team, owner, billing, "billing")
  await joinTeam(server, team, owner, viewer, "viewer")
  const { id } = server.app.teams.membership({ userId: owner.id, team }, "see").team
  return { team, id, owner, billing, viewer }
}

async function acting(user: User, team: string): Promise<WebAgent> {
  const agent = await signedIn(shop.server, user.email)
  const page = await agent.get(shop.server.at("/settings"))
  const csrf = page.forms[0]!.fields.find(([name]) => name === "csrf")![1]
  await agent.post(shop.server.at("/acting"), [
    ["csrf", csrf],
    ["team", team],
  ])
  return agent
}
const save = async (agent: WebAgent, { taxId: vat, ...details }: typeof OWN) =>
  agent.submit(await agent.get(shop.server.at(PATH)), PATH, { ...details, vat })

async function bought({ id, team, billing }: { id: User["id"]; team: string; billing: User }): Promise<void> {
  const buyer = { id, publicId: team, email: billing.email }
  const order = await shop.server.app.billing.buy(CTX, { buyer, slug: "plus", key: randomSecret(9) })
  shop.stripe.pay(order.sessionId!, { with: CARD })
  await shop.stripe.webhooks.idle()
}
const newest = (id: User["id"]) => shop.server.app.billing.invoices.list(id, {}).rows[0]!

test("a team's own details stand on its invoices, credit notes and PDFs from then on, and nobody's name beside them", async () => {
  const { app } = shop.server
  const of = await house()
  await bought(of)
  // None given: as before, the owner's company, name and address for letters.
  const before = newest(of.id)
  expect(before.document.buyer).toMatchObject({ name: "Olga Private", email: of.owner.email })
  const agent = await acting(of.billing, of.team)
  expect((await save(agent, OWN)).text).toContain("Your billing details are saved.")
  await bought(of)
  const invoice = newest(of.id)
  expect(invoice.document.buyer).toEqual(BUYER)
  const key = `order:${app.billing.ordersOf(of.id, 1)[0]!.publicId}`
  await app.store.write(CTX, (tx) =>
    app.billing.creditNoteIn(tx, {
      invoiceKey: key,
      key: randomSecret(9),
      amountNano: nano(1_000_000_000),
      reason: "Half",
    }),
  )
  const found = app.billing.invoices.byNumber(invoice.number)!
  for (const paper of [app.billing.invoices.paper(found), app.billing.invoices.paper(found, found.notes[0]!)]) {
    const said = JSON.stringify(paper)
    expect(said).toContain("Paper Boat Ltd")
    for (const word of ["Olga", of.owner.email, of.billing.email])
      expect([word, said.includes(word)]).toEqual([word, false])
  }
  // Its list, page and papers are read by who handles its money; a viewer of the team is refused, and others find nothing.
  const at = (who: WebAgent, path: string) => who.get(shop.server.at(`/credits/invoices${path}`))
  expect((await at(agent, "")).text).toContain(invoice.number)
  const page = (await at(agent, `/${invoice.number}`)).text
  expect([page.includes("Paper Boat Ltd"), page.includes("Olga")]).toEqual([true, false])
  for (const path of ["/pdf", `/notes/${found.notes[0]!.number}`])
    expect((await at(agent, `/${invoice.number}${path}`)).status).toBe(200)
  expect((await at(await acting(of.viewer, of.team), `/${invoice.number}`)).status).toBe(403)
  const owner = await signedIn(shop.server, of.owner.email)
  expect((await at(owner, `/${invoice.number}`)).status).toBe(404)
  // What was issued stays as it was.
  expect(app.billing.invoices.byNumber(before.number)!.invoice.document.buyer.name).toBe("Olga Private")
}, 60_000)

test("subscriptions, what goes above them and recharges have them too; what an admin wrote down for one payment counts first", async () => {
  const { app } = shop.server
  const of = await house()
  await app.store.write(CTX, (tx) => app.billing.setDetailsIn(tx, of.id, OWN))
  const line = { text: "Weather: above the plan", quantity: 3, unitNano: nano(2_000_000), amountNano: nano(6_000_000) }
  const invoice = await app.store.write(CTX, (tx) =>
    app.billing.productInvoiceIn(tx, { userId: of.id, key: `market:${randomSecret(6)}`, lines: [line] }),
  )
  expect(invoice.document.buyer).toEqual(BUYER)
  await app.store.write(CTX, (tx) =>
    app.billing.recordIn(tx, {
      userId: of.id,
      priceNano: nano(50_000_000_000),
      taxNano: nano(0),
      reverseCharge: false,
      way: "bank",
      reference: "",
      paidMs: app.clock.now(),
      buyerName: "Another branch",
      buyerAddress: "",
      buyerTaxId: "",
      key: randomSecret(9),
    }),
  )
  expect(newest(of.id).document.buyer).toEqual({ ...BUYER, name: "Another branch" })
}, 60_000)

test("all of them or none; taken off it is as before; a person has their own, with their own address for letters", async () => {
  const { app } = shop.server
  const of = await house()
  const agent = await acting(of.billing, of.team)
  for (const [field, wrong, says] of [
    ["name", "", "Enter the name"],
    ["address", " \n ", "Enter street and town."],
    ["address", "x\n".repeat(8), "Keep the address within"],
    ["country", "", "Choose a country."],
    ["country", "XX", "Choose a country."],
    ["taxId", "<b>", "A VAT number has"],
  ] as const) {
    const answer = await save(agent, { ...OWN, [field]: wrong })
    expect([field, wrong, answer.status, answer.text.includes(says)]).toEqual([field, wrong, 422, true])
  }
  expect(app.billing.detailsOf(of.id)).toBeNull()
  await save(agent, OWN)
  expect(app.billing.detailsOf(of.id)).toMatchObject({ name: "Paper Boat Ltd", taxId: "DE 123456789" })
  expect(app.billing.detailsOf(of.billing.id)).toBeNull()
  expect((await save(agent, { name: "", address: "", country: "", taxId: "" })).text).toContain("are taken off")
  await bought(of)
  expect(newest(of.id).document.buyer.name).toBe("Olga Private")
  const own = await signedIn(shop.server, shop.person.email)
  await save(own, { ...OWN, name: "Mara Lindqvist", taxId: "" })
  const order = await shop.buy()
  shop.stripe.pay(order.sessionId!, { with: CARD })
  await shop.stripe.webhooks.idle()
  expect(newest(shop.person.id).document.buyer).toEqual({
    ...BUYER,
    name: "Mara Lindqvist",
    taxId: "",
    email: shop.person.email,
  })
  // In the body, too.
  const ctx = { ...CTX, actor: `user:${of.viewer.publicId}`, onBehalfOf: of.team }
  await expect(app.store.write(ctx, (tx) => app.billing.setDetailsIn(tx, of.id, OWN))).rejects.toThrow("your role")
}, 60_000)

// What is written about a product: guides, changes and their mails, contacts, questions.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { UserId } from "../../app/index.ts"
import { insertMarket } from "../testing.ts"
import { ADA, BOB, type OpenCatalog, openCatalog, readyProduct } from "./testing.ts"

let world: OpenCatalog
beforeEach(async () => {
  world = await openCatalog()
})
afterEach(() => world.close())

const fails = (verb: Parameters<typeof world.write>[0], code: string, field?: string) =>
  expect(world.write(verb)).rejects.toMatchObject({
    code,
    ...(field && { extra: { formErrors: { [field]: expect.any(String) } } }),
  })

test("guides, changes, contacts and questions: another owner's are not found", async () => {
  const { catalog, write } = world
  const { mine, product } = await readyProduct(world)
  const others = await readyProduct(world, BOB, "Tides")
  const made = await write((tx) => ({
    guide: catalog.saveGuideIn(tx, { ...mine, title: "Start", body: "# Hi" }),
    change: catalog.addChangeIn(tx, { ...mine, version: "1.1", title: "More", body: "", breaking: true, mail: false }),
    question: catalog.saveQuestionIn(tx, { ...mine, question: "Why?", answer: "So." }),
  }))
  await write((tx) =>
    catalog.addContactIn(tx, { ...mine, level: "email", kind: "email", label: "Help", target: "help@example.com" }),
  )
  const contact = catalog.supportOf(product.id).contacts[0]!
  const foreign = [mine.productPublicId, others.mine.productPublicId].map((productPublicId) => ({
    ownerId: BOB,
    productPublicId,
  }))
  for (const theirs of foreign) {
    await fails(
      (tx) => catalog.saveGuideIn(tx, { ...theirs, guidePublicId: made.guide.publicId, title: "x", body: "" }),
      "not_found",
    )
    await fails((tx) => catalog.removeGuideIn(tx, { ...theirs, guidePublicId: made.guide.publicId }), "not_found")
    await fails((tx) => catalog.removeChangeIn(tx, { ...theirs, changePublicId: made.change.publicId }), "not_found")
    await fails((tx) => catalog.removeContactIn(tx, { ...theirs, contactPublicId: contact.publicId }), "not_found")
    await fails(
      (tx) => catalog.removeQuestionIn(tx, { ...theirs, questionPublicId: made.question.publicId }),
      "not_found",
    )
  }
  const contactTo = (kind: "email" | "chat", target: string) => (tx: Parameters<Parameters<typeof write>[0]>[0]) =>
    catalog.addContactIn(tx, { ...mine, level: "community", kind, label: "L", target })
  await fails(contactTo("email", "no mail"), "validation_failed", "target")
  await fails(contactTo("chat", "javascript:alert(1)"), "validation_failed", "target")
  await fails(contactTo("chat", "http://plain.example"), "validation_failed", "target")
  expect(catalog.guidesOf(product.id).map(({ title }) => title)).toEqual(["Start"])
})

test("mails about a change reach each subscriber who wants them once, however often it is delivered", async () => {
  const { catalog, write, queued, mailed } = world
  const ids = [11, 12, 13]
  await write((tx) => insertMarket(tx, { ownerId: UserId(1), userId: UserId(11), words: "weather" }))
  const product = catalog.product("prd_1")!
  const mine = { ownerId: ADA, productPublicId: product.publicId }
  await fails((tx) => catalog.setFollowIn(tx, { userId: UserId(12), productId: product.id, on: true }), "forbidden")
  expect(catalog.follows(UserId(11), product.id)).toBe(true)
  const announce = (mail: boolean) =>
    write((tx) => catalog.addChangeIn(tx, { ...mine, version: "2", title: "New", body: "", breaking: true, mail }))
  await announce(false)
  expect(queued).toEqual([])
  await announce(true)
  const delivery = { payload: queued[0]!.payload, eventId: "evt_1" }
  for (let n = 0; n < 3; n++) await catalog.deliverChange(delivery)
  expect(mailed.map(({ to }) => to)).toEqual(["person11@example.com"])
  expect(JSON.stringify(mailed)).not.toContain("New")
  await announce(true)
  await announce(true)
  await expect(announce(true)).rejects.toMatchObject({ code: "conflict" })
  expect(ids).toHaveLength(3)
})

// Who publishes: agreement, names, addresses that change, and a publisher who is suspended.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { ADA, BOB, type OpenCatalog, openCatalog, readyProduct, STRANGER } from "./testing.ts"

let world: OpenCatalog
beforeEach(async () => {
  world = await openCatalog()
})
afterEach(() => world.close())

const publisher = (ownerId = ADA, slug = "ada-labs") =>
  world.write((tx) => world.catalog.becomePublisherIn(tx, { ownerId, slug, name: "Ada Labs" }))
const fails = (verb: Parameters<typeof world.write>[0], code: string, field?: string) =>
  expect(world.write(verb)).rejects.toMatchObject({
    code,
    ...(field && { extra: { formErrors: { [field]: expect.any(String) } } }),
  })

test("a publisher needs the agreement, a name of their own and an address nobody has", async () => {
  const { catalog } = world
  await fails((tx) => catalog.becomePublisherIn(tx, { ownerId: STRANGER, slug: "abc", name: "Eve" }), "forbidden")
  for (const slug of ["ab", "A b", "new", "gone-1", "a--b", "-ab", "ab-", "x".repeat(41), "ädam"])
    await fails((tx) => catalog.becomePublisherIn(tx, { ownerId: ADA, slug, name: "Ada" }), "validation_failed", "slug")
  await fails(
    (tx) => catalog.becomePublisherIn(tx, { ownerId: ADA, slug: "abc", name: "Purser Inc" }),
    "validation_failed",
    "name",
  )
  const made = await publisher()
  expect(catalog.publisherOf(ADA)).toEqual(made)
  expect(catalog.publisherBySlug("ada-labs")).toEqual(made)
  await fails((tx) => catalog.becomePublisherIn(tx, { ownerId: ADA, slug: "other", name: "Ada" }), "conflict")
  await fails(
    (tx) => catalog.becomePublisherIn(tx, { ownerId: BOB, slug: "ada-labs", name: "B" }),
    "validation_failed",
    "slug",
  )
  expect(auditOf(world.store.read, made.publicId)).toHaveLength(1)
})

test("a changed address leads on for a year, is nobody else's meanwhile, and can be taken back", async () => {
  const { catalog, clock } = world
  await publisher()
  await world.write((tx) => catalog.editPublisherIn(tx, { ownerId: ADA, slug: "ada-new" }))
  expect(catalog.publisherAt("ada-labs")).toMatchObject({ moved: true, publisher: { slug: "ada-new" } })
  expect(catalog.publisherAt("ada-new")).toMatchObject({ moved: false })
  await fails(
    (tx) => catalog.becomePublisherIn(tx, { ownerId: BOB, slug: "ada-labs", name: "Bob" }),
    "validation_failed",
    "slug",
  )
  await world.write((tx) => catalog.editPublisherIn(tx, { ownerId: ADA, slug: "ada-labs" }))
  expect(catalog.publisherAt("ada-labs")).toMatchObject({ moved: false })
  expect(catalog.publisherAt("ada-new")).toMatchObject({ moved: true })
  clock.advance(366 * DAY_MS)
  expect(catalog.publisherAt("ada-new")).toBeNull()
  await publisher(BOB, "ada-new")
  expect(catalog.publisherAt("ada-new")).toMatchObject({ moved: false, publisher: { ownerId: BOB } })
})

test("former addresses are bounded", async () => {
  await publisher()
  for (let n = 0; n < 5; n++)
    await world.write((tx) => world.catalog.editPublisherIn(tx, { ownerId: ADA, slug: `ada-${n}` }))
  await fails((tx) => world.catalog.editPublisherIn(tx, { ownerId: ADA, slug: "ada-again" }), "conflict")
})

test("a suspended publisher changes nothing", async () => {
  const { catalog, suspended } = world
  const { mine } = await readyProduct(world)
  suspended.add(1)
  await fails((tx) => catalog.editProductIn(tx, { ...mine, title: "x" }), "account_suspended")
  await fails((tx) => catalog.publishIn(tx, mine), "account_suspended")
})

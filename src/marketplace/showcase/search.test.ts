import { expect, test } from "bun:test"
import type { UserId } from "../../app/index.ts"
import { SHOWCASE_LIMITS, type ShopQuery } from "./index.ts"
import { askedFor, weightOf } from "./rules.ts"
import { addProduct, addSubscriber, openShowcase, PUBLISHER } from "./testing.ts"

const ALL: ShopQuery = { q: "", category: "", free: false, order: "best", page: 1 }

async function shop() {
  const t = await openShowcase()
  const add = (made: Parameters<typeof addProduct>[2]) => t.write((tx) => addProduct(tx, t.publisherId, made))
  const find = async (more: Partial<ShopQuery> = {}) => t.showcase.find({ ...ALL, ...more })
  const slugs = async (more: Partial<ShopQuery> = {}) => (await find(more)).cards.map(({ slug }) => slug)
  return { ...t, add, find, slugs }
}

test("words are found in any part of a product, the title first; published ones alone", async () => {
  const t = await shop()
  await t.add({ slug: "overview", title: "Maps", overview: "Knows the weather, too." })
  await t.add({ slug: "endpoint", title: "Planets", endpoints: ["/weather/{city}"] })
  await t.add({ slug: "title", title: "Weather", tagline: "Forecasts" })
  await t.add({ slug: "draft", title: "Weather", state: "draft" })
  expect(await t.slugs({ q: "weather" })).toEqual(["title", "endpoint", "overview"])
  // The middle of a word, other cases, all words wherever they are.
  expect(await t.slugs({ q: "EATHE" })).toHaveLength(3)
  expect(await t.slugs({ q: "weather forec" })).toEqual(["title"])
  expect(await t.slugs({ q: "lantern planets" })).toEqual(["endpoint"])
  expect(await t.slugs({ q: "pl" })).toEqual(["endpoint"])
  expect(await t.slugs({ q: "nothing of it" })).toEqual([])
  await t.close()
})

test("too many to weigh: titles first, and no more than are put in order; what is found anew is found at once", async () => {
  const t = await shop()
  const many = SHOWCASE_LIMITS.matchesMax + 20
  await t.write((tx) => {
    for (let at = 0; at < many; at++)
      addProduct(tx, t.publisherId, {
        slug: `p-${at}`,
        title: at > many - 4 ? `Common ${at}` : `Rare ${at}`,
        overview: "So common.",
      })
  })
  while (await t.showcase.freshenAll());
  const found = await t.find({ q: "common" })
  expect([found.isMore, found.total]).toEqual([true, SHOWCASE_LIMITS.matchesMax])
  expect(
    found.cards
      .slice(0, 3)
      .map(({ title }) => title)
      .sort(),
  ).toEqual([many - 3, many - 2, many - 1].map((at) => `Common ${at}`))
  await t.add({ slug: "newest", title: "Common sense", categories: ["sense"] })
  const again = await t.find({ q: "common" })
  expect(again.cards.slice(0, 4).map(({ slug }) => slug)).toContain("newest")
  expect(again.categories).toEqual([{ name: "sense", products: 1 }])
  await t.close()
})

test("what is typed is never an operator of the index", async () => {
  const t = await shop()
  await t.add({ slug: "one", title: 'Odd "quotes" OR title:x* NEAR(a b) ^c -d' })
  for (const q of [
    '"quotes" OR',
    "title:x*",
    'NEAR("a"',
    "^c",
    "a* -",
    '"""',
    "%",
    "_",
    "\0\u202e",
    "'; DROP TABLE market_cards;--",
    "(((",
    "{}",
  ])
    await t.find({ q })
  expect(await t.slugs({ q: '"quotes"' })).toEqual(["one"])
  expect(await t.slugs({ q: "title:x*" })).toEqual(["one"])
  expect(await t.slugs({ q: "%%" })).toEqual([])
  expect(askedFor("x".repeat(1_000)).match!.length).toBeLessThan(110)
  expect(askedFor("a b c d e f g h i j").short).toHaveLength(6)
  await t.close()
})

test("categories, free ones, orders and pages", async () => {
  const t = await shop()
  for (let n = 0; n < 30; n++)
    await t.add({
      slug: `api-${String(n).padStart(2, "0")}`,
      categories: n % 2 ? ["odd"] : ["even"],
      prices: n % 3 ? [5e9] : [0, 9e9],
    })
  const first = await t.find({ order: "name" })
  expect([first.cards.length, first.total, first.hasNext, first.isEmpty]).toEqual([24, 30, true, false])
  expect((await t.find({ order: "name", page: 2 })).cards.map(({ slug }) => slug)).toEqual(
    [24, 25, 26, 27, 28, 29].map((n) => `api-${n}`),
  )
  const free = await t.find({ free: true })
  expect(free.total).toBe(10)
  expect(free.cards.every(({ hasFree }) => hasFree)).toBe(true)
  // Counts stand beside every category, whichever is chosen.
  const even = await t.find({ category: "even", free: true })
  expect(even.total).toBe(5)
  expect(even.categories).toEqual([
    { name: "even", products: 5 },
    { name: "odd", products: 5 },
  ])
  expect(even.cards[0]).toMatchObject({ fromNano: 9e9, fromCycle: "month", categories: ["even"] })
  expect((await t.find({ page: 10 ** 9 })).cards).toEqual([])
  await t.close()
})

test("a card follows what is true: state, plans, endpoints, publisher, reviews", async () => {
  const t = await shop()
  const id = await t.add({ slug: "weather", title: "Weather", prices: [5e9], endpoints: ["/a", "/b"] })
  const card = async () => (await t.find()).cards[0]
  expect(await card()).toMatchObject({ hasFree: false, endpoints: 2, publisher: "Paper Lantern Studio", reviews: 0 })
  await t.write((tx) => tx.run("UPDATE market_endpoints SET removed_ms = 1 WHERE path = '/b'"))
  expect((await card())!.endpoints).toBe(1)
  await t.write((tx) => tx.run("UPDATE market_plan_terms SET price_nano = 0"))
  expect((await card())!.hasFree).toBe(true)
  await t.write((tx) => tx.run("UPDATE market_products SET title = 'Maps'"))
  expect(await t.slugs({ q: "weather" })).toEqual([])
  expect(await t.slugs({ q: "maps" })).toEqual(["weather"])
  await t.write((tx) => tx.run("UPDATE market_publishers SET name = 'Somebody else'"))
  expect((await card())!.publisher).toBe("Somebody else")
  await t.write((tx) => {
    addSubscriber(tx, id, 7 as UserId)
    t.showcase.writeReviewIn(tx, { userId: 7 as UserId, productId: id, stars: 4, title: "Fine", text: "" })
  })
  expect(await card()).toMatchObject({ stars: 4, reviews: 1 })
  await t.write((tx) => tx.run("UPDATE market_publishers SET suspended_ms = 1"))
  expect((await t.find()).isEmpty).toBe(true)
  await t.close()
})

test("best: featured first, then by what many say; a few stars do not outweigh them", async () => {
  const t = await shop()
  const [plain, few, many] = [
    await t.add({ slug: "plain", prices: [0] }),
    await t.add({ slug: "few", prices: [0] }),
    await t.add({ slug: "many", prices: [0] }),
  ]
  await t.add({ slug: "featured", featuredMs: 5 })
  await t.write((tx) => {
    const say = (productId: number, userId: number, stars: number) => {
      addSubscriber(tx, productId, userId as UserId)
      t.showcase.writeReviewIn(tx, { userId: userId as UserId, productId, stars, title: "x", text: "" })
    }
    say(few!, 10, 5)
    for (let n = 0; n < 20; n++) say(many!, 20 + n, n % 2 ? 5 : 4)
    say(plain!, 50, 1)
  })
  expect(await t.slugs()).toEqual(["featured", "many", "few", "plain"])
  expect(weightOf(0, 0)).toBe(3_000)
  await t.close()
})

test("one review a subscriber, answered by its publisher alone, reported once, taken down", async () => {
  const t = await shop()
  const { showcase, write } = t
  const productId = await t.add({ slug: "weather", prices: [0] })
  const [ada, bob] = [7 as UserId, 8 as UserId]
  const draft = { userId: ada, productId, stars: 5, title: " Good ", text: "" }
  await expect(write((tx) => showcase.writeReviewIn(tx, draft))).rejects.toThrow("subscribed")
  await expect(write((tx) => showcase.writeReviewIn(tx, { ...draft, userId: PUBLISHER }))).rejects.toThrow("your own")
  await write((tx) => addSubscriber(tx, productId, ada))
  const wrong = await write((tx) => showcase.writeReviewIn(tx, { ...draft, stars: 6, title: "" })).catch(
    (error) => error,
  )
  expect(Object.keys(wrong.extra.formErrors)).toEqual(["stars", "title"])
  const review = await write((tx) => showcase.writeReviewIn(tx, draft))
  const again = await write((tx) => showcase.writeReviewIn(tx, { ...draft, stars: 2 }))
  expect([again.publicId, again.stars, again.editedMs !== null]).toEqual([review.publicId, 2, true])
  expect(showcase.ratingOf(productId)).toEqual({ tenths: 20, count: 1 })

  const answer = { publicId: review.publicId, text: "Thank you." }
  await expect(write((tx) => showcase.answerReviewIn(tx, { ...answer, ownerId: bob }))).rejects.toThrow(
    "no such review",
  )
  await write((tx) => showcase.answerReviewIn(tx, { ...answer, ownerId: PUBLISHER }))
  expect(showcase.reviewsOf(productId, null)[0]).toMatchObject({ answer: "Thank you.", isReported: false })

  const report = { userId: bob, publicId: review.publicId, reason: "Spam" }
  await write((tx) => showcase.reportReviewIn(tx, report))
  await write((tx) => showcase.reportReviewIn(tx, report))
  expect(showcase.reported()[0]!.reports).toHaveLength(1)
  expect(showcase.reviewsOf(productId, bob)[0]!.isReported).toBe(true)
  await expect(write((tx) => showcase.reportReviewIn(tx, { ...report, userId: ada }))).rejects.toThrow("no such review")

  await expect(write((tx) => showcase.decideReviewIn(tx, { publicId: "mrv_none", because: null }))).rejects.toThrow(
    "no such",
  )
  await write((tx) => showcase.decideReviewIn(tx, { publicId: review.publicId, because: "Spam" }))
  expect([showcase.reported(), showcase.reviewsOf(productId, bob), showcase.ratingOf(productId)]).toEqual([
    [],
    [],
    null,
  ])
  expect(showcase.reviewsOf(productId, ada)).toHaveLength(1)
  await expect(write((tx) => showcase.removeReviewIn(tx, { userId: bob, publicId: review.publicId }))).rejects.toThrow(
    "no such",
  )
  await write((tx) => showcase.removeReviewIn(tx, { userId: ada, publicId: review.publicId }))
  expect(showcase.reviewsOf(productId, ada)).toEqual([])
  await t.close()
})

// What an admin decides of a review is done once, and told once to each who has to do with it.
import { expect, test } from "bun:test"
import type { UserId } from "../../app/index.ts"
import { addProduct, addSubscriber, openShowcase, PUBLISHER } from "./testing.ts"

const [ADA, BOB] = [7 as UserId, 8 as UserId]

async function reviewed() {
  const t = await openShowcase()
  const productId = await t.write((tx) => addProduct(tx, t.publisherId, { slug: "weather", prices: [0] }))
  const { publicId } = await t.write((tx) => {
    addSubscriber(tx, productId, ADA)
    return t.showcase.writeReviewIn(tx, { userId: ADA, productId, stars: 1, title: "Bad", text: "" })
  })
  const report = (userId: UserId) =>
    t.write((tx) => t.showcase.reportReviewIn(tx, { userId, publicId, reason: "Not about the API" }))
  const decide = (because: string | null) => t.write((tx) => t.showcase.decideReviewIn(tx, { publicId, because }))
  const told = () =>
    (t.mailed.splice(0) as { mail: string; decided: string; to: string }[]).map((m) => [m.mail, m.decided, m.to])
  const audited = () =>
    t.store.read.all<{ action: string }>(
      "SELECT action FROM audit_log WHERE action IN ('review.kept', 'review.hidden')",
    ).length
  return { ...t, productId, publicId, report, decide, told, audited }
}

test("taken down: its author, the publisher and who reported it are told, once", async () => {
  const t = await reviewed()
  await t.report(BOB)
  expect([t.showcase.countReported(), t.showcase.reported()[0]]).toMatchObject([
    1,
    { productTitle: "weather", hiddenMs: null },
  ])
  await t.decide("Insults nobody needs")
  expect(t.told()).toEqual([
    ["7@example.com", "hidden", "author"],
    ["1@example.com", "hidden", "publisher"],
    ["8@example.com", "hidden", "reporter"],
  ])
  await t.decide("Insults nobody needs")
  expect([t.told(), t.audited(), t.showcase.countReported()]).toEqual([[], 1, 0])
  expect(t.showcase.hidden()[0]).toMatchObject({
    publicId: t.publicId,
    hiddenBecause: "Insults nobody needs",
    reports: [],
  })
  expect(t.showcase.ratingOf(t.productId)).toBeNull()
  await t.close()
})

test("kept: only who reported it is told; the same people cannot ask again", async () => {
  const t = await reviewed()
  await t.report(BOB)
  await t.report(PUBLISHER)
  await t.decide(null)
  expect(t.told().toSorted()).toEqual([
    ["1@example.com", "kept", "publisher"],
    ["8@example.com", "kept", "reporter"],
  ])
  await t.report(BOB)
  expect([t.showcase.reported(), t.audited()]).toEqual([[], 1])
  await t.decide(null)
  expect([t.told(), t.audited()]).toEqual([[], 1])
  await t.close()
})

test("shown again: it counts again, and both are told", async () => {
  const t = await reviewed()
  await t.decide("By mistake")
  t.told()
  await t.decide(null)
  expect(t.told().map(([, decided]) => decided)).toEqual(["shown", "shown"])
  expect([t.showcase.hidden(), t.showcase.ratingOf(t.productId)]).toEqual([[], { tenths: 10, count: 1 }])
  await t.close()
})

// What becomes of the marketplace with its people: suspended, back, erased.
import { afterEach, expect, test } from "bun:test"
import { UserId } from "../app/index.ts"
import { openTestStore, type Store, testCtx } from "../store/index.ts"
import { marketplacePart } from "./part.ts"
import { insertMarket } from "./testing.ts"

let close: (() => Promise<void>) | null = null
afterEach(async () => close?.())

const WORDS = "marmalade"
const SHE = { id: UserId(1), publicId: "usr_1", email: "ada@example.com", name: "Ada" }
const HE = { id: UserId(2), publicId: "usr_2", email: "bob@example.com", name: "Bob" }

async function open() {
  const opened = await openTestStore()
  close = opened.close
  await opened.store.write(testCtx, (tx) => insertMarket(tx, { ownerId: SHE.id, userId: HE.id, words: WORDS }))
  const { lifecycle } = marketplacePart.run!({
    marketplace: {} as never,
    store: opened.store,
    settings: { get: (setting) => setting.default },
  })
  const { erased, suspended, reinstated } = lifecycle!
  if (typeof erased !== "function" || typeof suspended !== "function" || typeof reinstated !== "function")
    throw new Error("the marketplace has hooks")
  const eraseAll = async (person: typeof SHE) => {
    for (let turn = 0; turn < 100; turn++)
      if ((await opened.store.write(testCtx, (tx) => erased(tx, person, 2))) === 0) return
    throw new Error("erasure does not end")
  }
  return { store: opened.store, suspended, reinstated, eraseAll, leaving: lifecycle!.leaving! }
}

const count = (store: Store, table: string): number =>
  store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
const holds = (store: Store, table: string, text: string): boolean =>
  JSON.stringify(store.read.all(`SELECT * FROM ${table}`)).includes(text)

test("a publisher who is suspended is marked, and let back in again; others are not touched", async () => {
  const { store, suspended, reinstated } = await open()
  const mark = () => store.read.get<{ at: number | null }>("SELECT suspended_ms AS at FROM market_publishers")!.at
  await store.write(testCtx, (tx) => suspended(tx, HE))
  expect(mark()).toBeNull()
  await store.write(testCtx, (tx) => suspended(tx, SHE))
  expect(mark()).toBeGreaterThan(0)
  await store.write(testCtx, (tx) => reinstated(tx, SHE))
  expect(mark()).toBeNull()
})

test("an erased publisher leaves rows without a word, and nobody subscribed", async () => {
  const { store, eraseAll, leaving } = await open()
  expect(leaving(SHE).first).toHaveLength(1)
  await eraseAll(SHE)
  for (const table of ["market_publishers", "market_products", "market_endpoints"])
    for (const text of [WORDS, "publisher-1", "product-1"])
      expect([table, text, holds(store, table, text)]).toEqual([table, text, false])
  for (const table of [
    "market_parameters",
    "market_examples",
    "market_product_categories",
    "market_publisher_slugs",
    "market_documents",
    "market_guides",
    "market_changes",
    "market_questions",
    "market_contacts",
    "market_hosts",
  ])
    expect([table, count(store, table)]).toEqual([table, 0])
  expect(store.read.get("SELECT state, signing_secret AS secret FROM market_products")).toEqual({
    state: "unpublished",
    secret: "",
  } as never)
  expect(store.read.get("SELECT state FROM market_subscriptions")).toEqual({ state: "ended" } as never)
  expect(leaving(SHE).first).toEqual([])
})

test("an erased consumer's subscription is over and says nothing; their keys are gone", async () => {
  const { store, eraseAll, leaving } = await open()
  expect(leaving(HE).ends).toEqual(["1 subscription to an API ends, with its keys."])
  await eraseAll(HE)
  expect(store.read.get("SELECT state, reason FROM market_subscriptions")).toEqual({
    state: "ended",
    reason: null,
  } as never)
  for (const table of ["market_keys", "market_key_secrets", "market_key_uses", "market_quota_use", "market_followers"])
    expect([table, count(store, table)]).toEqual([table, 0])
  expect(holds(store, "market_products", WORDS)).toBe(true)
})

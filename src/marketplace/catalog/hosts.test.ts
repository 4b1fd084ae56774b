// Whose server it is: shown by DNS or a file, for one publisher, and what nobody decided on.
import { afterEach, beforeEach, expect, test } from "bun:test"
import { DAY_MS } from "../../app/index.ts"
import { ADA, BOB, type OpenCatalog, openCatalog, readyProduct, STRANGER } from "./testing.ts"

let world: OpenCatalog
beforeEach(async () => {
  world = await openCatalog()
})
afterEach(() => world.close())

const publisher = (ownerId = ADA, slug = "ada-labs") =>
  world.write((tx) => world.catalog.becomePublisherIn(tx, { ownerId, slug, name: "Ada Labs" }))

test("a published product goes nowhere else until its new server is proven", async () => {
  const { catalog, write } = world
  const { mine } = await readyProduct(world)
  await write((tx) =>
    catalog.setStateIn(tx, { productPublicId: mine.productPublicId, state: "published", reason: null }),
  )
  const move = (upstreamUrl: string) => write((tx) => catalog.editProductIn(tx, { ...mine, upstreamUrl }))
  await expect(move("https://evil.example")).rejects.toMatchObject({
    extra: { formErrors: { upstreamUrl: expect.any(String) } },
  })
  expect((await move("https://api.example.com/v2")).hostProvenMs).not.toBeNull()
})

test("a server is proven by DNS or by a file, at most every ten seconds, and for the publisher who claimed it alone", async () => {
  const { catalog, write, net, clock } = world
  await publisher()
  await publisher(BOB, "bob-labs")
  const product = await write((tx) =>
    catalog.createProductIn(tx, { ownerId: ADA, title: "Weather", upstreamUrl: "https://api.example.com" }),
  )
  const claim = (ownerId: typeof ADA, host: string) => write((tx) => catalog.claimHostIn(tx, { ownerId, host }))
  for (const host of ["", "localhost", "127.0.0.1", "[::1]", "a b.example", "x".repeat(300), "2130706433"])
    await expect(claim(ADA, host)).rejects.toMatchObject({ code: "validation_failed" })
  const proof = await claim(ADA, "https://API.example.com/v1")
  expect(proof).toMatchObject({ host: "api.example.com", dnsName: "_purser-verification.api.example.com" })
  expect(await claim(ADA, "api.example.com")).toEqual(proof)
  const check = (ownerId = ADA) =>
    catalog.checkHost({ actor: "user:usr_1", requestId: "r", reason: "r" }, { ownerId, host: proof.host })
  expect(await check()).toBeNull()
  await expect(check()).rejects.toMatchObject({ code: "rate_limit_exceeded" })
  // Another publisher's token, and a page that repeats much, prove nothing.
  const bobs = await claim(BOB, "api.example.com")
  expect(bobs.dnsValue).not.toBe(proof.dnsValue)
  net.txt.set(proof.dnsName, [[bobs.dnsValue]])
  net.files.set(proof.fileUrl, `x ${proof.fileText} y`)
  clock.advance(10_000)
  expect(await check()).toBeNull()
  net.files.set(proof.fileUrl, `\r\n${proof.fileText}\r\n`)
  clock.advance(10_000)
  expect(await check()).toBe("file")
  expect(catalog.product(product.publicId)?.hostProvenMs).toBe(clock.now())
  expect(await check(BOB)).toBe("dns")
  await expect(check(STRANGER)).rejects.toMatchObject({ code: "forbidden" })
  await write((tx) => catalog.dropHostIn(tx, { ownerId: ADA, host: proof.host }))
  expect(catalog.product(product.publicId)?.hostProvenMs).toBeNull()
  expect(catalog.proofsOf(BOB)).toHaveLength(1)
})

test("claims and documents that nobody decided on are swept", async () => {
  const { catalog, write, clock, store } = world
  await publisher()
  await write((tx) => catalog.claimHostIn(tx, { ownerId: ADA, host: "a.example" }))
  expect(await catalog.sweep(100)).toBe(0)
  clock.advance(31 * DAY_MS)
  expect(await catalog.sweep(100)).toBe(1)
  expect(store.read.all("SELECT * FROM market_hosts")).toEqual([])
})

test("a proof is looked for each week: a week without it, with a mail at each end, takes its APIs off the market and keeps their subscribers", async () => {
  const { catalog, write, net, clock, mailed, store } = world
  const { mine } = await readyProduct(world)
  const ctx = { actor: "user:usr_1", requestId: "r", reason: "r" }
  const host = "api.example.com"
  const proof = () => catalog.proofsOf(ADA).find((one) => one.host === host)!
  const state = () => {
    const { state, hostProvenMs } = catalog.product(mine.productPublicId)!
    return [state, hostProvenMs !== null]
  }
  const kinds = () => mailed.splice(0).map(({ kind, data }) => [kind, (data as { apis: number }).apis])
  const day = async (days = 1) => {
    clock.advance(days * DAY_MS)
    return catalog.lookAgain(100)
  }
  await write((tx) =>
    catalog.setStateIn(tx, { productPublicId: mine.productPublicId, state: "published", reason: null }),
  )
  // An admin's word is nothing that can be looked for.
  expect(await day(30)).toBe(0)
  const { dnsName, dnsValue } = proof()
  const there = (isThere: boolean) => (isThere ? net.txt.set(dnsName, [[dnsValue]]) : net.txt.delete(dnsName))
  there(true)
  expect(await catalog.checkHost(ctx, { ownerId: ADA, host })).toBe("dns")
  const { provenMs } = proof()
  there(false)
  expect([await day(6), proof().missingMs]).toEqual([0, null])
  there(true)
  expect([await day(), proof().missingMs, kinds()]).toEqual([1, null, []])
  // A bad day of a name server costs nothing.
  there(false)
  expect([await day(7), await catalog.lookAgain(100), proof().missingMs]).toEqual([1, 0, clock.now()])
  expect(kinds()).toEqual([["market_host_missing", 1]])
  there(true)
  expect([await day(), proof().missingMs, state(), kinds()]).toEqual([1, null, ["published", true], []])
  // Nor does one that its publisher finds first.
  there(false)
  await day(7)
  there(true)
  expect([await catalog.checkHost(ctx, { ownerId: ADA, host }).catch(() => null), proof().missingMs]).not.toEqual([
    "dns",
    null,
  ])
  clock.advance(10_000)
  expect([await catalog.checkHost(ctx, { ownerId: ADA, host }), proof().missingMs]).toEqual(["dns", null])
  kinds()
  there(false)
  await day(7)
  for (let days = 0; days < 7; days++) {
    expect([proof().provenMs, state()]).toEqual([provenMs, ["published", true]])
    await day()
  }
  expect(proof()).toMatchObject({ provenMs: null, provenBy: null, missingMs: null, dnsValue })
  expect([state(), kinds()]).toEqual([
    ["unpublished", false],
    [
      ["market_host_missing", 1],
      ["market_host_lost", 1],
    ],
  ])
  const acts = store.read.all<{ action: string }>("SELECT action FROM audit_log WHERE actor = 'system:market-hosts'")
  expect(acts.map(({ action }) => action).sort()).toEqual(["product.unpublished", "publisher.host_unproven"])
  // The claim and its token stand for another month, so that putting the record back is enough.
  clock.advance(29 * DAY_MS)
  expect([await catalog.sweep(100), await catalog.lookAgain(100)]).toEqual([0, 0])
  await expect(write((tx) => catalog.publishIn(tx, mine))).rejects.toMatchObject({ code: "conflict" })
  there(true)
  expect(await catalog.checkHost(ctx, { ownerId: ADA, host })).toBe("dns")
  expect(await write((tx) => catalog.publishIn(tx, mine))).toMatchObject({ state: "published" })
})

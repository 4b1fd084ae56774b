// A pool is a wallet that others call from: filled from paid credits alone, never below zero, bounded for each person, given back as it was.
import { describe, expect, test } from "bun:test"
import { AppError, DAY_MS, HOUR_MS, nano, PrincipalId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { importBooksIn } from "../archive/import.ts"
import { expectTruth } from "../books/testing.ts"
import { usedByOthers } from "../charges/callers.ts"
import type { HoldInput } from "../holds/types.ts"
import { exportBooks } from "../index.ts"
import {
  ANN,
  balanceOf,
  chargeOf,
  ctx,
  DEV,
  everything,
  expectHealthy,
  holdOf,
  type Kit,
  kit,
  person,
  race,
  refused,
} from "../testing.ts"

const POOL = person(50)
const PAID = { paid: true, type: "topup", bucket: "purchase", owner: DEV } as const
const fund = (k: Kit, amountNano: number, key = "fund", mode: "live" | "test" = "live") =>
  k.write.fundPool({ from: DEV, to: POOL, mode, amountNano, key })
const back = (k: Kit, amountNano: number, key = "back") =>
  k.write.takeBackPool({ from: POOL, to: DEV, mode: "live", amountNano, key })
const use = (k: Kit, id: number, mode: "live" | "test" = "live") => {
  const { usedNano, heldNano } = k.ledger.callerUseOf(POOL, mode, PrincipalId(id))
  return [Number(usedNano), Number(heldNano)]
}
const call = async (k: Kit, callerId: number, amountNano: number) => {
  const hold = await k.hold(amountNano, { owner: POOL, callerId })
  const charge = { totalNano: amountNano, upstreamNano: amountNano, developerNano: 0, platformNano: 0 }
  return k.write.settle({ hold, charge, developer: null })
}

test("what all used of a pool is read by its wallet alone, whatever other wallets there are", async () => {
  const k = await kit()
  await k.grant(100, { ...PAID, key: "order" })
  await fund(k, 100)
  expect(k.ledger.usedByOthers(POOL, "live")).toEqual({ usedNano: nano(0), people: 0 })
  await call(k, 7, 30)
  await call(k, 8, 12)
  expect(k.ledger.usedByOthers(POOL, "live")).toEqual({ usedNano: nano(42), people: 2 })
  expect(k.ledger.usedByOthers(POOL, "test")).toEqual({ usedNano: nano(0), people: 0 })
  const seen: string[] = []
  const get = <Row>(sql: string, ...values: never[]) => {
    seen.push(sql)
    return k.store.read.get<Row>(sql, ...values)
  }
  usedByOthers({ ...k.store.read, get }, POOL, "live")
  const plans = seen.flatMap((sql) =>
    k.store.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...Array(sql.split("?").length - 1).fill(0)),
  )
  expect(plans.length).toBeGreaterThan(1)
  expect(plans.filter(({ detail }) => detail.startsWith("SCAN"))).toEqual([])
})

describe("filling a pool", () => {
  test("takes paid lots alone, in their order, each with the time it had", async () => {
    const k = await kit()
    await k.grant(1_000, { owner: DEV, priority: 0 })
    const until = k.clock.now() + DAY_MS
    await k.grant(60, { ...PAID, expiresMs: until, type: "subscription", bucket: "subscription" })
    await k.grant(100, PAID)
    const { lots, already } = await fund(k, 90)
    expect([lots.map((lot) => [Number(lot.amountNano), lot.paid]), already]).toEqual([[[60, true], [30, true]], false]) // biome-ignore format: two lots
    expect([k.free(DEV), k.free(POOL)]).toEqual([1_070, 90])
    expect(k.ledger.lotsOf(POOL, "live", { limit: 9 }).map((lot) => [lot.bucket, lot.expiresMs])).toEqual([
      ["sponsored", null],
      ["sponsored", until],
    ])
    // No money of the house moved.
    expect(balanceOf(k, "sponsor")).toBe("0")
    k.clock.advance(DAY_MS)
    await k.ledger.expireDue()
    expect([k.free(POOL), balanceOf(k, "breakage")]).toEqual([30, "60"])
    await expectTruth(k, DEV, POOL)
    expectHealthy(k.ledger)
  })

  test("is refused where paid credits are short, held, frozen or owed, and nothing is written", async () => {
    const k = await kit()
    await k.grant(1_000, { owner: DEV })
    await k.grant(100, { ...PAID, key: "order" })
    const before = everything(k.store.read)
    expect((await refused(fund(k, 101))).code).toBe("insufficient_credits")
    await expect(fund(k, 0)).rejects.toThrow()
    await expect(k.write.fundPool({ from: DEV, to: DEV, mode: "live", amountNano: 1, key: "self" })).rejects.toThrow()
    expect((await refused(fund(k, 1, "in test", "test"))).code).toBe("insufficient_credits")
    expect(everything(k.store.read)).toBe(before)
    const hold = await k.hold(100, { owner: DEV, paidOnly: true })
    expect((await refused(fund(k, 1))).code).toBe("credits_on_hold")
    await k.write.release(hold)
    await k.write.freezeLot({ lotKey: "order", key: "freeze" })
    expect((await refused(fund(k, 1))).code).toBe("insufficient_credits")
    await k.write.thawLot({ freezeKey: "freeze", key: "thaw" })
    await fund(k, 100)
    await k.write.clawBack({ lotKey: "order", amountNano: 40, through: "cash", key: "claw" })
    await k.grant(30, PAID)
    expect((await refused(fund(k, 1, "more"))).code).toBe("insufficient_credits")
    expectHealthy(k.ledger)
  })

  test("of one key is once; on other terms it is a conflict; 50 at once with credits for one fill it once", async () => {
    const k = await kit()
    await k.grant(60, PAID)
    await k.grant(60, PAID)
    const one = await fund(k, 100)
    expect(await fund(k, 100)).toEqual({ ...one, already: true })
    expect((await refused(fund(k, 99))).code).toBe("conflict")
    expect((await refused(back(k, 100, "fund"))).code).toBe("conflict")
    await k.grant(100, PAID)
    const racing = Array.from({ length: 50 }, (_, index) => fund(k, 90, `race ${index}`))
    expect(await race(racing)).toEqual({ ok: 1, insufficient_credits: 49 })
    expect([k.free(DEV), k.free(POOL)]).toEqual([30, 190])
    expectHealthy(k.ledger)
  })
})

describe("calls from a pool", () => {
  test("200 at once with credits for ten: exactly ten, and it never goes below zero", async () => {
    const k = await kit()
    await k.grant(1_000, PAID)
    await fund(k, 1_000)
    const calls = Array.from({ length: 200 }, (_, index) => call(k, 100 + index, 100))
    const { ok, ...refused } = await race(calls)
    expect([ok, Object.values(refused).reduce((sum, count) => sum + count, 0)]).toEqual([10, 190])
    expect([k.free(POOL), k.ledger.wallet(POOL, "live").heldNano as number]).toEqual([0, 0])
    const lowest = k.store.read.get<{ n: number }>("SELECT MIN(balance_after_nano) AS n FROM charges")!.n
    expect(lowest).toBe(0)
    expectHealthy(k.ledger)
  })

  test("what a person used of it is exact in the very write that asks: 200 at once within a bound of three calls", async () => {
    const k = await kit()
    await k.grant(100_000, PAID)
    await fund(k, 100_000)
    const bounded = (tx: Tx) => {
      const { usedNano, heldNano } = k.ledger.callerUseIn(tx, POOL, "live", PrincipalId(7))
      if (usedNano + heldNano + 100 > 350) throw new AppError("insufficient_credits", "bounded")
      return k.ledger.holdIn(tx, holdOf(100, { owner: POOL, callerId: 7 }) as HoldInput)
    }
    const writes = Array.from({ length: 200 }, () => k.store.write(ctx, bounded, { lane: "hold" }))
    const held = (await Promise.allSettled(writes)).flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))
    expect([held.length, use(k, 7)]).toEqual([3, [0, 300]])
    const charge = { totalNano: 80, upstreamNano: 80, developerNano: 0, platformNano: 0 }
    await Promise.all(held.map((hold) => k.write.settle({ hold, charge: charge as never, developer: null })))
    expect([use(k, 7), use(k, 8)]).toEqual([[240, 0], [0, 0]]) // biome-ignore format: two people
    await k.store.write(ctx, bounded, { lane: "hold" })
    await expect(k.store.write(ctx, bounded, { lane: "hold" })).rejects.toThrow("bounded")
    expectHealthy(k.ledger)
  })

  test("what comes back of a call is room again, is taken again with a reversal, and goes to the pool", async () => {
    const k = await kit()
    await k.grant(500, PAID)
    await fund(k, 500)
    const { transactionId } = await call(k, 7, 100)
    const refund = await k.write.refundCharge({ transactionId: transactionId!, amountNano: 40, key: "r" })
    expect([use(k, 7), k.free(POOL)]).toEqual([[60, 0], 440])
    await k.write.refundCharge({ transactionId: transactionId!, key: "rest" })
    expect([use(k, 7), k.free(POOL)]).toEqual([[0, 0], 500])
    expect(refund.refundedNano as number).toBe(40)
    const other = await call(k, 8, 70)
    await k.write.reverse({ transactionId: other.transactionId! })
    expect([use(k, 8), k.free(POOL)]).toEqual([[0, 0], 500])
    expectHealthy(k.ledger)
  })

  test("whoever calls from their own wallet has no row; recovery counts the person too", async () => {
    const k = await kit()
    await k.grant(100)
    await k.write.settle({ hold: await k.hold(50), charge: chargeOf(50), developer: DEV })
    expect(k.store.read.all("SELECT * FROM wallet_callers")).toEqual([])
    await k.grant(500, PAID)
    await fund(k, 500)
    await k.hold(80, { owner: POOL, callerId: 7, stage: "sent", inputCostNano: 30 })
    await k.reboot("boot-2").recoverHolds()
    expect(use(k, 7)).toEqual([30, 0])
    expectHealthy(k.ledger)
  })
})

describe("taking back", () => {
  test("gives what is free as credits that were bought, with the time they had, and leaves what calls hold", async () => {
    const k = await kit()
    const until = k.clock.now() + DAY_MS
    await k.grant(300, { ...PAID, expiresMs: until })
    await fund(k, 300)
    const hold = await k.hold(100, { owner: POOL, callerId: 7 })
    expect((await refused(back(k, 201))).code).toBe("credits_on_hold")
    await back(k, 200)
    expect([k.free(DEV), k.free(POOL)]).toEqual([200, 0])
    expect(k.ledger.lotsOf(DEV, "live", { limit: 1 })[0]).toMatchObject({
      bucket: "purchase",
      paid: true,
      expiresMs: until,
    })
    const charge = { totalNano: 100, upstreamNano: 100, developerNano: 0, platformNano: 0 }
    await k.write.settle({ hold, charge, developer: null })
    expect([k.free(POOL), Number(k.ledger.paidSpendableOf(DEV, "live"))]).toEqual([0, 200])
    expectHealthy(k.ledger)
  })

  test("repays what is owed first: money that went back after it was given is never free again", async () => {
    const k = await kit()
    await k.grant(300, { ...PAID, key: "order" })
    await fund(k, 300)
    await k.write.clawBack({ lotKey: "order", amountNano: 300, through: "disputes", key: "claw" })
    expect(k.ledger.wallet(DEV, "live")).toMatchObject({ debtNano: 300, balanceNano: 0 })
    await back(k, 250)
    expect(k.ledger.wallet(DEV, "live")).toMatchObject({ debtNano: 50, balanceNano: 0 })
    await expectTruth(k, DEV, POOL)
    expectHealthy(k.ledger)
  })

  test("a move is not reversed by hand: it is taken back", async () => {
    const k = await kit()
    await k.grant(100, PAID)
    const { transactionIds } = await fund(k, 50)
    expect((await refused(k.write.reverse({ transactionId: transactionIds[0]! }))).code).toBe("conflict")
  })
})

test("test credits fill test pools alone, and live ones stay as they are", async () => {
  const k = await kit()
  await k.grant(100, PAID)
  await k.grant(100, { ...PAID, mode: "test" })
  await fund(k, 80, "in test", "test")
  expect([k.free(POOL, "test"), k.free(POOL), k.free(DEV), k.free(DEV, "test")]).toEqual([80, 0, 100, 20])
  expect((await refused(k.hold(1, { owner: POOL, callerId: 7 }))).code).toBe("insufficient_credits")
  await k.write.settle({
    hold: await k.hold(50, { owner: POOL, callerId: 7, mode: "test" }),
    charge: chargeOf(40),
    developer: DEV,
  })
  expect([use(k, 7), use(k, 7, "test")]).toEqual([[0, 0], [40, 0]]) // biome-ignore format: two modes
  expectHealthy(k.ledger)
})

test("books with pools rebuild from nothing, and travel as a file", async () => {
  const k = await kit()
  await k.grant(500, { ...PAID, expiresMs: k.clock.now() + HOUR_MS })
  await k.grant(500, PAID)
  await fund(k, 700)
  const { transactionId } = await call(k, 7, 100)
  await call(k, 8, 30)
  await k.write.refundCharge({ transactionId: transactionId!, amountNano: 20, key: "r" })
  await back(k, 300)
  await k.store.write(ctx, (tx) => void tx.run("UPDATE wallet_callers SET used_nano = 1 WHERE caller_id = 7"))
  await k.store.write(ctx, (tx) => void tx.run("DELETE FROM wallet_callers WHERE caller_id = 8"))
  await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))
  expect([use(k, 7), use(k, 8)]).toEqual([[80, 0], [30, 0]]) // biome-ignore format: two people
  expectHealthy(k.ledger)
  const lines = [...exportBooks(k.store.read)].map((line) => line.trimEnd())
  const other = await kit()
  other.clock.advance(2 * DAY_MS)
  await other.store.write(ctx, (tx) => importBooksIn(tx, lines))
  expectHealthy(other.ledger)
  expect([...exportBooks(other.store.read)].map((line) => line.trimEnd())).toEqual(lines)
})

test.each([
  ["sponsored", "UPDATE lots SET paid = 0 WHERE bucket = 'sponsored'"],
  ["sponsored", "UPDATE lots SET expires_ms = 9000000000000 WHERE bucket = 'sponsored'"],
  ["sponsored", "UPDATE lots SET restriction = 'llm' WHERE bucket = 'purchase'"],
  ["wallet_callers", "UPDATE wallet_callers SET used_nano = used_nano + 1"],
  ["wallet_callers", "DELETE FROM wallet_callers"],
  ["wallet_callers", "DELETE FROM wallet_callers WHERE used_nano = 0"],
])("verification finds in %s: %s", async (check, sql) => {
  const k = await kit()
  await k.grant(100, PAID)
  await fund(k, 60)
  await call(k, 7, nano(10))
  await call(k, 8, nano(0))
  await k.grant(10, { owner: ANN })
  expectHealthy(k.ledger)
  await k.store.write(ctx, (tx) => {
    for (const { name } of tx.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'"))
      tx.run(`DROP TRIGGER ${name}`)
    tx.run(sql)
  })
  const broken = k.ledger.verify().checks.filter(({ violations }) => violations > 0)
  expect(broken.map(({ name }) => name)).toContain(check)
})

import { describe, expect, test } from "bun:test"
import { ClientId, DAY_MS, HOUR_MS, nano } from "../../app/index.ts"
import { ANN, BOB, balanceOf, chargeOf, ctx, DEV, expectHealthy, kit, race, seeded } from "../testing.ts"
import { partsLeft, partsOfCollected, splitRefund } from "./rules.ts"
import { charged, figures, hundred, untouched } from "./testing.ts"

const limit = { clientId: ClientId(3), dailyNano: 1_000 }

describe("refund of a call", () => {
  test("gives back last consumed first, takes the developer's part while immature, and frees the app's day", async () => {
    const k = await kit()
    const [first, second] = [await k.grant(60), await k.grant(100, { paid: true, type: "topup", bucket: "purchase" })]
    const { transactionId } = await charged(k, 100, { ...limit, callId: "req_test" })
    const accounts = ["promo", "revenue", "pending", "upstream_payable"]
    expect(accounts.map((kind) => balanceOf(k, kind))).toEqual(["-60", "25", "25", "50"])
    const part = await k.write.refundCharge({ transactionId: transactionId!, amountNano: 60, key: "r1" })
    expect(part).toMatchObject({ refundedNano: 60, expiredNano: 0, fromDeveloperNano: 15, already: false })
    expect(part.lots as unknown).toEqual([
      { lotId: second, amountNano: 40, paid: true },
      { lotId: first, amountNano: 20, paid: false },
    ])
    expect(figures(k, second)).toEqual([100, 100, 0, 0, 0, 0])
    expect(figures(k, first)).toEqual([60, 20, 40, 0, 0, 0])
    expect(accounts.map((kind) => balanceOf(k, kind))).toEqual(["-90", "10", "10", "50"])
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 40, heldNano: 0 } as never)
    expectHealthy(k.ledger)
    const rest = await k.write.refundCharge({ transactionId: transactionId!, key: "r2" })
    expect(rest).toMatchObject({ refundedNano: 40, fromDeveloperNano: 10 })
    expect(accounts.map((kind) => balanceOf(k, kind))).toEqual(["-110", "0", "0", "50"])
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 0, heldNano: 0 } as never)
    expect(k.free()).toBe(160)
    expect(k.ledger.history(ANN, "live", { limit: 1 })[0]).toMatchObject({
      type: "refund", amountNano: 40, callId: "req_test", clientId: ClientId(3),
    }) // biome-ignore format: one row
    expectHealthy(k.ledger)
  })

  test("a developer's earning that has matured stays; promo pays its part", async () => {
    const k = await kit()
    await k.grant(100, { paid: true, type: "topup", bucket: "purchase" })
    const { transactionId } = await charged(k, 100)
    await k.write.refundCharge({ transactionId: transactionId!, amountNano: 40, key: "r1" })
    k.clock.advance(60 * DAY_MS)
    await k.ledger.matureDue({ paidDays: 7, promoDays: 30 })
    const rest = await k.write.refundCharge({ transactionId: transactionId!, key: "r2" })
    expect(rest).toMatchObject({ refundedNano: 60, fromDeveloperNano: 0 })
    expect([balanceOf(k, "payable"), balanceOf(k, "pending"), balanceOf(k, "revenue")]).toEqual(["15", "0", "0"])
    expect(balanceOf(k, "promo")).toBe("-65")
    expectHealthy(k.ledger)
  })

  test("of a call that was not collected in full only what was collected comes back", async () => {
    const k = await kit()
    await k.grant(70)
    const hold = await k.hold(50, limit)
    const { transactionId } = await k.write.settle({ hold, charge: chargeOf(120), developer: DEV })
    const tooMuch = { transactionId: transactionId!, amountNano: 71, key: "r0" }
    expect((await untouched(k, () => k.write.refundCharge(tooMuch))).code).toBe("conflict")
    expect(await k.write.refundCharge({ transactionId: transactionId!, key: "r1" })).toMatchObject({
      refundedNano: 70, fromDeveloperNano: 10,
    }) // biome-ignore format: one answer
    expect([balanceOf(k, "uncollected"), balanceOf(k, "revenue"), balanceOf(k, "promo")]).toEqual(["-50", "50", "-130"])
    expectHealthy(k.ledger)
  })

  test("credits of a lot that has expired meanwhile come back and expire at once, and do not roll over", async () => {
    const k = await kit()
    const expiresMs = k.clock.now() + HOUR_MS
    const lot = await k.grant(100, { expiresMs, rollover: { maxNano: 100, capNano: null, lifetimeMs: DAY_MS } })
    await k.grant(50)
    const { transactionId } = await charged(k, 120)
    k.clock.advance(HOUR_MS)
    const refund = await k.write.refundCharge({ transactionId: transactionId!, key: "r1" })
    expect(refund).toMatchObject({ refundedNano: 120, expiredNano: 100 })
    expect(figures(k, lot)).toEqual([100, 0, 0, 100, 0, 0])
    expect(k.free()).toBe(50)
    const [expiry, back] = k.ledger.history(ANN, "live", { limit: 2 })
    expect([back!.type, back!.amountNano as number]).toEqual(["refund", 120])
    expect([expiry!.type, expiry!.amountNano as number]).toEqual(["expiry", -100])
    expectHealthy(k.ledger)
  })

  test("refunds of an old call free the day of the call, not today", async () => {
    const k = await kit()
    await k.grant(1_000)
    const { transactionId } = await charged(k, 100, limit)
    k.clock.advance(DAY_MS)
    await charged(k, 30, limit)
    await k.write.refundCharge({ transactionId: transactionId!, key: "r1" })
    expect(k.ledger.usedToday(ANN, ClientId(3), "llm")).toEqual({ usedNano: 30, heldNano: 0 } as never)
    expectHealthy(k.ledger)
    expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
  })

  test("one key refunds once, however often; with other content it conflicts", async () => {
    const k = await kit()
    await k.grant(100)
    const { transactionId } = await charged(k, 100)
    const input = { transactionId: transactionId!, amountNano: 30, key: "r1" }
    const answers = await hundred(() => k.write.refundCharge(input))
    expect(answers.filter((answer) => !answer.already).length).toBe(1)
    for (const answer of answers) expect({ ...answer, already: false }).toEqual({ ...answers[0]!, already: false })
    expect(k.free()).toBe(30)
    const others = [{ amountNano: 31 }, { transactionId: "txn_other" }, { amountNano: undefined }]
    for (const other of others) {
      const { amountNano, ...rest } = { ...input, ...other }
      const asked = amountNano === undefined ? rest : { ...rest, amountNano }
      expect((await untouched(k, () => k.write.refundCharge(asked))).code).toBe("conflict")
    }
    expect(
      (await untouched(k, () => k.write.adjust({ owner: ANN, mode: "live", amountNano: 30, key: "r1" }))).code,
    ).toBe("conflict")
    expect((await untouched(k, () => k.grant(30, { key: "r1" }))).code).toBe("conflict")
    const taken = { transactionId: transactionId!, key: "test:1" }
    expect((await untouched(k, () => k.write.refundCharge(taken))).code).toBe("conflict")
    expectHealthy(k.ledger)
  })

  test("100 different keys in parallel never give back more than was collected", async () => {
    const k = await kit()
    await k.grant(100)
    const { transactionId } = await charged(k, 100)
    const refunds = Array.from({ length: 100 }, (_, index) =>
      k.write.refundCharge({ transactionId: transactionId!, amountNano: 30, key: `r${index}` }),
    )
    expect(await race(refunds)).toEqual({ ok: 3, conflict: 97 })
    expect(k.free()).toBe(90)
    expectHealthy(k.ledger)
  })

  test("nothing but a charge is refunded, and a refusal writes nothing", async () => {
    const k = await kit()
    const lot = await k.grant(100)
    const grantId = k.ledger.history(ANN, "live", { limit: 1 })[0]!.transactionId
    const refund = (transactionId: string) => k.write.refundCharge({ transactionId, key: "x" })
    expect((await untouched(k, () => refund(grantId))).code).toBe("conflict")
    expect((await untouched(k, () => refund("txn_none"))).code).toBe("not_found")
    const { transactionId } = await charged(k, 100)
    await k.write.refundCharge({ transactionId: transactionId!, key: "all" })
    expect((await untouched(k, () => refund(transactionId!))).code).toBe("conflict")
    for (const amountNano of [0, -1, 0.5]) {
      await expect(k.write.refundCharge({ transactionId: transactionId!, amountNano, key: "y" })).rejects.toThrow()
    }
    expect(figures(k, lot)).toEqual([100, 100, 0, 0, 0, 0])
  })

  test("a wallet that is full takes nothing back", async () => {
    const k = await kit()
    await k.grant(100, { owner: BOB })
    const { transactionId } = await charged(k, 100, { owner: BOB })
    await k.grant(Number.MAX_SAFE_INTEGER - 99, { owner: BOB })
    const refund = () => k.write.refundCharge({ transactionId: transactionId!, key: "r" })
    expect((await untouched(k, refund)).code).toBe("validation_failed")
    expectHealthy(k.ledger)
  })

  test("partial refunds split every part to its last unit, in any pieces", () => {
    const random = seeded(7)
    for (let round = 0; round < 300; round++) {
      const [up, dev, own] = [0, 0, 0].map(() => Math.floor(random() * 50)) as [number, number, number]
      const collected = Math.floor(random() * (up + dev + own + 1))
      const parts = partsOfCollected(collected, up, dev)
      const gone = { back: 0, revenue: 0, taken: 0, upstream: 0 }
      while (gone.back < collected) {
        const amount = 1 + Math.floor(random() * (collected - gone.back))
        const left = partsLeft(parts, gone.back, gone.revenue, gone.taken)
        const share = splitRefund(nano(amount), left)
        expect(share.upstreamNano + share.developerNano + share.platformNano).toBe(amount)
        for (const part of ["upstreamNano", "developerNano", "platformNano"] as const) {
          expect(share[part]).toBeGreaterThanOrEqual(0)
          expect(share[part]).toBeLessThanOrEqual(left[part])
        }
        gone.back += amount
        gone.revenue += share.platformNano
        gone.taken += share.developerNano
        gone.upstream += share.upstreamNano
      }
      expect([gone.upstream, gone.taken, gone.revenue]).toEqual([
        parts.upstreamNano,
        parts.developerNano,
        parts.platformNano,
      ])
    }
  })
})

// A claw-back while a call holds the lot, whose time ends before the call does: whatever comes first, only what was spent is owed in the end.
import { describe, expect, test } from "bun:test"
import { HOUR_MS } from "../../app/index.ts"
import { memoryDifferences } from "../proof/memory.ts"
import { ANN, balanceOf, chargeOf, ctx, DEV, expectHealthy, type Kit, kit } from "../testing.ts"
import { charged, figures, untouched } from "./testing.ts"

const PAID = { paid: true, type: "topup", bucket: "purchase" } as const
const claw = (k: Kit, amountNano: number, key = "claw", lotKey = "order") =>
  k.write.clawBack({ lotKey, amountNano, through: "disputes", key })
const restore = (k: Kit, clawKey = "claw") => k.write.restoreClaw({ clawKey, key: `${clawKey} back` })
const wallet = (k: Kit) => k.ledger.wallet(ANN, "live")
const settle = (k: Kit, hold: Awaited<ReturnType<Kit["hold"]>>, totalNano: number) =>
  k.write.settle({ hold, charge: chargeOf(totalNano), developer: DEV })

/** 100 credits, of which 60 are held when their time ends. */
async function held(k: Kit) {
  const lot = await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
  const hold = await k.hold(60)
  k.clock.advance(HOUR_MS)
  return { lot, hold }
}

const money = (k: Kit) => ({
  debt: wallet(k).debtNano as number,
  balance: wallet(k).balanceNano as number,
  breakage: balanceOf(k, "breakage"),
  disputes: balanceOf(k, "disputes"),
})

async function expectTrue(k: Kit): Promise<void> {
  await k.store.write(ctx, (tx) => expect(memoryDifferences(tx)).toEqual([]))
  expectHealthy(k.ledger)
  expect(await k.store.write(ctx, (tx) => k.ledger.rebuildProjectionsIn(tx))).toEqual({ changed: 0 })
}

describe("a claw-back of credits that a call holds beyond their time", () => {
  test("what the call gives back pays what is owed, and does not break: as if the call had ended before", async () => {
    const ends: unknown[] = []
    for (const order of ["before", "after"]) {
      const k = await kit()
      const { lot, hold } = await held(k)
      if (order === "after") expect(await claw(k, 100)).toMatchObject({ brokenNano: 40, takenNano: 0, debtNano: 60 })
      await settle(k, hold, 20)
      if (order === "before") expect(await claw(k, 100)).toMatchObject({ brokenNano: 80, takenNano: 0, debtNano: 20 })
      await expectTrue(k)
      expect(figures(k, lot)).toEqual(order === "before" ? [100, 0, 20, 80, 0, 0] : [100, 0, 20, 40, 0, 40])
      ends.push(money(k))
    }
    expect(ends[1]).toEqual(ends[0])
    expect(ends[0]).toEqual({ debt: 20, balance: 0, breakage: "0", disputes: "100" })
  })

  test("a call that is let go, and one that took it all", async () => {
    const free = await kit()
    const one = await held(free)
    await claw(free, 100)
    await free.write.release(one.hold)
    expect(money(free)).toMatchObject({ debt: 0, breakage: "0" })
    await expectTrue(free)
    const all = await kit()
    const two = await held(all)
    await claw(all, 100)
    await settle(all, two.hold, 60)
    expect(money(all)).toMatchObject({ debt: 60, breakage: "0" })
    await expectTrue(all)
  })

  test("no more than the claw-back wants; the rest breaks, and the next claw-back finds it there", async () => {
    const k = await kit()
    const { lot, hold } = await held(k)
    expect(await claw(k, 50)).toMatchObject({ brokenNano: 40, debtNano: 10 })
    await settle(k, hold, 20)
    expect(money(k)).toEqual({ debt: 0, balance: 0, breakage: "30", disputes: "50" })
    expect(figures(k, lot)).toEqual([100, 0, 20, 70, 0, 10])
    expect(await claw(k, 50, "claw 2")).toMatchObject({ brokenNano: 30, debtNano: 20 })
    expect(money(k)).toMatchObject({ debt: 20, breakage: "0" })
    await expectTrue(k)
  })

  test("two claw-backs of it: the older is paid first", async () => {
    const k = await kit()
    const { hold } = await held(k)
    await claw(k, 70)
    await claw(k, 30, "claw 2")
    await settle(k, hold, 15)
    expect(money(k)).toEqual({ debt: 15, balance: 0, breakage: "0", disputes: "100" })
    await restore(k)
    expect(money(k)).toMatchObject({ debt: 0, breakage: "55", disputes: "30" })
    await expectTrue(k)
  })

  test("several calls, and a refund of one of them later", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
    const holds = [await k.hold(30), await k.hold(50)]
    k.clock.advance(HOUR_MS)
    await claw(k, 100)
    expect(money(k).debt).toBe(80)
    const one = await settle(k, holds[0]!, 30)
    expect(money(k).debt).toBe(80)
    await settle(k, holds[1]!, 10)
    expect(money(k)).toMatchObject({ debt: 40, breakage: "0" })
    await k.write.refundCharge({ transactionId: one.transactionId!, key: "refund" })
    expect(money(k)).toMatchObject({ debt: 10, breakage: "0" })
    await expectTrue(k)
  })

  test("restored, what of it breaks pays what another claw-back of the lot left owed", async () => {
    for (const order of ["one", "both", "both, repaid"]) {
      const k = await kit()
      const lot = await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
      await charged(k, 60)
      k.clock.advance(HOUR_MS)
      if (order !== "one") await claw(k, 70)
      expect(await claw(k, 30, "claw 2")).toMatchObject(
        order === "one" ? { brokenNano: 30, debtNano: 0 } : { brokenNano: 0, debtNano: 30 },
      )
      if (order === "both, repaid") {
        await k.grant(65, { ...PAID, key: "next" })
        expect(money(k)).toMatchObject({ debt: 0, balance: 5 })
      }
      if (order !== "one")
        expect(await restore(k)).toMatchObject(
          order === "both"
            ? { brokenNano: 10, debtLiftedNano: 60, grantedNano: 0 }
            : { brokenNano: 10, debtLiftedNano: 0, grantedNano: 60 },
        )
      expect(money(k)).toEqual({
        debt: 0,
        balance: order === "both, repaid" ? 65 : 0,
        breakage: "10",
        disputes: "30",
      })
      expect(figures(k, lot)).toEqual([100, 0, 60, 40, 0, 0])
      await expectTrue(k)
      await restore(k, "claw 2")
      expect(money(k)).toMatchObject({ debt: 0, breakage: "40", disputes: "0" })
      await expectTrue(k)
    }
  })

  test("the debt was repaid meanwhile: what the call gives back is given anew, as paid credits that never expire", async () => {
    const k = await kit()
    const { hold } = await held(k)
    await claw(k, 100)
    await k.grant(100, { ...PAID, key: "next" })
    expect(money(k)).toMatchObject({ debt: 0, balance: 40 })
    const { balanceAfterNano } = await settle(k, hold, 20)
    expect(balanceAfterNano as number).toBe(80)
    expect(money(k)).toEqual({ debt: 0, balance: 80, breakage: "0", disputes: "100" })
    await expectTrue(k)
    // What was given anew is no part of what the money pays when it comes after all.
    await restore(k)
    expect(money(k)).toEqual({ debt: 0, balance: 100, breakage: "80", disputes: "0" })
    await expectTrue(k)
  })

  test("repaid in part: first what is owed, the rest anew", async () => {
    const k = await kit()
    const { hold } = await held(k)
    await claw(k, 100)
    await k.grant(50, { ...PAID, key: "next" })
    expect(money(k)).toMatchObject({ debt: 10, balance: 0 })
    await settle(k, hold, 20)
    expect(money(k)).toMatchObject({ debt: 0, balance: 30, breakage: "0" })
    await expectTrue(k)
  })

  test("restored before or after the call ends: what had expired is the house's, nobody owes anything", async () => {
    for (const order of ["before", "after"]) {
      const k = await kit()
      const { hold } = await held(k)
      await claw(k, 100)
      if (order === "before") await restore(k)
      await settle(k, hold, 20)
      if (order === "after") await restore(k)
      expect(money(k)).toEqual({ debt: 0, balance: 0, breakage: "80", disputes: "0" })
      await expectTrue(k)
    }
  })

  test("what a restored claw-back gives to credits whose time is over breaks: it is owed to that claw-back no more", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
    const hold = await k.hold(60)
    await claw(k, 100)
    k.clock.advance(HOUR_MS)
    await settle(k, hold, 60)
    expect(await restore(k)).toMatchObject({ restoredNano: 40, expiredNano: 40, debtLiftedNano: 60, grantedNano: 0 })
    expect(money(k)).toEqual({ debt: 0, balance: 0, breakage: "40", disputes: "0" })
    expect(figures(k, lot)).toEqual([100, 0, 60, 40, 0, 0])
    await expectTrue(k)
  })

  test("a lot that lives on repays by itself, and what expires of it later is not counted twice", async () => {
    const k = await kit()
    const lot = await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
    const hold = await k.hold(60)
    expect(await claw(k, 50)).toMatchObject({ takenNano: 40, debtNano: 10 })
    await settle(k, hold, 0)
    await k.write.repayDebt(ANN, "live")
    expect(money(k)).toMatchObject({ debt: 0, balance: 50 })
    k.clock.advance(HOUR_MS)
    await k.ledger.expireDue()
    expect(money(k)).toEqual({ debt: 0, balance: 0, breakage: "50", disputes: "50" })
    expect(figures(k, lot)).toEqual([100, 0, 0, 50, 0, 50])
    await expectTrue(k)
  })

  test("credits of other lots break as ever, and their owner goes on owing", async () => {
    const k = await kit()
    await held(k)
    await k.grant(30, { ...PAID, key: "other", expiresMs: k.clock.now() + HOUR_MS })
    await claw(k, 100)
    await k.write.repayDebt(ANN, "live")
    expect(money(k)).toMatchObject({ debt: 30, balance: 0 })
    await k.grant(20, { key: "gift", expiresMs: k.clock.now() + HOUR_MS })
    k.clock.advance(HOUR_MS)
    await k.ledger.expireDue()
    expect(money(k)).toMatchObject({ debt: 30, breakage: "20" })
    await expectTrue(k)
  })

  test("it rolls over first; what lives repays", async () => {
    const k = await kit()
    await k.grant(100, {
      ...PAID, type: "subscription", bucket: "subscription", key: "order", expiresMs: k.clock.now() + HOUR_MS,
      rollover: { maxNano: 10, capNano: null, lifetimeMs: HOUR_MS },
    }) // biome-ignore format: one grant
    const hold = await k.hold(100)
    k.clock.advance(HOUR_MS)
    await claw(k, 100)
    await settle(k, hold, 20)
    expect(money(k)).toMatchObject({ debt: 30, balance: 10, breakage: "0" })
    await k.write.repayDebt(ANN, "live")
    expect(money(k)).toEqual({ debt: 20, balance: 0, breakage: "0", disputes: "100" })
    await expectTrue(k)
  })

  test("developers bear what was spent when the money went back, not what calls held then", async () => {
    const k = await kit()
    await k.grant(100, { ...PAID, key: "order", expiresMs: k.clock.now() + HOUR_MS })
    await charged(k, 40)
    const hold = await k.hold(60)
    const earned = balanceOf(k, "pending")
    expect(await claw(k, 60)).toMatchObject({ debtNano: 60, fromDevelopersNano: 0 })
    expect(balanceOf(k, "pending")).toBe(earned)
    await k.write.release(hold)
    await k.write.repayDebt(ANN, "live")
    expect(money(k)).toMatchObject({ debt: 0, balance: 0 })
    expect(await claw(k, 40, "claw 2")).toMatchObject({ debtNano: 40, fromDevelopersNano: 10 })
    await expectTrue(k)
  })

  test("what paid a claw-back is not undone, nor is the claw-back that was paid", async () => {
    const k = await kit()
    const { hold } = await held(k)
    const { transactionId } = await claw(k, 100)
    await settle(k, hold, 20)
    const paid = k.store.read.get<{ id: string }>("SELECT public_id AS id FROM transactions WHERE type = 'debt'")!.id
    for (const id of [paid, transactionId!])
      expect((await untouched(k, () => k.write.reverse({ transactionId: id }))).code).toBe("conflict")
  })
})

import { describe, expect, test } from "bun:test"
import { ClientId } from "../../app/index.ts"
import { ANN, balanceOf, chargesOf, ctx, DEV, expectHealthy, holdOf, kit, refused, writesOf } from "../testing.ts"

describe("recovery and sweeper", () => {
  test("boot resolves every hold of the dead process at its best-known cost, and only those", async () => {
    const k = await kit()
    await k.grant(10_000)
    const more = { inputCostNano: 30, developer: DEV, split: { upstream: 2, developer: 1, platform: 1 } }
    const unsent = await k.hold(100, more)
    const sent = await k.hold(100, { ...more, stage: "sent" })
    const streaming = await k.hold(100, { ...more, clientId: ClientId(1), dailyNano: 500 })
    await k.write.mark(streaming, { stage: "streaming", knownCostNano: 70 })
    await k.write.mark(streaming, { stage: "sent", knownCostNano: 50 })
    const next = k.reboot("boot-2")
    const mine = await writesOf(k.store, next).hold(holdOf(500))
    expect(await next.recoverHolds()).toEqual({ resolved: 3, released: 1, chargedNano: 100 } as never)
    expect(chargesOf(k)).toMatchObject([
      { callId: unsent.callId, chargeNano: 0, developerId: 9, end: "recovered", status: 500, heldNano: 100 },
      { callId: sent.callId, chargeNano: 30, developerId: 9, end: "recovered", source: "estimated" },
      { callId: streaming.callId, chargeNano: 70, developerId: 9, end: "recovered", errorCode: "internal" },
    ])
    expect(next.wallet(ANN, "live")).toMatchObject({ balanceNano: 9_400, heldNano: 500 })
    expect(next.usedToday(ANN, ClientId(1), "llm")).toEqual({ usedNano: 70, heldNano: 0 } as never)
    expect(balanceOf(k, "pending")).toBe("26")
    expect(await next.recoverHolds()).toEqual({ resolved: 0, released: 0, chargedNano: 0 } as never)
    await k.store.write(ctx, (tx) => next.releaseIn(tx, mine))
    expectHealthy(next)
  })

  test("a round whose commit fails resolves nothing; the next run does, once", async () => {
    let fails = false
    const k = await kit({
      beforeCommit: () => {
        if (fails) throw new Error("disk says no")
      },
    })
    await k.grant(100)
    await k.hold(10, { stage: "sent", inputCostNano: 5 })
    const next = k.reboot("boot-2")
    fails = true
    expect((await refused(next.recoverHolds())).code).toBe("unavailable")
    fails = false
    expect(next.wallet(ANN, "live").heldNano as number).toBe(10)
    expect(chargesOf(k)).toEqual([])
    expect(await next.recoverHolds()).toEqual({ resolved: 1, released: 0, chargedNano: 5 } as never)
    expect((await next.recoverHolds()).resolved).toBe(0)
    expectHealthy(next)
  })

  test("the sweeper takes what is past its lease and not alive", async () => {
    const k = await kit()
    await k.grant(1_000)
    await k.hold(10, { callId: "req_alive", leaseMs: 1_000 })
    await k.hold(10, { callId: "req_dead", leaseMs: 1_000, stage: "sent", inputCostNano: 4 })
    const leased = await k.hold(10, { callId: "req_leased", leaseMs: 1_000 })
    await k.hold(10, { callId: "req_young", leaseMs: 5_000 })
    await k.write.mark(leased, { stage: "sent", knownCostNano: 0, leaseMs: 5_000 })
    k.clock.advance(1_000)
    const report = await k.ledger.sweep((callId) => callId === "req_alive")
    expect(report).toEqual({ resolved: 1, released: 0, chargedNano: 4 } as never)
    expect(k.ledger.wallet(ANN, "live").heldNano as number).toBe(30)
    expectHealthy(k.ledger)
  })

  test("more holds than one round are all resolved", async () => {
    const k = await kit()
    await k.grant(1_000)
    await Promise.all(Array.from({ length: 450 }, () => k.hold(1)))
    expect((await k.reboot("boot-2").recoverHolds()).resolved).toBe(450)
    expect(k.free()).toBe(1_000)
    expectHealthy(k.ledger)
  })
})

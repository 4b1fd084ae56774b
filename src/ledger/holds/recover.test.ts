import { describe, expect, test } from "bun:test"
import { ClientId, KeyId, PrincipalId, RouteId } from "../../app/index.ts"
import { openStore } from "../../store/index.ts"
import { createLedger } from "../index.ts"
import {
  ANN,
  balanceOf,
  chargesOf,
  ctx,
  DEV,
  expectHealthy,
  holdOf,
  kit,
  person,
  refused,
  writesOf,
} from "../testing.ts"
import type { HoldInput } from "./types.ts"

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

  test("the next process, which has seen none of them, resolves 500 holds of 20 wallets, each on its own lots", async () => {
    const k = await kit()
    const people = Array.from({ length: 20 }, (_, index) => person(100 + index))
    for (const owner of people) {
      for (const priority of [10, 20, 30]) await k.grant(500, { owner, priority })
    }
    const sent = {
      stage: "sent",
      inputCostNano: 40,
      developer: DEV,
      split: { upstream: 2, developer: 1, platform: 1 },
    } as const
    await k.store.write(ctx, (tx) => {
      for (let index = 0; index < 500; index++) {
        const more = { owner: people[index % 20]!, clientId: 3, dailyNano: null, ...(index % 5 ? sent : {}) }
        k.ledger.holdIn(tx, holdOf(50, more) as HoldInput)
      }
    })
    await k.store.close()
    const store = openStore(k.path, { clock: k.clock })
    const next = createLedger({ store, clock: k.clock, ids: { next: (prefix) => `${prefix}_next` }, bootId: "boot-2" })
    expect(await next.recoverHolds()).toEqual({ resolved: 500, released: 100, chargedNano: 400 * 40 } as never)
    expect(await next.recoverHolds()).toEqual({ resolved: 0, released: 0, chargedNano: 0 } as never)
    expect(store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM open_holds")!.n).toBe(0)
    for (const owner of people) {
      const charged = store.read.get<{ nano: number }>(
        `SELECT SUM(collected_nano) AS nano FROM charges
         WHERE account_id = (SELECT id FROM accounts WHERE owner_id = ? AND kind = 'wallet')`,
        owner.id,
      )!.nano
      expect(next.wallet(owner, "live")).toMatchObject({ balanceNano: 1_500 - charged, heldNano: 0 })
      expect(next.usedToday(owner, ClientId(3), "llm")).toEqual({ usedNano: charged, heldNano: 0 } as never)
    }
    expectHealthy(next)
    await store.close()
  })

  test("a call that the ledger ends is charged as the call it was: whose, through what, of which kind", async () => {
    const k = await kit()
    await k.grant(1_000)
    const call = {
      clientId: 3, keyId: 5, callerId: 8, routeId: 7, scope: "speech", stream: true, dailyNano: 500, stage: "sent",
      inputCostNano: 4, leaseMs: 1_000, developer: DEV, split: { upstream: 1, developer: 1, platform: 0 },
    } as const // biome-ignore format: one call
    const swept = await k.hold(10, call)
    k.clock.advance(1_000)
    const left = await k.hold(10, call)
    await k.ledger.sweep(() => false)
    await k.reboot("boot-2").recoverHolds()
    const was = {
      clientId: ClientId(3), keyId: KeyId(5), callerId: PrincipalId(8), routeId: RouteId(7), scope: "speech", stream: 1,
      heldDay: swept.day, heldNano: 10, chargeNano: 4, upstreamNano: 2, developerNano: 2, earnedNano: 2,
      end: "recovered", status: 500, errorCode: "internal", source: "estimated", inputTokens: 0, outputTokens: 0,
    } // biome-ignore format: one call
    expect(chargesOf(k)).toMatchObject([
      { ...was, callId: swept.callId, latencyMs: 1_000 },
      { ...was, callId: left.callId, latencyMs: 0 },
    ])
    expect(k.ledger.history(ANN, "live", { limit: 2 }).map((row) => row.actor)).toEqual(
      Array(2).fill("system:recovery"),
    )
    expectHealthy(k.ledger)
  })
})

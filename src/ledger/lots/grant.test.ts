import { describe, expect, test } from "bun:test"
import { HOUR_MS, nano } from "../../app/index.ts"
import type { GrantInput } from "../index.ts"
import { ANN, BOB, balanceOf, chargeOf, DEV, expectHealthy, kit, refused } from "../testing.ts"

const MAX = Number.MAX_SAFE_INTEGER

describe("grant", () => {
  test("posts lot and transaction once, however often the key comes", async () => {
    const k = await kit()
    const input: GrantInput = {
      owner: ANN, mode: "live", type: "topup", bucket: "purchase", amountNano: nano(500), paid: true, key: "order:1",
    } // biome-ignore format: one grant
    const results = await Promise.all(Array.from({ length: 100 }, () => k.write.grant(input)))
    expect(new Set(results.map((result) => `${result.lotId} ${result.transactionId}`)).size).toBe(1)
    expect(results.filter((result) => !result.already).length).toBe(1)
    expect(k.free()).toBe(500)
    expect(balanceOf(k, "cash")).toBe("-500")
    for (const other of [{ amountNano: 501 }, { owner: BOB }, { paid: false }, { type: "bonus" as const }]) {
      expect((await refused(k.write.grant({ ...input, ...other }))).code).toBe("conflict")
    }
    expectHealthy(k.ledger)
  })

  test("a wallet holds 2^53 - 1 n$ and not one more, and the platform's accounts go beyond", async () => {
    const k = await kit()
    await k.grant(MAX - 1)
    await k.grant(1)
    expect(k.free()).toBe(MAX)
    expect((await refused(k.grant(1))).code).toBe("validation_failed")
    await k.grant(MAX, { owner: BOB })
    expect(balanceOf(k, "promo")).toBe((-2n * BigInt(MAX)).toString())
    for (const bad of [0, -1, 1.5, 2 ** 53, Number.NaN]) await expect(k.grant(bad)).rejects.toThrow()
    const hold = await k.hold(MAX)
    const settled = await k.write.settle({ hold, charge: chargeOf(MAX), developer: DEV })
    expect(settled).toMatchObject({ collectedNano: MAX, uncollectedNano: 0, balanceAfterNano: 0 })
    expectHealthy(k.ledger)
  })

  test("a lot that is effective later is not spendable before", async () => {
    const k = await kit()
    await k.grant(100, { effectiveMs: k.clock.now() + HOUR_MS })
    expect(k.free()).toBe(0)
    expect((await refused(k.hold(1))).code).toBe("insufficient_credits")
    k.clock.advance(HOUR_MS)
    expect(k.free()).toBe(100)
    await k.hold(100)
    expectHealthy(k.ledger)
  })
})

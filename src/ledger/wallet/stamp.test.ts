import { expect, test } from "bun:test"
import { HOUR_MS } from "../../app/index.ts"
import { ANN, BOB, chargeOf, ctx, DEV, kit } from "../testing.ts"

test("the stamp changes with everything that moves a wallet, and with nothing else", async () => {
  const k = await kit()
  const seen = new Set<string>()
  const moved = () => {
    const stamp = k.ledger.stampOf(ANN, "live")
    const isNew = !seen.has(stamp)
    seen.add(stamp)
    return isNew
  }
  expect(moved()).toBe(true)
  await k.grant(1_000)
  expect(moved()).toBe(true)
  const charged = await k.hold(100)
  expect(moved()).toBe(true)
  await k.write.settle({ hold: charged, charge: chargeOf(40), developer: DEV })
  expect(moved()).toBe(true)
  const released = await k.hold(70)
  expect(moved()).toBe(true)
  await k.write.release(released)
  // As it was before the hold: the page that saw that shows the right figures.
  expect(moved()).toBe(false)
  await k.claim(100)
  expect(moved()).toBe(true)

  await k.grant(5, { owner: BOB })
  await k.grant(5, { mode: "test" })
  await k.store.write(ctx, () => 0)
  expect(moved()).toBe(false)
})

test("a lot that begins or expires moves it without a commit", async () => {
  const k = await kit()
  await k.grant(10, { effectiveMs: k.clock.now() + HOUR_MS, expiresMs: k.clock.now() + 2 * HOUR_MS })
  const before = k.ledger.stampOf(ANN, "live")
  k.clock.advance(HOUR_MS)
  const during = k.ledger.stampOf(ANN, "live")
  k.clock.advance(HOUR_MS)
  expect(new Set([before, during]).size).toBe(2)
  expect(k.ledger.stampOf(ANN, "live")).not.toBe(during)
})

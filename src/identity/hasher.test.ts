import { expect, test } from "bun:test"
import { createHasher } from "./hasher.ts"

test("argon2id at the OWASP minimum; old parameters are recognised", async () => {
  await createHasher().withSlot(async (slot) => {
    const hash = await slot.hash("correct horse battery")
    expect(hash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$")
    expect(slot.isCurrent(hash)).toBe(true)
    expect(slot.isCurrent(hash.replace("m=19456", "m=1945"))).toBe(false)
  })
})

test("a password is hashed whole: zero bytes and the far end count", async () => {
  await createHasher().withSlot(async (slot) => {
    const hash = await slot.hash(`horse\u0000battery${"x".repeat(1_000)}a`)
    expect(await slot.verify(`horse\u0000battery${"x".repeat(1_000)}b`, hash)).toBe(false)
    expect(await slot.verify("horse", hash)).toBe(false)
    expect(await slot.verify(`horse\u0000battery${"x".repeat(1_000)}a`, hash)).toBe(true)
  })
})

test("verifying against nobody takes what verifying against somebody takes", async () => {
  await createHasher().withSlot(async (slot) => {
    const hash = await slot.hash("correct horse battery")
    const median = async (against: string | null): Promise<number> => {
      const times: number[] = []
      for (let i = 0; i < 9; i++) {
        const start = performance.now()
        expect(await slot.verify("a wrong password", against)).toBe(false)
        times.push(performance.now() - start)
      }
      return times.sort((a, b) => a - b)[4]!
    }
    const [known, nobody] = [await median(hash), await median(null)]
    expect(nobody / known).toBeGreaterThan(0.4)
    expect(nobody / known).toBeLessThan(2.5)
  })
})

test("at most so many run, so many wait in order, the rest is told to come back", async () => {
  const hasher = createHasher(2, 3)
  const order: number[] = []
  let running = 0
  let most = 0
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, i) =>
      hasher.withSlot(async () => {
        running += 1
        most = Math.max(most, running)
        await Bun.sleep(5)
        order.push(i)
        running -= 1
        if (i === 0) throw new Error("work may fail")
      }),
    ),
  )
  expect(most).toBe(2)
  expect(order).toEqual([0, 1, 2, 3, 4])
  const refused = results.slice(5).map((r) => (r.status === "rejected" ? r.reason : null))
  for (const error of refused) expect(error).toMatchObject({ code: "overloaded", extra: { retryAfterSeconds: 2 } })
  // Failed work gives its place back.
  await hasher.withSlot(async () => undefined)
})

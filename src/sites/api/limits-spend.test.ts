// Limits on what is spent, against the books: what was spent before there was a limit counts, and nothing that an upstream reports
// pushes anybody past what they said they would pay at most.
import { describe, expect, test } from "bun:test"
import { createIds, type KeyId, nano, silentLog, UserId } from "../../app/index.ts"
import type { KeyLimitsInput, LimitKind } from "../../limits/index.ts"
import { createLimits } from "../../limits/index.ts"
import { testCtx } from "../../store/index.ts"
import {
  ASK,
  app,
  books,
  COST,
  chatAnswer,
  kit,
  last,
  spent,
  sse,
  start,
  streamText,
  token,
  until,
  usageChunk,
} from "./testing.ts"

/** `COST` is an app's price: raw, and as much again. A key's plan adds a tenth. */
const OF_KEY = (COST / 2) * 1.1
const everybody = (kind: LimitKind, amount: number) =>
  kit.limits.set(testCtx, { level: "everybody", subject: "", kind, amount })
const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code
const counts = () =>
  kit.store.read.all<{ subject: string; used: number; held: number }>(
    "SELECT subject, used, held FROM limit_counts ORDER BY subject",
  )

async function limitedKey() {
  const { secret, key } = await kit.key()
  const set = (limits: KeyLimitsInput) =>
    kit.limits.setKeyLimits(testCtx, { keyId: key.id as KeyId, keyPublicId: key.publicId, limits })
  const own = (limits = kit.limits) => limits.keyLimits({ keyId: key.id, payerId: UserId(1) }).own[0]!
  return { secret, set, own }
}
const total = 10 ** 12

describe("a limit that is set within its window", () => {
  for (const kind of ["spend_day", "spend_week", "spend_month", "spend_total"] as const) {
    test(`${kind} counts what the key spent in it before, and nobody else's`, async () => {
      await start()
      const { secret, set, own } = await limitedKey()
      const other = await kit.key()
      for (const bearer of [secret, secret, token, other.secret]) expect((await kit.post(bearer, ASK)).status).toBe(200)
      await set({ [kind]: 3 * OF_KEY })
      expect(own()).toMatchObject({ used: 2 * OF_KEY, held: 0 })
      // Less is left than the next may come to at most; a person sees why.
      const ask = { ...ASK, max_tokens: 1_000 }
      const refused = await kit.post(secret, ask)
      expect([refused.status, await codeOf(refused)]).toEqual([429, "spend_limit_exceeded"])
      await set({ [kind]: total })
      expect((await kit.post(secret, ask)).status).toBe(200)
      expect(own()).toMatchObject({ used: 3 * OF_KEY, held: 0 })
      const again = createLimits({ store: kit.store, clock: kit.clock, ids: createIds(kit.clock), log: silentLog })
      expect(own(again)).toMatchObject({ used: 3 * OF_KEY, held: 0 })
      books()
    })
  }

  test("of a person counts all that they paid; a day that is over counts for nothing", async () => {
    await start()
    const { secret } = await limitedKey()
    for (const bearer of [secret, token]) expect((await kit.post(bearer, ASK)).status).toBe(200)
    await everybody("spend_day", total)
    expect((await kit.post(secret, ASK)).status).toBe(200)
    expect(counts()).toEqual([{ subject: "user:1", used: 2 * OF_KEY + COST, held: 0 }])
    kit.clock.advance(24 * 3_600_000)
    expect((await kit.post(secret, ASK)).status).toBe(200)
    expect(counts().map(({ used }) => used)).toEqual([2 * OF_KEY + COST, OF_KEY])
  })

  test("of a person through one app counts what went through that app", async () => {
    await start()
    const { secret } = await limitedKey()
    const other = await (await kit.app()).token(1)
    for (const bearer of [secret, token, other]) expect((await kit.post(bearer, ASK)).status).toBe(200)
    const subject = `${app.client.id}:1`
    await kit.limits.set(testCtx, { level: "app_user", subject, kind: "spend_month", amount: total })
    for (const bearer of [secret, token, other]) expect((await kit.post(bearer, ASK)).status).toBe(200)
    expect(counts()).toEqual([{ subject: `app:${subject}`, used: 2 * COST, held: 0 }])
  })

  test("taken away and set again counts what was spent in between, once", async () => {
    await start()
    const { secret, set, own } = await limitedKey()
    const ask = async () => expect((await kit.post(secret, ASK)).status).toBe(200)
    await set({ spend_month: total })
    await ask()
    await set({ spend_month: null })
    await ask()
    kit.clock.advance(1_000)
    await set({ spend_month: total })
    await ask()
    await ask()
    expect(own()).toMatchObject({ used: 4 * OF_KEY, held: 0 })
  })

  test("what was under way when it was set counts, too, once it is charged", async () => {
    await start()
    const { secret, set, own } = await limitedKey()
    const gate = Promise.withResolvers<void>()
    kit.upstream.answer = async (body) => {
      await gate.promise
      return chatAnswer(body)
    }
    const first = kit.post(secret, ASK)
    await until(() => kit.upstream.journal.length === 1)
    kit.clock.advance(1_000)
    await set({ spend_day: total })
    const second = kit.post(secret, ASK)
    await until(() => kit.upstream.journal.length === 2)
    gate.resolve()
    for (const one of [first, second]) expect((await one).status).toBe(200)
    kit.clock.advance(60_000)
    expect((await kit.post(secret, ASK)).status).toBe(200)
    expect(counts()).toEqual([expect.objectContaining({ used: 3 * OF_KEY, held: 0 })])
    expect(own()).toMatchObject({ used: 3 * OF_KEY, held: 0 })
  })

  test("a flood of refused calls leaves the counter as the books have it", async () => {
    await start()
    const { secret, set, own } = await limitedKey()
    expect((await kit.post(secret, ASK)).status).toBe(200)
    await set({ spend_day: OF_KEY })
    const statuses = await Promise.all(Array.from({ length: 50 }, async () => (await kit.post(secret, ASK)).status))
    expect(new Set(statuses)).toEqual(new Set([429]))
    expect(own()).toMatchObject({ used: OF_KEY, held: 0 })
    expect(counts()).toEqual([expect.objectContaining({ used: OF_KEY, held: 0 })])
  })
})

describe("an upstream that reports more than was held", () => {
  /** Far above every maximum, and still believed: not twenty times what the model can say. */
  const TOKENS = 19_000
  const huge = { prompt_tokens: 100, completion_tokens: TOKENS, total_tokens: TOKENS + 100 }
  const answers = (stream: boolean) => {
    kit.upstream.answer = async (body) => {
      if (stream) return sse(streamText(false).replace("data: [DONE]", `${usageChunk(huge)}data: [DONE]`))
      const answer = (await chatAnswer({ ...body, stream: false }).json()) as object
      return Response.json({ ...answer, usage: huge })
    }
  }
  for (const stream of [false, true]) {
    const how = stream ? "streamed" : "whole"
    test(`${how}: a key's limit on spend is not passed; the rest is uncollected, and told`, async () => {
      await start()
      const { secret, set, own } = await limitedKey()
      await set({ spend_day: 20_000_000 })
      answers(stream)
      await (await kit.post(secret, { ...ASK, max_tokens: 100, stream })).text()
      const { chargeNano, collectedNano } = last()
      expect(chargeNano).toBe(((100 + 2 * TOKENS) * 1_000 * 11) / 10)
      expect(collectedNano).toBe(nano(20_000_000))
      expect(own()).toMatchObject({ used: 20_000_000, held: 0 })
      expect(kit.gateway.alarms()).toMatchObject([{ what: "over-maximum" }])
      expect(await codeOf(await kit.post(secret, ASK))).toBe("spend_limit_exceeded")
      books()
    })

    test(`${how}: nor is an app's limit of a day`, async () => {
      await start()
      const limited = await (await kit.app()).token(1, { dailyCredits: 20_000_000 / 1_000_000 })
      answers(stream)
      await (await kit.post(limited, { ...ASK, max_tokens: 100, stream })).text()
      expect(last()).toMatchObject({ chargeNano: (100 + 2 * TOKENS) * 2_000, collectedNano: 20_000_000 })
      expect(spent()).toBe(20_000_000)
      books()
    })
  }

  test("without a limit what is there is collected", async () => {
    await start()
    answers(false)
    await kit.post(token, { ...ASK, max_tokens: 100 })
    const { chargeNano, collectedNano } = last()
    expect(collectedNano).toBe(chargeNano)
  })
})

test("an app's limit of a day at midnight UTC: calls under way count for their day, and the next has all of its own", async () => {
  await start()
  // Above what an answer will cost.
  const ask = { ...ASK, max_tokens: 100 }
  const DAY = 86_400_000
  kit.clock.advance(DAY - (kit.clock.now() % DAY) - 1)
  const evening = await (await kit.app()).token(1, { dailyCredits: 2 })
  const gate = Promise.withResolvers<void>()
  kit.upstream.answer = async (body) => {
    await gate.promise
    return chatAnswer(body)
  }
  /** As many at once as fit, and the others refused. */
  const flood = async () => {
    const before = kit.upstream.journal.length
    const all = Array.from({ length: 60 }, () => kit.post(evening, ask))
    const refused: Response[] = []
    for (const one of all) void one.then((answer) => answer.status === 429 && refused.push(answer))
    await until(() => kit.upstream.journal.length - before + refused.length === 60)
    expect(await codeOf(refused[0]!)).toBe("app_daily_limit_exceeded")
    return { all, passed: kit.upstream.journal.length - before }
  }
  const before = await flood()
  expect(before.passed).toBeGreaterThan(2)
  kit.clock.advance(1)
  const after = await flood()
  expect(after.passed).toBe(before.passed)
  gate.resolve()
  await Promise.all([...before.all, ...after.all])
  await until(() => kit.gateway.callsInFlight === 0)
  const days = kit.store.read.all<{ day: number; n: number }>(
    "SELECT held_day AS day, SUM(collected_nano) AS n FROM charges GROUP BY held_day ORDER BY held_day",
  )
  expect(days.map(({ n }) => n)).toEqual([before.passed * COST, after.passed * COST])
  expect(days[1]!.day - days[0]!.day).toBe(1)
  for (const { n } of days) expect(n).toBeLessThanOrEqual(2_000_000)
  books()
}, 60_000)

// Calls through a person's own key: the golden table plan × free and paid model, exact to the n$ (SPEC §2).
import { afterAll, beforeAll, describe, expect, test } from "bun:test"
import { nano } from "../app/index.ts"
import { openTestStore, type Store } from "../store/index.ts"
import { chargeForApp, chargeForHold } from "./charge.ts"
import { rawCost } from "./cost.ts"
import { keyRule } from "./key-rule.ts"
import { DEFAULT_RULES } from "./rules.ts"
import { readSnapshot, snapshot } from "./snapshot.ts"
import { noUsage, random } from "./testing.ts"
import type { KeyTerms, ModelPrice, PriceRule } from "./types.ts"

const KEY = DEFAULT_RULES.key
/** $3 and $15 a million tokens. */
const PAID: ModelPrice = priced(3_000_000n, 15_000_000n)
const FREE: ModelPrice = priced(0n, 0n)

function priced(input: bigint, output: bigint): ModelPrice {
  const rate = (base: bigint) => ({ base, tiers: [] })
  return {
    provider: "test",
    model: "m",
    source: "override",
    scale: 1n,
    rates: { input: rate(input), output: rate(output) },
    perRequest: 0n,
    free: input === 0n && output === 0n,
  }
}

/** The plans as they are seeded, read where a call reads them. */
let plans: Map<string, KeyTerms>
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openTestStore()
  close = opened.close
  plans = termsIn(opened.store)
})
afterAll(() => close())

const termsIn = (store: Store): Map<string, KeyTerms> =>
  new Map(
    store.read
      .all<{ code: string; paid: number; free: number; only: number; per1k: number }>(
        `SELECT code, markup_paid_bp AS paid, markup_free_bp AS free, free_models_only AS only, free_per_1k_nano AS per1k FROM plans`,
      )
      .map(({ code, paid, free, only, per1k }) => [
        code,
        { markupPaidBp: paid, markupFreeBp: free, freeModelsOnly: only === 1, freePer1kNano: nano(per1k) },
      ]),
  )

/** [total, upstream, developer, platform] n$; null = refused. */
function charged(rule: PriceRule, terms: KeyTerms, price: ModelPrice, inputTokens: number, outputTokens: number) {
  const by = keyRule(rule, terms, { isFree: price.free })
  if (!by) return null
  const charge = chargeForApp(rawCost(price, { ...noUsage, inputTokens, outputTokens }), by, inputTokens + outputTokens)
  return [charge.totalNano, charge.upstreamNano, charge.developerNano, charge.platformNano]
}

describe("1,234 tokens in and 567 out: plan → paid at $3 and $15, free", () => {
  // Raw: 1,234 × 3,000 + 567 × 15,000 n$ = 12,207,000 n$. Free on Free: 1,801 tokens at 1,000,000 n$ a thousand.
  const table: [string, number[] | null, number[]][] = [
    ["free", null, [1_801_000, 0, 0, 1_801_000]],
    ["basic", [13_427_700, 12_207_000, 0, 1_220_700], [0, 0, 0, 0]],
    ["starter", [13_427_700, 12_207_000, 0, 1_220_700], [0, 0, 0, 0]],
    ["pro", [12_817_350, 12_207_000, 0, 610_350], [0, 0, 0, 0]],
    ["professional", [12_817_350, 12_207_000, 0, 610_350], [0, 0, 0, 0]],
    ["enterprise", [12_207_000, 12_207_000, 0, 0], [0, 0, 0, 0]],
  ]
  for (const [plan, paid, free] of table) {
    test(plan, () => {
      expect(charged(KEY, plans.get(plan)!, PAID, 1_234, 567)).toEqual(paid)
      expect(charged(KEY, plans.get(plan)!, FREE, 1_234, 567)).toEqual(free)
    })
  }

  test("no other plan is seeded", () => {
    expect([...plans.keys()].sort()).toEqual(table.map(([plan]) => plan).sort())
  })
})

test("one token in: 3 n$ raw and 10 % are 3.3, rounded up once; a token of a free model on Free is 1,000 n$", () => {
  const cheap = priced(3_000n, 3_000n)
  expect(charged(KEY, plans.get("basic")!, cheap, 1, 0)).toEqual([4, 3, 0, 1])
  expect(charged(KEY, plans.get("free")!, FREE, 1, 0)).toEqual([1_000, 0, 0, 1_000])
})

test("minimum and request fee of the price rule apply, and are the platform's; its shares do not", () => {
  const rule: PriceRule = {
    ...KEY,
    platformBp: 9_000,
    developerBp: 900,
    minimumNano: nano(500),
    requestFeeNano: nano(70),
  }
  expect(charged(rule, plans.get("basic")!, PAID, 1_000, 0)).toEqual([3_300_070, 3_000_000, 0, 300_070])
  expect(charged(rule, plans.get("basic")!, FREE, 1_000, 0)).toEqual([500, 0, 0, 500])
  expect(charged(rule, plans.get("free")!, FREE, 1, 0)).toEqual([1_070, 0, 0, 1_070])
})

test("on the person's own account nothing is charged, whatever plan and rule say, and no model is out of reach", () => {
  const rule: PriceRule = { ...KEY, minimumNano: nano(500), requestFeeNano: nano(70) }
  for (const terms of plans.values()) {
    for (const price of [PAID, FREE]) {
      const by = keyRule(rule, terms, { isFree: price.free, ownUpstream: true })!
      const charge = chargeForApp(rawCost(price, { ...noUsage, inputTokens: 9_999, outputTokens: 99 }), by, 10_098)
      expect(charge).toMatchObject({ totalNano: 0, upstreamNano: 0, developerNano: 0, platformNano: 0 } as object)
    }
  }
})

test("parts add up to the charge, no hold is below it, and the snapshot charges the same again", () => {
  const next = random(7)
  for (let round = 0; round < 5_000; round++) {
    const price = next(3) === 0 ? FREE : priced(BigInt(1 + next(9_999)), BigInt(1 + next(99_999)))
    const rule: PriceRule = {
      ...KEY,
      minimumNano: nano(next(2) * next(1_000)),
      requestFeeNano: nano(next(2) * next(100)),
    }
    const terms: KeyTerms = {
      markupPaidBp: next(2_000),
      markupFreeBp: next(2_000),
      freeModelsOnly: false,
      freePer1kNano: nano(next(2) * next(1_000_001)),
    }
    const by = keyRule(rule, terms, { isFree: price.free })!
    const [inputTokens, outputTokens] = [next(100_000), next(10_000)]
    const raw = rawCost(price, { ...noUsage, inputTokens, outputTokens })
    const charge = chargeForApp(raw, by, inputTokens + outputTokens)
    expect(charge.developerNano as number).toBe(0)
    expect(charge.upstreamNano + charge.platformNano).toBe(charge.totalNano)
    expect(chargeForHold(price, inputTokens, outputTokens, by).totalNano).toBeGreaterThanOrEqual(charge.totalNano)
    const again = readSnapshot(snapshot(price, by))
    expect(chargeForApp(raw, again.rule, inputTokens + outputTokens)).toEqual(charge)
  }
})

test("the same rule and terms are one object, so that what is kept by rule is found again", () => {
  const terms = plans.get("basic")!
  expect(keyRule(KEY, terms, { isFree: false })).toBe(keyRule(KEY, { ...terms }, { isFree: false }))
  expect(keyRule(KEY, terms, { isFree: true })).not.toBe(keyRule(KEY, terms, { isFree: false }))
})

import { afterAll, beforeEach, describe, expect, test } from "bun:test"
import { AppError, DAY_MS, nano } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { openTestStore, type Store, testCtx } from "../store/index.ts"
import { createPricing, PRICE_PROVIDERS, type Pricing, type SetModelPriceInput, type SetRuleInput } from "./index.ts"

const opened: { close(): Promise<void> }[] = []
let store: Store
let now: () => number
let advance: (ms: number) => void
let pricing: Pricing
beforeEach(async () => {
  const fixture = await openTestStore()
  opened.push(fixture)
  store = fixture.store
  now = () => fixture.clock.now()
  advance = (ms) => fixture.clock.advance(ms)
  pricing = createPricing({ store, clock: fixture.clock })
})
afterAll(async () => {
  for (const fixture of opened) await fixture.close()
})

const inputMicro = (atMs: number, model = "gpt-4o-mini"): bigint | undefined =>
  pricing.modelPrice("openai", model, atMs)?.rates.input.base

const newRule: SetRuleInput = {
  pattern: "gpt-4*",
  traffic: "app",
  priority: 10,
  platformBp: 1_000,
  developerBp: 2_000,
  minimumNano: nano(5),
  requestFeeNano: nano(7),
  active: true,
}

/** The form errors of a refusal. */
const refusal = async (attempt: Promise<unknown>): Promise<{ code: string; fields: string[] }> => {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof AppError)) throw new Error("was not refused")
  return { code: error.code, fields: Object.keys(error.extra.formErrors ?? {}) }
}

describe("model prices", () => {
  test("unpriced: unknown names, unknown providers, empty entries, rates we cannot count, embeddings as chat", () => {
    for (const [provider, model] of [
      ["openai", "gpt-99"],
      ["nobody", "gpt-4o"],
      ["my-openai-proxy", "gpt-4o"],
      ["openai", ""],
      ["openai", "x".repeat(300)],
      ["openai", "moderation"],
      ["openai", "gpt-image-1"],
      ["openai", "text-embedding-3-small"],
      ["google", "gemini-3-pro-image-preview"],
      ["sandbox", "gpt-4o"],
      ["github-copilot", "gpt-4o"],
    ] as const) {
      expect([provider, model, pricing.modelPrice(provider, model, now())]).toEqual([provider, model, null])
    }
    expect(pricing.modelPrice("openai", "text-embedding-3-small", now(), "embedding")).not.toBeNull()
  })

  test("names are matched whatever their case, and aliases resolve to the table's model", () => {
    expect(pricing.modelPrice("OpenAI", " GPT-4o-mini-2024-07-18 ", now())?.model).toBe("gpt-4o-mini")
    expect(pricing.modelPrice("azure", "gpt-4o-mini", now())?.rates.input.base).toBe(150_000n)
  })

  test("the same moment yields the same object, so that its snapshot is made once", () => {
    const price = pricing.modelPrice("openai", "gpt-4o-mini", now())
    expect(pricing.modelPrice("openai", "gpt-4o-mini", now())).toBe(price)
  })

  test("free is an explicit zero, not a missing price", async () => {
    expect(pricing.modelPrice("openrouter", "deepseek/deepseek-r1:free", now())?.free).toBe(true)
    expect(pricing.modelPrice("openai", "gpt-4o-mini", now())?.free).toBe(false)
    await pricing.setModelPrice(testCtx, { provider: "openai", model: "gpt-99", rates: { input: 0, output: 0 } })
    expect(pricing.modelPrice("openai", "gpt-99", now())?.free).toBe(true)
    await pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "gpt-98",
      rates: { input: 0, output: 0 },
      requestMicro: 1,
    })
    const perRequest = pricing.modelPrice("openai", "gpt-98", now())!
    expect([perRequest.free, perRequest.perRequest]).toEqual([false, 1_000_000n])
  })

  test("dated prices change at midnight UTC, timed ones within the day", () => {
    const tiersAt = (atMs: number) =>
      pricing.modelPrice("anthropic", "claude-sonnet-4-6", atMs)!.rates.input.tiers.length
    expect([tiersAt(Date.UTC(2026, 2, 13) - 1), tiersAt(Date.UTC(2026, 2, 13))]).toEqual([1, 0])
    const deepseekAt = (hour: number, minute: number) =>
      pricing.modelPrice("deepseek", "deepseek-chat", Date.UTC(2025, 5, 1, hour, minute))!.rates.input.base
    expect([deepseekAt(0, 29), deepseekAt(0, 30), deepseekAt(16, 29), deepseekAt(16, 30)]).toEqual([
      135_000n,
      270_000n,
      270_000n,
      135_000n,
    ])
  })

  test("limits and catalogue", async () => {
    expect(pricing.limits("openai", "gpt-4o-mini", now())).toEqual({ contextWindow: 128_000, maxOutputTokens: null })
    expect(pricing.limits("sandbox", "sandbox", now())).toEqual({ contextWindow: 128_000, maxOutputTokens: 4_096 })
    await pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "gpt-99",
      rates: { input: 1, output: 1 },
      limits: { contextWindow: 9, maxOutputTokens: 8 },
    })
    expect(pricing.limits("openai", "gpt-99", now())).toEqual({ contextWindow: 9, maxOutputTokens: 8 })
    const ids = pricing.models("openai", now()).map((model) => model.id)
    expect(ids).toContain("gpt-4o-mini")
    expect(ids).toContain("gpt-99")
    expect(ids).not.toContain("text-embedding-3-small")
    expect(pricing.models("sandbox", now()).map((model) => model.id)).toEqual(["sandbox"])
  })
})

describe("overrides", () => {
  test("apply by date, newest first; retiring returns to the table; past prices stay", async () => {
    const start = now()
    await pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "GPT-4o-mini",
      rates: { input: 200_000, output: 1 },
    })
    advance(DAY_MS)
    await pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "gpt-4o-mini",
      rates: { input: 300_000, output: 1 },
    })
    await pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "gpt-4o-mini",
      rates: null,
      effectiveFromMs: start + 3 * DAY_MS,
    })
    const days = [-1, 0, DAY_MS - 1, DAY_MS, 3 * DAY_MS - 1, 3 * DAY_MS].map((ms) => inputMicro(start + ms))
    expect(days).toEqual([150_000n, 200_000n, 200_000n, 300_000n, 300_000n, 150_000n])
    const history = pricing.priceHistory("openai", "gpt-4o-mini")
    expect(history.map((row) => row.price?.rates.input.base ?? null)).toEqual([null, 300_000n, 200_000n])
    expect(history[0]).toMatchObject({ actor: testCtx.actor, reason: testCtx.reason })
    const reopened = createPricing({ store })
    expect(reopened.priceHistory("openai", "gpt-4o-mini")).toEqual(history)
    expect(auditOf(store.read, "model_price:openai/gpt-4o-mini").map((row) => row.action)).toEqual([
      "model_price.retired",
      "model_price.set",
      "model_price.set",
    ])
  })

  test("tiers on the whole prompt, written and read back", async () => {
    await pricing.setModelPrice(testCtx, {
      provider: "openai",
      model: "gpt-99",
      rates: { input: { base: 3, tiers: [{ above: 200_000, rate: 6 }] }, output: 10, cacheRead: 1 },
    })
    const price = createPricing({ store }).modelPrice("openai", "gpt-99", now())!
    expect(price.source).toBe("override")
    expect(price.rates).toEqual({
      input: { base: 3n, tiers: [{ above: 200_000, rate: 6n }] },
      output: { base: 10n, tiers: [] },
      cacheRead: { base: 1n, tiers: [] },
    })
  })

  test("the past, fractions, negatives and missing input are refused by field, and change nothing", async () => {
    const good = { provider: "openai", model: "gpt-4o-mini", rates: { input: 1, output: 1 } }
    const tries: [object, string][] = [
      [{ effectiveFromMs: now() - 1 }, "effectiveFromMs"],
      [{ rates: { input: 0.5, output: 1 } }, "input"],
      [{ rates: { input: 1, output: -1 } }, "output"],
      [{ rates: { output: 1 } }, "input"],
      [{ rates: { input: 1, banana: 1 } }, "banana"],
      [
        {
          rates: {
            input: {
              base: 1,
              tiers: [
                { above: 5, rate: 1 },
                { above: 5, rate: 2 },
              ],
            },
          },
        },
        "input",
      ],
      [{ requestMicro: Number.NaN }, "requestMicro"],
      [{ model: "" }, "model"],
      [{ provider: "a b" }, "provider"],
      [{ limits: { contextWindow: 0, maxOutputTokens: null } }, "contextWindow"],
    ]
    for (const [change, field] of tries) {
      const input = { ...good, ...change } as Parameters<Pricing["setModelPrice"]>[1]
      expect(await refusal(pricing.setModelPrice(testCtx, input))).toEqual({
        code: "validation_failed",
        fields: [field],
      })
    }
    expect(pricing.priceHistory("openai", "gpt-4o-mini")).toEqual([])
    expect(store.read.all("SELECT id FROM model_prices")).toEqual([])
  })

  test("a mutation that throws afterwards leaves the price in memory as it was", async () => {
    const attempt = store.write(testCtx, (tx) => {
      pricing.setModelPriceIn(tx, { provider: "openai", model: "gpt-4o-mini", rates: { input: 1, output: 1 } })
      throw new Error("later trouble")
    })
    expect(
      await attempt.then(
        () => "done",
        (error: Error) => error.message,
      ),
    ).toBe("later trouble")
    expect(inputMicro(now())).toBe(150_000n)
  })
})

describe("what an operator may set beside rates", () => {
  const rich = {
    provider: "openai",
    model: "gpt-99",
    rates: { input: { base: 3, tiers: [{ above: 200_000, rate: 6 }] }, output: 10 },
    requestMicro: 2,
    units: { webSearch: 10_000, image: 0 },
    services: { flex: 5_000, priority: 20_000 },
    limits: { contextWindow: 9, maxOutputTokens: 8 },
  }
  test("searches, pictures and service tiers are written and read back", async () => {
    await pricing.setModelPrice(testCtx, rich)
    expect(createPricing({ store }).modelPrice("openai", "gpt-99", now())).toMatchObject({
      units: { webSearch: 10_000_000_000n, image: 0n },
      services: { flex: 5_000, priority: 20_000 },
    })
    await pricing.setModelPrice(testCtx, { ...rich, rates: { input: 0 }, requestMicro: 0, units: { image: 1 } })
    expect(pricing.modelPrice("openai", "gpt-99", now(), "embedding")?.free).toBe(false)
    await pricing.setModelPrice(testCtx, { ...rich, rates: null })
    expect(pricing.modelPrice("openai", "gpt-99", now())).toBeNull()
  })

  test("an earlier price comes back as a new row, whole, and what was in between stays in the history", async () => {
    const first = await pricing.setModelPrice(testCtx, rich)
    advance(1_000)
    await pricing.setModelPrice(testCtx, { ...rich, rates: { input: 1 }, units: {}, services: {} })
    advance(1_000)
    const again = await pricing.repeatModelPrice({ ...testCtx, reason: "undone" }, first.id)
    expect(again).toEqual({ ...first, id: again.id, effectiveFromMs: now(), createdMs: now(), reason: "undone" })
    expect(pricing.modelPrice("openai", "gpt-99", now())).toEqual(first.price)
    expect(pricing.priceHistory("openai", "gpt-99").map((row) => row.id)).toEqual([again.id, again.id - 1, first.id])
    expect(await refusal(pricing.repeatModelPrice(testCtx, 999))).toMatchObject({ code: "not_found" })
  })

  test("wrong figures are refused by field", async () => {
    for (const [more, field] of [
      [{ units: { webSearch: -1 } }, "webSearch"],
      [{ units: { image: 0.5 } }, "image"],
      [{ units: { banana: 1 } }, "banana"],
      [{ services: { flex: 1_000_001 } }, "flex"],
      [{ services: { turbo: 1 } }, "turbo"],
      [{ effectiveFromMs: now() + 6 * 366 * DAY_MS }, "effectiveFromMs"],
    ] as const) {
      const tried = pricing.setModelPrice(testCtx, { ...rich, ...more } as SetModelPriceInput)
      expect(await refusal(tried)).toEqual({ code: "validation_failed", fields: [field] })
    }
  })
})

test("a model may be left without a price: it stays refused, and is asked about again on demand", async () => {
  await pricing.leaveOut(testCtx, "OpenAI", "GPT-99", true)
  await pricing.leaveOut(testCtx, "openai", "gpt-99", true)
  expect([pricing.isLeftOut("openai", "gpt-99"), createPricing({ store }).isLeftOut("openai", "Gpt-99")]).toEqual([
    true,
    true,
  ])
  expect(pricing.modelPrice("openai", "gpt-99", now())).toBeNull()
  await pricing.leaveOut(testCtx, "openai", "gpt-99", false)
  expect(pricing.isLeftOut("openai", "gpt-99")).toBe(false)
  expect(await refusal(pricing.leaveOut(testCtx, "", "x", true))).toMatchObject({ code: "validation_failed" })
})

describe("price rules", () => {
  test("the seeded default is 50 % and 50 % for apps; a user's own key pays raw", () => {
    expect(pricing.ruleFor("anything", "app")).toMatchObject({ id: 1, platformBp: 5_000, developerBp: 5_000 })
    expect(pricing.ruleFor("anything", "key")).toMatchObject({ id: 0, platformBp: 0, developerBp: 0 })
  })

  test("add, change, switch off: each in force when the answer comes, and after a restart", async () => {
    const added = await pricing.setRule(testCtx, newRule)
    expect(pricing.ruleFor("gpt-4o", "app")).toEqual(added)
    await pricing.setRule(testCtx, { ...added, platformBp: 0 })
    expect(pricing.ruleFor("gpt-4o", "app").platformBp).toBe(0)
    expect(createPricing({ store }).ruleFor("gpt-4o", "app").platformBp).toBe(0)
    await pricing.setRule(testCtx, { ...added, active: false })
    expect(pricing.ruleFor("gpt-4o", "app").id).toBe(1)
    expect(pricing.rules().map((rule) => rule.id)).toEqual([added.id, 1])
    expect(auditOf(store.read, `price_rule:${added.id}`)).toHaveLength(3)
  })

  test("bad figures, twins and unknown rules are refused; memory keeps what is committed", async () => {
    const bad = await refusal(
      pricing.setRule(testCtx, { ...newRule, pattern: "a b", platformBp: 0.5, developerBp: -1, priority: 9_999 }),
    )
    expect(bad).toEqual({ code: "validation_failed", fields: ["pattern", "priority", "platformBp", "developerBp"] })
    expect((await refusal(pricing.setRule(testCtx, { ...newRule, id: 99 }))).code).toBe("not_found")
    await pricing.setRule(testCtx, newRule)
    expect((await refusal(pricing.setRule(testCtx, { ...newRule, pattern: "GPT-4*" }))).code).toBe("conflict")
    expect(pricing.rules()).toHaveLength(2)
  })

  test("changes of one commit see each other", async () => {
    await Promise.all([
      pricing.setRule(testCtx, { ...newRule, pattern: "a*" }),
      pricing.setRule(testCtx, { ...newRule, pattern: "b*" }),
    ])
    expect(pricing.rules()).toHaveLength(3)
  })

  test("the schema holds the same bounds by itself", async () => {
    for (const sql of [
      "INSERT INTO price_rules (pattern, traffic, platform_bp, developer_bp, changed_ms) VALUES ('x', 'app', 0.5, 0, 0)",
      "INSERT INTO price_rules (pattern, traffic, platform_bp, developer_bp, changed_ms) VALUES ('x', 'app', -1, 0, 0)",
      "INSERT INTO price_rules (pattern, traffic, platform_bp, developer_bp, changed_ms) VALUES ('*', 'app', 0, 0, 0)",
      "INSERT INTO model_price_rates (price_id, kind, micro_per_mtok) VALUES (99, 'input', 1)",
    ]) {
      const attempt = store.write(testCtx, (tx) => tx.run(sql).changes)
      expect(
        await attempt.then(
          () => "written",
          () => "refused",
        ),
      ).toBe("refused")
    }
  })
})

test("every price list that admins can choose exists", () => {
  expect(PRICE_PROVIDERS.length).toBe(17)
})

import { describe, expect, test } from "bun:test"
import { nano } from "../app/index.ts"
import { chargeForApp } from "./charge.ts"
import { rawCost } from "./cost.ts"
import { PriceBook } from "./prices.ts"
import { DEFAULT_RULES } from "./rules.ts"
import { readSnapshot, snapshot } from "./snapshot.ts"
import { PRICE_TABLE_VERSION } from "./table.ts"
import { random, randomUsage } from "./testing.ts"
import type { ModelPrice, PriceRule } from "./types.ts"

const AT = Date.UTC(2026, 10, 21)
const book = new PriceBook([])
const rule: PriceRule = {
  ...DEFAULT_RULES.app,
  id: 4,
  pattern: "g*",
  priority: 3,
  minimumNano: nano(5),
  requestFeeNano: nano(7),
}

describe("snapshots explain a charge by themselves", () => {
  test("price and rule come back whole, and so does every charge", () => {
    const next = random(3)
    for (const [provider, model] of [
      ["openai", "gpt-4o-realtime-preview"],
      ["anthropic", "claude-sonnet-4-5"],
      ["openrouter", "google/gemini-2.5-flash-lite"],
      ["openrouter", "deepseek/deepseek-r1:free"],
      ["perplexity", "sonar"],
      ["sandbox", "sandbox"],
    ] as const) {
      const price = book.price(provider, model, AT, "chat")!
      const json = snapshot(price, rule)
      const back = readSnapshot(json)
      expect(back).toEqual({ price, rule, table: PRICE_TABLE_VERSION })
      expect(snapshot(back.price, back.rule)).toBe(json)
      const usage = randomUsage(next)
      expect(chargeForApp(rawCost(back.price, usage), back.rule)).toEqual(chargeForApp(rawCost(price, usage), rule))
    }
  })

  test("units, service tiers and the version of a catalogue come back too", () => {
    const price: ModelPrice = {
      ...book.price("sandbox", "sandbox", AT, "chat")!,
      source: "catalogue",
      version: "openrouter 2026-11-21T00:00:00.000Z",
      units: { webSearch: 7n, image: 0n },
      services: { flex: 5_000, priority: 20_000 },
    }
    expect(readSnapshot(snapshot(price, rule))).toEqual({ price, rule, table: price.version! })
  })

  test("compact and free of floats", () => {
    const price = book.price("openai", "gpt-4o-mini", AT, "chat")!
    expect(snapshot(price, DEFAULT_RULES.app)).toBe(
      '{"v":1,"table":"genai-prices-0.1.8","source":"table","provider":"openai","model":"gpt-4o-mini",' +
        '"rates":{"input":"150000","output":"600000","cacheRead":"75000"},"units":{"webSearch":"10000000000"},' +
        '"rule":{"id":0,"pattern":"*","traffic":"app","priority":-1001,"bp":[5000,5000],"nano":[0,0]}}',
    )
  })
})

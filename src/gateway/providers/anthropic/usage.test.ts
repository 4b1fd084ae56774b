// The golden table: what Anthropic reports → what it costs, to the picodollar and the nano-dollar.
import { expect, test } from "bun:test"
import { type ModelPrice, rawCost } from "../../../pricing/index.ts"
import { estimatedUsage } from "../../estimates.ts"
import { laterUsage, readUsage } from "./usage.ts"

const rate = (base: bigint, above?: bigint) => ({
  base,
  tiers: above === undefined ? [] : [{ above: 200_000, rate: above }],
})
/** $3 and $15 a million tokens, $6 and $22.50 above 200,000; cache reads at a tenth, writes at 1.25 and 2. p$ a token. */
const SONNET: ModelPrice = {
  provider: "anthropic",
  model: "claude-sonnet-4-5",
  source: "table",
  scale: 1n,
  perRequest: 0n,
  free: false,
  units: { webSearch: 10_000_000_000n },
  rates: {
    input: rate(3_000_000n, 6_000_000n),
    output: rate(15_000_000n, 22_500_000n),
    cacheRead: rate(300_000n, 600_000n),
    cacheWrite: rate(3_750_000n, 7_500_000n),
    cacheWrite1h: rate(6_000_000n, 12_000_000n),
  },
}

const GOLDEN: readonly [name: string, usage: object, picos: bigint][] = [
  ["plain", { input_tokens: 100, output_tokens: 20 }, 600_000_000n],
  [
    "nothing cached, said in full",
    { input_tokens: 100, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 20 },
    600_000_000n,
  ],
  [
    "nulls",
    { input_tokens: 100, cache_creation_input_tokens: null, cache_creation: null, output_tokens: 20 },
    600_000_000n,
  ],
  ["cache read", { input_tokens: 4, cache_read_input_tokens: 1_800, output_tokens: 10 }, 702_000_000n],
  [
    "cache write, lifetimes not told",
    { input_tokens: 4, cache_creation_input_tokens: 1_000, output_tokens: 1 },
    3_777_000_000n,
  ],
  [
    "cache writes of both lifetimes",
    {
      input_tokens: 4,
      cache_creation_input_tokens: 1_000,
      cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 600 },
      output_tokens: 1,
    },
    5_127_000_000n,
  ],
  [
    "only the parts of a write",
    {
      input_tokens: 4,
      cache_creation: { ephemeral_5m_input_tokens: 400, ephemeral_1h_input_tokens: 600 },
      output_tokens: 1,
    },
    5_127_000_000n,
  ],
  [
    "read and written",
    {
      input_tokens: 10,
      cache_read_input_tokens: 5_000,
      cache_creation_input_tokens: 300,
      cache_creation: { ephemeral_5m_input_tokens: 300, ephemeral_1h_input_tokens: 0 },
      output_tokens: 100,
    },
    4_155_000_000n,
  ],
  [
    "thinking is inside the output",
    { input_tokens: 10, output_tokens: 500, output_tokens_details: { thinking_tokens: 400 } },
    7_530_000_000n,
  ],
  ["at the edge of the dearer tier", { input_tokens: 200_000, output_tokens: 1 }, 600_015_000_000n],
  [
    "above it, by all of the prompt, what was cached included",
    { input_tokens: 1, cache_read_input_tokens: 200_000, output_tokens: 1 },
    120_028_500_000n,
  ],
  [
    "tiers, places and tools of the standard kind",
    {
      input_tokens: 100,
      output_tokens: 20,
      service_tier: "standard",
      inference_geo: "global",
      speed: "standard",
      server_tool_use: { web_search_requests: 0 },
    },
    600_000_000n,
  ],
  [
    "searches on the web, each a cent",
    { input_tokens: 100, output_tokens: 20, server_tool_use: { web_search_requests: 3, web_fetch_requests: 0 } },
    30_600_000_000n,
  ],
]

for (const [name, usage, picos] of GOLDEN) {
  test(`golden: ${name}`, () => {
    const report = readUsage(usage)!
    expect(report.faults).toEqual([])
    const { webSearches = 0 } = report
    const cost = rawCost(SONNET, { ...estimatedUsage(0, 0), ...report.input!, ...report.output!, webSearches })
    expect([cost, (cost + 999n) / 1_000n]).toEqual([picos, picos / 1_000n])
  })
}

test("a later report replaces what it says, and nothing else", () => {
  const started = {
    input_tokens: 10,
    cache_creation_input_tokens: 5,
    cache_creation: { ephemeral_1h_input_tokens: 5 },
    output_tokens: 1,
  }
  const later = laterUsage(started, { input_tokens: null, cache_creation_input_tokens: 5, output_tokens: 40 })
  expect(readUsage(later)).toMatchObject({
    input: { inputTokens: 15, cacheWriteTokens: 5, cacheWrite1hTokens: 5 },
    output: { outputTokens: 40 },
  })
  // Nothing said before is taken back.
  expect(readUsage(laterUsage(started, { input_tokens: 0, output_tokens: 40 }))!.input!.inputTokens).toBe(15)
})

test("what is no count is missing, and told to the operator", () => {
  for (const wrong of [-1, 1.5, "7", 1e12]) {
    const report = readUsage({ input_tokens: wrong, output_tokens: 3 })!
    expect([report.input, report.output?.outputTokens, report.faults.length]).toEqual([null, 3, 1])
  }
  expect(readUsage({ input_tokens: 3 })!.output).toBeNull()
  expect(readUsage(null)).toBeNull()
  expect(readUsage({ input_tokens: 1, output_tokens: 2, output_tokens_details: { thinking_tokens: 9 } })).toMatchObject(
    {
      output: { outputTokens: 2, reasoningTokens: 0 },
      faults: ["thinking_tokens exceed output_tokens"],
    },
  )
})

test("what has another price, and was never asked for, is told to the operator", () => {
  const odd = {
    input_tokens: 1,
    output_tokens: 1,
    speed: "fast",
    inference_geo: "us",
    server_tool_use: { web_search_requests: 2 },
  }
  expect(readUsage(odd)!.faults).toEqual(["speed: fast", "inference_geo: us"])
  // Searches have a price in lists, and those that have none the settle tells of.
  expect(readUsage(odd)!.webSearches).toBe(2)
})

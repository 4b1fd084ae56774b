import { describe, expect, test } from "bun:test"
import {
  CAPABILITIES,
  type Capability,
  capabilityIn,
  NO_PREFERENCE,
  type Option,
  type Preference,
  ranked,
} from "./capabilities.ts"

const option = (id: string, dollars: number, more: Partial<Option> = {}): Option => {
  const [provider, ...rest] = id.split("/")
  const costPico = BigInt(Math.round(dollars * 1e6)) * 1_000_000n
  return {
    id,
    provider: provider!,
    model: rest.join("/"),
    costPico,
    isFree: costPico === 0n,
    contextWindow: 128_000,
    use: "chat",
    isLocal: false,
    ...more,
  }
}
const HOUSE = [
  option("openai/gpt-5-mini", 0.7),
  option("openai/gpt-5", 3.4),
  option("openai/gpt-4.1-nano", 0.2, { contextWindow: 1_000_000 }),
  option("anthropic/claude-opus-4-5", 10),
  option("anthropic/claude-haiku-4-5", 2),
  option("google/gemini-2.5-pro", 3.4, { contextWindow: 1_000_000 }),
  option("openai/text-embedding-3-small", 0.02, { use: "embedding" }),
  option("openai/gpt-4o-mini-tts", 0.1),
  option("sandbox/sandbox", 1, { isLocal: true }),
]
const first = (capability: Capability, preference: Partial<Preference> = {}, options = HOUSE) =>
  ranked(capability, options, { ...NO_PREFERENCE, ...preference }).map(({ id }) => id)

describe("which model answers", () => {
  test("by cost, as the tier wants it", () => {
    expect(first("cheap", { costTier: "high" })[0]).toBe("openai/gpt-4.1-nano")
    expect(first("balanced", { costTier: "low" })[0]).toBe("openai/gpt-4.1-nano")
    expect(first("balanced", { costTier: "high" })[0]).toBe("anthropic/claude-opus-4-5")
    expect(first("balanced")[0]).toBe("anthropic/claude-haiku-4-5")
    expect(first("fast")).toEqual(["openai/gpt-5-mini", "openai/gpt-4.1-nano", "anthropic/claude-haiku-4-5"])
  })

  test("by the person's providers before all", () => {
    expect(first("thinking", { providers: ["google"] })[0]).toBe("google/gemini-2.5-pro")
    expect(first("fast", { providers: ["Anthropic", "nobody"] })[0]).toBe("anthropic/claude-haiku-4-5")
  })

  test("only models that can do it", () => {
    expect(first("long-context")).toEqual(["openai/gpt-4.1-nano", "google/gemini-2.5-pro"])
    expect(first("embedding")).toEqual(["openai/text-embedding-3-small"])
    expect(first("video")).toEqual([])
    const film = { ...HOUSE[0]!, id: "openai/sora-2", model: "sora-2", use: "video" as const, isLocal: false }
    expect(first("video", {}, [...HOUSE, film])).toEqual(["openai/sora-2"])
    for (const capability of CAPABILITIES) expect(first(capability)).not.toContain("openai/gpt-4o-mini-tts")
  })

  test("the sandbox, where nobody else answers", () => {
    const alone = HOUSE.filter(({ isLocal }) => isLocal)
    expect(first("vision", {}, alone)).toEqual(["sandbox/sandbox"])
    expect(first("balanced")).not.toContain("sandbox/sandbox")
  })

  test("large models alone are as fast as it gets", () => {
    expect(first("fast", {}, [option("openai/gpt-5", 3)])).toEqual(["openai/gpt-5"])
  })

  test("is the same for the same question, whatever the order of the list", () => {
    for (const capability of CAPABILITIES) {
      expect(first(capability, {}, HOUSE.toReversed())).toEqual(first(capability))
    }
  })
})

test("names of capabilities, and nothing else", () => {
  expect(capabilityIn("capability:long-context")).toBe("long-context")
  for (const name of ["capability:", "capability:toString", "fast", "Capability:fast"])
    expect(capabilityIn(name)).toBeNull()
})

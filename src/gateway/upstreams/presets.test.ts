import { expect, test } from "bun:test"
import { PRICE_PROVIDERS, providerForUrl } from "../../pricing/index.ts"
import { PROVIDERS } from "../providers/index.ts"
import { baseUrlProblem } from "./fields.ts"
import { presetsOf, quirksOf } from "./presets.ts"

test("every preset is an account that can be added, at prices that are known", () => {
  for (const { id, kind, name, baseUrl, priceProvider, help } of presetsOf(Object.keys(PROVIDERS))) {
    expect([id, baseUrlProblem(baseUrl)]).toEqual([id, null])
    expect(name).toMatch(/^[a-z0-9][a-z0-9._-]{0,39}$/)
    expect(help).toEndWith(help.includes("…") ? "…" : ".")
    if (priceProvider !== "") expect([id, PRICE_PROVIDERS.includes(priceProvider)]).toEqual([id, true])
    // What the address says must not contradict.
    const byAddress = providerForUrl(baseUrl)
    if (byAddress !== null) expect([id, byAddress]).toEqual([id, priceProvider])
    expect(Object.keys(PROVIDERS)).toContain(kind)
  }
})

test("presets of kinds that are not there are not offered, and quirks are of their own kind alone", () => {
  expect(presetsOf(["google"]).map(({ id }) => id)).toEqual(["google"])
  expect(quirksOf("vllm", "openai-compatible")).toMatchObject({ maxTokensField: "max_tokens" })
  expect(quirksOf("vllm", "sandbox")).toEqual({})
  expect(quirksOf("toString", "openai-compatible")).toEqual({})
  expect(quirksOf(undefined, "openai-compatible")).toEqual({})
})

import { expect, test } from "bun:test"
import { draftPrice } from "../../pricing/index.ts"
import type { Candidate } from "../types.ts"
import { NO_PREFERENCE } from "./capabilities.ts"
import { Resolver, type ResolverDeps } from "./resolver.ts"

/** Served by accounts, each `provider/model`, the cheapest first. */
function resolverOf(ids: readonly string[]): Resolver {
  const candidates = ids.map((id) => {
    const [name, model] = id.split("/") as [string, string]
    return { upstream: { name, priceProvider: name, isLocal: false }, model } as Candidate
  })
  const cost = (provider: string, model: string) => (ids.indexOf(`${provider}/${model}`) + 1) * 1_000
  const deps = {
    registry: { entries: () => ids.map((id, at) => [id, [candidates[at]]] as const) },
    pricing: {
      anyPrice: (provider: string, model: string) => ({
        use: "chat",
        price: draftPrice({ provider, model, rates: { input: cost(provider, model), output: cost(provider, model) } }),
      }),
      limits: () => ({ contextWindow: null }),
    },
  }
  return new Resolver(deps as unknown as ResolverDeps)
}

const asked = (ids: readonly string[]) =>
  resolverOf(ids)
    .preview("cheap", NO_PREFERENCE, "live", 0)
    .map(({ id }) => id)

test("a capability is three models at most", () => {
  expect(asked(["one/a", "one/b", "one/c", "one/d"])).toEqual(["one/a", "one/b", "one/c"])
})

test("accounts of one model take one place together", () => {
  const ids = ["one/a", "two/a", "three/a", "one/b", "one/c", "one/d", "four/b"]
  expect(asked(ids)).toEqual(["one/a", "two/a", "three/a", "one/b", "one/c", "four/b"])
})

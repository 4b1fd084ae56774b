// A model's name in a request → who may answer: a name that providers serve, a model of the house, or a capability, which each person's
// preferences turn into models. In memory, but for the preferences: they are rows, and only capabilities ask for them.
import type { UserId } from "../../app/index.ts"
import type { ModelPrice, Pricing } from "../../pricing/index.ts"
import type { OrmReader } from "../../store/index.ts"
import type { Candidate } from "../types.ts"
import type { Registry } from "../upstreams/registry.ts"
import { type Capability, capabilityIn, type Option, type Preference, ranked } from "./capabilities.ts"
import type { Shelf } from "./house.ts"
import { preferenceFor } from "./preferences.ts"

/** Who asks, as far as it counts here. */
export interface Asker {
  userId: UserId
  clientId: number | null
  mode: "live" | "test"
}

export interface ResolverDeps {
  registry: Pick<Registry, "candidates" | "entries">
  pricing: Pick<Pricing, "anyPrice" | "limits">
  shelf: Shelf
  reader: OrmReader
}

/** Whether somebody's plan reaches a model. */
export type Reach = (option: Pick<Option, "model" | "isFree">) => boolean
const EVERYTHING: Reach = () => true

/** Models of a capability that are asked one after the other. */
const MODELS_MAX = 3

export class Resolver {
  constructor(private readonly deps: ResolverDeps) {}

  /** In the order in which they are asked; empty when nobody serves it. @param reaches what a capability may come to for this caller */
  candidates(name: string, asker: Asker, atMs: number, reaches: Reach = EVERYTHING): readonly Candidate[] {
    const { registry, shelf } = this.deps
    const sold = shelf.sold(name)
    if (sold) return registry.candidates(sold.model).map((candidate) => ({ ...candidate, sale: sold }))
    const capability = capabilityIn(name)
    return capability ? this.capable(capability, asker, atMs, reaches) : registry.candidates(name)
  }

  /** Whether anybody answers to it, whoever asks. */
  isServed(name: string): boolean {
    const { registry, shelf } = this.deps
    return capabilityIn(name) !== null || shelf.sold(name) !== null || registry.candidates(name).length > 0
  }

  /** What a capability comes to, the first one asked first; for previews and lists. */
  preview(
    capability: Capability,
    preference: Preference,
    mode: Asker["mode"],
    atMs: number,
    reaches: Reach = EVERYTHING,
  ): readonly Option[] {
    const chosen = preference.choices[capability]
    const options = this.options(mode, atMs)
    const named = chosen === undefined ? [] : options.filter(({ id, model }) => id === chosen || model === chosen)
    const rest = ranked(capability, options, preference).filter((option) => !named.includes(option))
    // Several accounts of one model take one place, or they would leave none for another model.
    const able = [...named, ...rest].filter(reaches)
    const models = [...new Set(able.map(({ model }) => model))].slice(0, MODELS_MAX)
    return able.filter(({ model }) => models.includes(model))
  }

  /** What somebody prefers. */
  preferenceFor({ userId, clientId }: Pick<Asker, "userId" | "clientId">): Preference {
    return preferenceFor(this.deps.reader, userId, clientId)
  }

  /** Every model that answers, once a provider. */
  options(mode: Asker["mode"], atMs: number): Option[] {
    const options: Option[] = []
    for (const [id, candidates] of this.deps.registry.entries()) {
      const [candidate] = candidates
      if (!candidate || id !== `${candidate.upstream.name}/${candidate.model}`) continue
      if (mode === "test" && !candidate.upstream.isLocal) continue
      const option = this.optionOf(id, candidate, atMs)
      if (option) options.push(option)
    }
    return options
  }

  private capable(capability: Capability, asker: Asker, atMs: number, reaches: Reach): readonly Candidate[] {
    const preference = this.preferenceFor(asker)
    const all = (reach: Reach) => this.preview(capability, preference, asker.mode, atMs, reach)
    const within = all(reaches)
    // Where the plan reaches none, its words are told of those that there are.
    const options = within.length > 0 ? within : all(EVERYTHING)
    return options.flatMap(({ id }, place) => this.deps.registry.candidates(id).map((one) => ({ ...one, place })))
  }

  private optionOf(id: string, { upstream, model }: Candidate, atMs: number): Option | null {
    const { pricing } = this.deps
    const found = pricing.anyPrice(upstream.priceProvider, model, atMs)
    if (!found) return null
    const { price, use } = found
    return {
      id,
      model,
      provider: upstream.name,
      costPico: blendOf(price),
      isFree: price.free,
      contextWindow: pricing.limits(upstream.priceProvider, model, atMs).contextWindow,
      use,
      isLocal: upstream.isLocal,
    }
  }
}

/** Three tokens in for one out, a million of them. */
function blendOf({ rates, scale }: ModelPrice): bigint {
  const output = rates.output?.base ?? 0n
  return ((3n * rates.input.base + output) * 1_000_000n) / (4n * scale)
}

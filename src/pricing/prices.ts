// Which price is in force: admin overrides by date, then the list that the provider publishes, then the built-in table. Held in memory; a lookup is two map reads.
import { keyOf as catalogueKey } from "./catalogue/store.ts"
import type { CatalogueEntry } from "./catalogue/types.ts"
import { isFor } from "./made.ts"
import { mediaPrice } from "./media-table.ts"
import { normalName } from "./set-model-price.ts"
import { SANDBOX, sandboxEntry, type TableEntry, tableEntries, tableEntry } from "./table.ts"
import type { CatalogModel, ModelLimits, ModelPrice, ModelPriceOverride, PriceUse } from "./types.ts"

/** Names reach us from requests: remembered answers are bounded, and absurd names are not even looked up. */
const CACHE_ENTRIES_MAX = 4_096
const NAME_LENGTH_MAX = 200

export class PriceBook {
  #overrides = new Map<string, ModelPriceOverride[]>()
  #catalogue: ReadonlyMap<string, CatalogueEntry> = new Map()
  readonly #table = new Map<string, TableEntry | null>()

  /** @param overrides newest first within a model */
  constructor(overrides: readonly ModelPriceOverride[]) {
    this.replace(overrides)
  }

  replace(overrides: readonly ModelPriceOverride[]): void {
    this.#overrides = Map.groupBy(overrides, (row) => keyOf(row.provider, row.model))
  }

  replaceCatalogue(entries: readonly CatalogueEntry[]): void {
    this.#catalogue = new Map(entries.map((entry) => [catalogueKey(entry.list, entry.model), entry]))
  }

  get catalogued(): ReadonlyMap<string, CatalogueEntry> {
    return this.#catalogue
  }

  /** What the built-in table alone says. */
  tablePrice(provider: string, model: string, atMs: number): ModelPrice | null {
    return this.#entry(provider, model)?.priceAt(atMs, "chat") ?? null
  }

  price(provider: string, model: string, atMs: number, use: PriceUse): ModelPrice | null {
    if (model.length > NAME_LENGTH_MAX || provider.length > NAME_LENGTH_MAX) return null
    const row = this.#overrideAt(provider, model, atMs)
    if (row?.price) return isFor(row.price, use) ? row.price : null
    const listed = this.#listed(provider, model)?.price
    if (listed && (use === "chat" || isFor(listed, use))) return listed
    if (listed) return null
    return this.#entry(provider, model)?.priceAt(atMs, use) ?? mediaPrice(normalName(provider), normalName(model), use)
  }

  limits(provider: string, model: string, atMs: number): ModelLimits {
    const known = this.#overrideAt(provider, model, atMs)?.limits
    const listed = this.#listed(provider, model)
    const entry = this.#entry(provider, model)
    return {
      contextWindow: known?.contextWindow ?? listed?.contextWindow ?? entry?.contextWindow ?? null,
      maxOutputTokens:
        known?.maxOutputTokens ?? listed?.maxOutputTokens ?? (entry === sandboxEntry ? SANDBOX.maxOutputTokens : null),
    }
  }

  /** What admins decided, the decision in force of each model. */
  overridesAt(atMs: number): ModelPriceOverride[] {
    return [...this.#overrides.values()].flatMap((rows) => rows.find((row) => row.effectiveFromMs <= atMs) ?? [])
  }

  history(provider: string, model: string): ModelPriceOverride[] {
    return [...(this.#overrides.get(keyOf(provider, model)) ?? [])]
  }

  /** Cold path: compiles a provider's whole list. */
  catalog(provider: string, atMs: number): CatalogModel[] {
    const name = normalName(provider)
    const names = new Map<string, string>()
    for (const entry of name === SANDBOX.provider ? [sandboxEntry] : tableEntries(name)) names.set(entry.id, entry.name)
    for (const entry of this.#catalogue.values()) if (entry.list === name) names.set(entry.model, entry.name)
    for (const [first] of this.#overrides.values()) {
      if (first?.provider === name && ![...names.keys()].some((id) => id.toLowerCase() === first.model)) {
        names.set(first.model, first.model)
      }
    }
    return [...names]
      .flatMap(([id, label]) => {
        const price = this.price(name, id, atMs, "chat")
        return price ? [{ id, name: label, free: price.free, ...this.limits(name, id, atMs) }] : []
      })
      .toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }

  #overrideAt(provider: string, model: string, atMs: number): ModelPriceOverride | undefined {
    return this.#overrides.get(keyOf(provider, model))?.find((row) => row.effectiveFromMs <= atMs)
  }

  #listed(provider: string, model: string): CatalogueEntry | undefined {
    return this.#catalogue.size === 0 ? undefined : this.#catalogue.get(keyOf(provider, model))
  }

  #entry(provider: string, model: string): TableEntry | null {
    if (model.length > NAME_LENGTH_MAX || provider.length > NAME_LENGTH_MAX) return null
    const key = keyOf(provider, model)
    const known = this.#table.get(key)
    if (known !== undefined) return known
    const found = findEntry(normalName(provider), normalName(model))
    if (this.#table.size >= CACHE_ENTRIES_MAX) this.#table.clear()
    this.#table.set(key, found)
    return found
  }
}

function findEntry(provider: string, model: string): TableEntry | null {
  if (provider === SANDBOX.provider) return model === SANDBOX.model ? sandboxEntry : null
  return tableEntry(provider, model)
}

const keyOf = (provider: string, model: string): string => `${normalName(provider)}\n${normalName(model)}`

// The built-in price table: @pydantic/genai-prices read as data, its floats turned into exact integers. Its
// calculator is used only to find which entry a model name means; no amount it computes is ever looked at.
import {
  type ConditionalPrice,
  calcPrice,
  findProvider,
  type ModelInfo,
  type ModelPrice as TablePrices,
} from "@pydantic/genai-prices"
import { type Decimal, decimalOf } from "./decimal.ts"
import { exactPrice } from "./exact.ts"
import { isFor } from "./made.ts"
import type { ModelPrice, PriceUse, RateKind, UnitKind } from "./types.ts"

/** Part of every snapshot; a test compares it with the installed package. */
export const PRICE_TABLE_VERSION = "genai-prices-0.1.8"

const KINDS: Readonly<Record<string, RateKind>> = {
  input_mtok: "input",
  output_mtok: "output",
  cache_read_mtok: "cacheRead",
  cache_write_mtok: "cacheWrite",
  cache_write_1h_mtok: "cacheWrite1h",
  input_audio_mtok: "inputAudio",
  output_audio_mtok: "outputAudio",
  cache_audio_read_mtok: "cacheAudioRead",
  output_reasoning_mtok: "reasoning",
  input_image_mtok: "inputImage",
  output_image_mtok: "outputImage",
}
/** Only charged for tools that a call must ask for by name; the gateway does not pass those on. */
const TOOL_KEYS = new Set(["storage_searches_kcount", "social_searches_kcount"])
/** Pictures that are read from a cache: no report tells them, so they are charged as pictures that are not. */
const NEVER_TOLD = new Set(["cache_image_read_mtok"])
/** $ per 1,000 of what is counted one by one. */
const COUNTED: Readonly<Record<string, "perRequest" | UnitKind>> = {
  requests_kcount: "perRequest",
  web_searches_kcount: "webSearch",
}
/** $ per Mtok → p$ per token. */
const MTOK_SHIFT = 6
/** $ per 1,000 requests → p$ per request. */
const KCOUNT_SHIFT = 9

interface TimedPrice {
  inForce(atMs: number): boolean
  readonly price: ModelPrice | null
}

/** One model's entry, compiled: its prices, newest condition first. */
export interface TableEntry {
  readonly id: string
  readonly name: string
  readonly contextWindow: number | null
  priceAt(atMs: number, use: PriceUse): ModelPrice | null
}

/** Compiles what the table knows about a model, aliases and dated names included; null when it knows nothing. */
export function tableEntry(provider: string, model: string): TableEntry | null {
  if (findProvider({ providerId: provider })?.id !== provider) return null
  // OpenRouter's contract: every model with this suffix costs nothing. The table lists them with no prices at all.
  if (provider === "openrouter" && model.endsWith(":free")) return freeEntry(provider, model)
  const info = calcPrice({}, model, { providerId: provider })?.model
  return info ? compileEntry(provider, info) : null
}

/** Every entry of a provider's own list. */
export const tableEntries = (provider: string): TableEntry[] => {
  const found = findProvider({ providerId: provider })
  if (found?.id !== provider) return []
  return found.models.map((info) =>
    provider === "openrouter" && info.id.endsWith(":free")
      ? freeEntry(provider, info.id)
      : compileEntry(provider, info),
  )
}

/**
 * The table's provider behind a base URL such as `https://api.openai.com/v1`; a suggestion for the admin, never a
 * decision.
 */
export const providerForUrl = (url: string): string | null => findProvider({ providerApiUrl: url })?.id ?? null

/** The package finds lists by id but does not name them; a renamed one drops out here and shows in a test. */
const KNOWN_PROVIDERS = [
  "anthropic",
  "aws",
  "azure",
  "cerebras",
  "cohere",
  "deepseek",
  "fireworks",
  "google",
  "groq",
  "mistral",
].concat(["novita", "openai", "openrouter", "perplexity", "together", "x-ai", "sandbox"])

/** Ids of every price list, `sandbox` included; what an upstream's price provider can be. */
export const PRICE_PROVIDERS: readonly string[] = KNOWN_PROVIDERS.filter(
  (id) => id === "sandbox" || findProvider({ providerId: id })?.id === id,
)

/** As people know it: "OpenAI"; an id that the table does not know stays as it is. */
export const providerName = (id: string): string => {
  const found = findProvider({ providerId: id })
  return found?.id === id ? found.name : id
}

function compileEntry(provider: string, info: ModelInfo): TableEntry {
  const list: ConditionalPrice[] = Array.isArray(info.prices) ? info.prices : [{ prices: info.prices }]
  const timed = list.map((row) => compileTimed(provider, info.id, row))
  const newestFirst = timed.toReversed()
  return {
    id: info.id,
    name: info.name ?? info.id,
    contextWindow: info.context_window ?? null,
    priceAt(atMs, use) {
      const price = (newestFirst.find((row) => row.inForce(atMs)) ?? timed[0])?.price ?? null
      return price && isFor(price, use) ? price : null
    },
  }
}

function compileTimed(provider: string, model: string, row: ConditionalPrice): TimedPrice {
  return { inForce: condition(row), price: compilePrices(provider, model, row.prices) }
}

/**
 * Conditions as the package documents them: from a UTC date on, or between two times of every UTC day, perhaps over
 * midnight.
 */
function condition({ constraint }: ConditionalPrice): (atMs: number) => boolean {
  if (!constraint) return () => true
  if ("start_date" in constraint) {
    const fromMs = Date.parse(`${constraint.start_date}T00:00:00Z`)
    return (atMs) => atMs >= fromMs
  }
  const start = msOfDay(constraint.start_time)
  const end = msOfDay(constraint.end_time)
  return (atMs) => {
    const now = ((atMs % 86_400_000) + 86_400_000) % 86_400_000
    return end < start ? now >= start || now < end : now >= start && now < end
  }
}

const msOfDay = (time: string): number => Date.parse(`1970-01-01T${time}`) % 86_400_000

/**
 * Integers for one row of prices; null when it cannot price a call: no input rate, a figure that is not a price, or
 * rates for things we do not count (image and video tokens, hours), where charging text rates would be wrong.
 */
function compilePrices(provider: string, model: string, prices: TablePrices): ModelPrice | null {
  const raw = new Map<RateKind, { base: Decimal; tiers: { above: number; rate: Decimal }[] }>()
  const counted = new Map<"perRequest" | UnitKind, Decimal>()
  for (const [key, value] of Object.entries(prices)) {
    if (value === undefined || TOOL_KEYS.has(key) || NEVER_TOLD.has(key)) continue
    const flat = typeof value === "number" ? { base: value, tiers: [] } : value
    const kind = KINDS[key]
    const unit = COUNTED[key]
    if (!kind && !unit) return null
    const shift = kind ? MTOK_SHIFT : KCOUNT_SHIFT
    const base = decimalOf(flat.base, shift)
    if (!base) return null
    if (!kind) {
      if (flat.tiers.length > 0) return null
      counted.set(unit!, base)
      continue
    }
    const tiers: { above: number; rate: Decimal }[] = []
    for (const tier of flat.tiers.toSorted((a, b) => a.start - b.start)) {
      const rate = decimalOf(tier.price, shift)
      if (!rate || !Number.isSafeInteger(tier.start) || tier.start < 0) return null
      tiers.push({ above: tier.start, rate })
    }
    raw.set(kind, { base, tiers })
  }
  if (!raw.has("input")) return null
  return exactPrice({ provider, model, source: "table" }, raw, counted)
}

function freeEntry(provider: string, model: string): TableEntry {
  const price = compilePrices(provider, model, { input_mtok: 0, output_mtok: 0 })
  return { id: model, name: model, contextWindow: null, priceAt: () => price }
}

/** The built-in deterministic model: dear enough that a short chat visibly moves a balance ($10 and $30 per Mtok). */
export const SANDBOX = {
  provider: "sandbox",
  model: "sandbox",
  contextWindow: 128_000,
  maxOutputTokens: 4_096,
  /** $0.02 a picture, $0.002 a search, $0.006 a minute that is listened to, $15 a million characters that are spoken. */
  imagePico: 20_000_000_000n,
  searchPico: 2_000_000_000n,
  secondPico: 100_000_000n,
  characterPico: 15_000_000n,
} as const
export const sandboxEntry: TableEntry = (() => {
  const price = compilePrices(SANDBOX.provider, SANDBOX.model, { input_mtok: 10, output_mtok: 30 })!
  const each = (pico: bigint) => ({ "*": pico * price.scale })
  const { imagePico, searchPico, secondPico, characterPico } = SANDBOX
  const made = {
    image: each(imagePico),
    search: each(searchPico),
    second: each(secondPico),
    character: each(characterPico),
  }
  const builtIn: ModelPrice = { ...price, source: "built-in", made }
  return { id: SANDBOX.model, name: "Sandbox", contextWindow: SANDBOX.contextWindow, priceAt: () => builtIn }
})()

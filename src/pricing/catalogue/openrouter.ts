// OpenRouter's public list, GET /api/v1/models: decimal strings of USD per token, read exactly. What it does not say is left to the
// bundled table; what cannot be counted here is no price.
import { type Decimal, decimalOf, decimalOfText } from "../decimal.ts"
import { type DecimalRate, exactPrice } from "../exact.ts"
import type { ModelPrice, RateKind, UnitKind } from "../types.ts"
import { CATALOGUE_LIMITS } from "./limits.ts"
import { CatalogueError, type ListedModel, type ReadList } from "./types.ts"

export const OPENROUTER = "openrouter"
export const OPENROUTER_URL = "https://openrouter.ai/api/v1/models"

const RATES: Readonly<Record<string, RateKind>> = {
  prompt: "input",
  completion: "output",
  input_cache_read: "cacheRead",
  input_cache_write: "cacheWrite",
  internal_reasoning: "reasoning",
  audio: "inputAudio",
  audio_output: "outputAudio",
  input_audio_cache: "cacheAudioRead",
}
const COUNTED: Readonly<Record<string, "perRequest" | UnitKind>> = {
  request: "perRequest",
  image: "image",
  web_search: "webSearch",
}
/** The part that is taken off for some accounts; the figures beside it are before it. */
const IGNORED = new Set(["discount"])
/** $ per token → p$ per token. */
const SHIFT = 12
const NAME = /^[\w.:/@~+-]{1,200}$/

/** @throws CatalogueError when the text is no such list, or an empty one */
export function readOpenRouterList(text: string): ReadList {
  const rows = rowsOf(text)
  const models = new Map<string, ListedModel>()
  let variable = 0
  let unreadable = 0
  for (const row of rows.slice(0, CATALOGUE_LIMITS.modelsMax)) {
    const read = modelOf(row)
    if (read === "variable") variable++
    else if (read === null || models.has(read.model)) unreadable++
    else models.set(read.model, read)
  }
  if (models.size === 0) throw new CatalogueError("The list holds no model with a price. Check its address.")
  return { models: [...models.values()], variable, unreadable }
}

function rowsOf(text: string): unknown[] {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new CatalogueError("The answer is not JSON. Check the address of the list.")
  }
  const data = isObject(parsed) ? parsed.data : null
  if (!Array.isArray(data)) throw new CatalogueError("The answer is not a list of models. Check its address.")
  return data
}

function modelOf(row: unknown): ListedModel | "variable" | null {
  if (!isObject(row) || typeof row.id !== "string" || !NAME.test(row.id) || !isObject(row.pricing)) return null
  const model = row.id.toLowerCase()
  const outputs = isObject(row.architecture) ? row.architecture.output_modalities : null
  // Pictures and sound in an answer have prices of their own, which text rates would fall short of.
  if (Array.isArray(outputs) && outputs.some((kind) => kind !== "text")) return null
  const price = priceOf(model, row.pricing)
  if (price === null || price === "variable") return price
  const top = isObject(row.top_provider) ? row.top_provider : {}
  return {
    model,
    name: typeof row.name === "string" && row.name.trim() !== "" ? row.name.trim().slice(0, 200) : model,
    price,
    contextWindow: tokens(row.context_length),
    maxOutputTokens: tokens(top.max_completion_tokens),
  }
}

function priceOf(model: string, pricing: Record<string, unknown>): ModelPrice | "variable" | null {
  const rates = new Map<RateKind, DecimalRate>()
  const counted = new Map<"perRequest" | UnitKind, Decimal>()
  const given = Object.entries(pricing).filter(([key, figure]) => figure !== null && !IGNORED.has(key))
  if (given.some(([, figure]) => isVariable(figure))) return "variable"
  for (const [key, figure] of given) {
    const amount = decimal(figure)
    if (!amount) return null
    const [kind, unit] = [Object.hasOwn(RATES, key) && RATES[key], Object.hasOwn(COUNTED, key) && COUNTED[key]]
    if (kind) rates.set(kind, { base: amount, tiers: [] })
    else if (unit) counted.set(unit, amount)
    else if (amount.digits !== 0n) return null
  }
  if (!rates.has("input") || !rates.has("output")) return null
  dropUnsaid(rates, counted)
  return exactPrice({ provider: OPENROUTER, model, source: "catalogue" }, rates, counted)
}

/**
 * "0" beside a paid price means that there is no figure of its own: reasoning is then output, a cache read is input, and searches are
 * not sold. Taken literally it would give them away. A picture's figure is what its tokens come to (1,600 of them for Claude's), so
 * beside a paid input it would charge them twice.
 */
function dropUnsaid(rates: Map<RateKind, DecimalRate>, counted: Map<"perRequest" | UnitKind, Decimal>): void {
  const isPaid = (kind: RateKind) => rates.get(kind)!.base.digits !== 0n
  for (const [kind, { base }] of rates) {
    const isNamed = kind === "input" || kind === "output"
    if (!isNamed && base.digits === 0n && (isPaid("input") || isPaid("output"))) rates.delete(kind)
  }
  for (const [kind, amount] of counted) {
    if (amount.digits === 0n || (kind === "image" && isPaid("input"))) counted.delete(kind)
  }
}

const isVariable = (figure: unknown): boolean => /^-1(\.0*)?$/.test(String(figure))
const decimal = (figure: unknown): Decimal | null =>
  typeof figure === "string"
    ? decimalOfText(figure.trim(), SHIFT)
    : typeof figure === "number"
      ? decimalOf(figure, SHIFT)
      : null
const tokens = (count: unknown): number | null =>
  Number.isSafeInteger(count) && (count as number) >= 1 && (count as number) <= 1_000_000_000 ? (count as number) : null
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

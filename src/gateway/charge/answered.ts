// Which model answered. A call is priced by the model that was asked for; when another answers that costs more, no less
// than that one is charged, and the operator is told (SPEC GW-10). Pure.
import { type ModelPrice, type Pricing, type TokenUsage, unpricedOf } from "../../pricing/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { Quote } from "../types.ts"

export interface Answered {
  /** What the call is charged by. */
  price: ModelPrice
  /** The name in the answer when it is another model; null when it is the one asked for. */
  other: string | null
  /** Nobody can say what that one costs: a server's name of its own, or a model that ought to have a price. */
  isUnpriced: boolean
}

/** @param answeredModel `model` of the answer; null when it names none. @throws UsageError as `rawCost` does */
export function answeredBy(
  pricing: Pick<Pricing, "modelPrice" | "rawCost">,
  quote: Quote,
  answeredModel: string | null,
  usage: TokenUsage,
): Answered {
  const said = answeredModel?.slice(0, GATEWAY_LIMITS.modelCharsMax) ?? null
  if (said === null || isSameName(quote.model, said)) return asAsked(quote)
  const { priceProvider } = quote.upstream
  const maker = quote.model.slice(0, quote.model.lastIndexOf("/") + 1)
  const priceOf = (name: string) => pricing.modelPrice(priceProvider, name, quote.atMs)
  const other = priceOf(said) ?? priceOf(`${maker}${bare(said)}`)
  // A dated name of the table's that has a price of its own is another model; without one it is the model asked for.
  const isDated = isSnapshot(quote.model, said)
  if (other === null) return isDated ? asAsked(quote) : { price: quote.price, other: said, isUnpriced: true }
  const isRepriced = NEARNESS[quote.price.source] > NEARNESS[other.source]
  if (isSameEntry(other, quote.price) || (isDated && isRepriced)) return asAsked(quote)
  const isDearer = costBy(pricing, other, usage) > costBy(pricing, quote.price, usage)
  return { price: isDearer ? other : quote.price, other: said, isUnpriced: false }
}

/** Which source knows better: a dated name that only a farther one knows is no dearer model. */
const NEARNESS: Readonly<Record<ModelPrice["source"], number>> = { "built-in": 0, table: 0, catalogue: 1, override: 2 }

/** What a price says of this usage; what it has no figure for was asked of another model, and costs as any call of this one. */
export function costBy(pricing: Pick<Pricing, "rawCost">, price: ModelPrice, usage: TokenUsage): bigint {
  if (!unpricedOf(price, usage)) return pricing.rawCost(price, usage)
  const webSearches = price.units?.webSearch === undefined ? 0 : (usage.webSearches ?? 0)
  const { made: _, ...tokens } = usage
  return pricing.rawCost(price, { ...tokens, webSearches, serviceTier: "standard" })
}

const asAsked = ({ price }: Quote): Answered => ({ price, other: null, isUnpriced: false })

/** Providers add or leave out who made a model, and OpenRouter how it is served (`:free`). */
const bare = (name: string): string => name.toLowerCase().split("/").at(-1)!
const isSameName = (asked: string, said: string): boolean =>
  bare(asked) === bare(said) || bare(asked).split(":")[0] === bare(said)

/**
 * `gpt-4o-mini` → `gpt-4o-mini-2024-07-18`, `-20250514`, `@20250514`, `-0613`, `-001`, `-latest`, `-preview-05-20`; or
 * back.
 */
const SNAPSHOT = /^([-@](latest|preview|\d{2,4}|\d{8}))+$/
function isSnapshot(asked: string, said: string): boolean {
  const [short, long] = [bare(asked).split(":")[0]!, bare(said)].toSorted((a, b) => a.length - b.length) as [
    string,
    string,
  ]
  return long.startsWith(short) && SNAPSHOT.test(long.slice(short.length))
}

const isSameEntry = (a: ModelPrice, b: ModelPrice): boolean =>
  a.provider === b.provider && a.model === b.model && a.source === b.source

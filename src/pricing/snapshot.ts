// The prices a charge was made at, as compact JSON kept beside the kind of call: enough to compute the charge again with no
// table at hand.
import { type Nano, nano } from "../app/index.ts"
import { isFreeMade, mappedMade } from "./made.ts"
import { PRICE_TABLE_VERSION } from "./table.ts"
import {
  type MadePrices,
  type MadeUnit,
  type ModelPrice,
  type PriceRule,
  RATE_KINDS,
  type Rate,
  type RateKind,
  type ServiceTier,
  UNIT_KINDS,
  type UnitKind,
} from "./types.ts"

/**
 * A rate is its base, or [base, above, rate, above, rate, …]. Rates are strings: a JSON number could not hold them
 * all.
 */
type PackedRate = string | (string | number)[]

/** A price as JSON. */
export interface PackedPrice {
  source: ModelPrice["source"]
  provider: string
  model: string
  /** Units per pico-dollar; absent = 1. */
  scale?: string
  rates: Partial<Record<RateKind, PackedRate>>
  request?: string
  units?: Partial<Record<UnitKind, string>>
  made?: Partial<Record<MadeUnit, Record<string, string>>>
  services?: Partial<Record<ServiceTier, number>>
}

interface Packed extends PackedPrice {
  v: 1
  /** Which state of its source: the table's name, or a catalogue with the time it was read at. */
  table: string
  rule: {
    id: number
    pattern: string
    traffic: PriceRule["traffic"]
    priority: number
    bp: [number, number]
    nano: [number, number]
    /** p$ a token. */
    token?: number
    /** 1: the raw cost was paid on the person's own account. */
    own?: 1
  }
  /** Basis points of what the first answer cost: this one came from the cache. */
  cached?: number
}

const cache = new WeakMap<ModelPrice, WeakMap<PriceRule, string>>()

/**
 * Price and rule as JSON: `bp` is [platform, developer], `nano` is [minimum, request fee], rates are 1/scale p$ per
 * token.
 */
export function snapshot(price: ModelPrice, rule: PriceRule): string {
  const byRule = cache.get(price) ?? new WeakMap<PriceRule, string>()
  cache.set(price, byRule)
  const known = byRule.get(rule)
  if (known) return known
  const packed: Packed = {
    v: 1,
    table: price.version ?? PRICE_TABLE_VERSION,
    ...packPrice(price),
    rule: {
      id: rule.id,
      pattern: rule.pattern,
      traffic: rule.traffic,
      priority: rule.priority,
      bp: [rule.platformBp, rule.developerBp],
      nano: [rule.minimumNano, rule.requestFeeNano],
      ...(rule.tokenPico ? { token: rule.tokenPico } : {}),
      ...(rule.ownUpstream ? { own: 1 } : {}),
    },
  }
  const json = JSON.stringify(packed)
  byRule.set(rule, json)
  return json
}

/** Of an answer from the cache: the prices of its model, and which part of the first one's charge was taken. */
export const cachedSnapshot = (json: string, bp: number): string =>
  JSON.stringify({ ...(JSON.parse(json) as Packed), cached: bp })

/** Of what is counted beside tokens: n$ that the first answer cost. */
export const CACHED_OF = "cached_of_nano"

/** Which part of which charge an answer from the cache cost; null = it was made for this call. */
export function cachedPart({
  prices,
  units,
}: {
  prices: string | null
  units: string | null
}): { bp: number; ofNano: Nano } | null {
  const bp = prices === null ? undefined : (JSON.parse(prices) as Partial<Packed>).cached
  if (bp === undefined || units === null) return null
  return { bp, ofNano: nano((JSON.parse(units) as Record<string, number>)[CACHED_OF] ?? 0) }
}

/** Of a route whose calls no provider answered. */
export const isCachedRoute = (prices: string): boolean => (JSON.parse(prices) as Partial<Packed>).cached !== undefined

/** Of a route whose provider was paid by its person, by a key of their own there. */
export const isOwnRoute = (prices: string): boolean => (JSON.parse(prices) as Partial<Packed>).rule?.own === 1

/** Reads a snapshot of our own back, for explaining a charge and for settling a call that a crash left open. */
export function readSnapshot(json: string): { price: ModelPrice; rule: PriceRule; table: string } {
  const packed = JSON.parse(json) as Packed
  if (packed.v !== 1) throw new Error("not a price snapshot of this version")
  const version = packed.table === PRICE_TABLE_VERSION ? undefined : packed.table
  return {
    table: packed.table,
    price: unpackPrice(packed, version),
    rule: {
      id: packed.rule.id,
      pattern: packed.rule.pattern,
      traffic: packed.rule.traffic,
      priority: packed.rule.priority,
      platformBp: packed.rule.bp[0],
      developerBp: packed.rule.bp[1],
      minimumNano: nano(packed.rule.nano[0]),
      requestFeeNano: nano(packed.rule.nano[1]),
      active: true,
      ...(packed.rule.token ? { tokenPico: packed.rule.token } : {}),
      ...(packed.rule.own ? { ownUpstream: true as const } : {}),
    },
  }
}

export const packPrice = (price: ModelPrice): PackedPrice => ({
  source: price.source,
  provider: price.provider,
  model: price.model,
  ...(price.scale === 1n ? {} : { scale: String(price.scale) }),
  rates: Object.fromEntries(
    RATE_KINDS.flatMap((kind) => {
      const rate = price.rates[kind]
      return rate ? [[kind, packRate(rate)]] : []
    }),
  ),
  ...(price.perRequest === 0n ? {} : { request: String(price.perRequest) }),
  ...(price.units ? { units: mapped(price.units, UNIT_KINDS, String) } : {}),
  ...(price.made ? { made: mappedMade(price.made, String) } : {}),
  ...(price.services ? { services: price.services } : {}),
})

/** @throws Error for what is no price of our own writing */
export function unpackPrice(packed: PackedPrice, version?: string): ModelPrice {
  if (!packed.rates.input) throw new Error("not a price: it has no input rate")
  const rates: Partial<Record<RateKind, Rate>> = {}
  for (const kind of RATE_KINDS) {
    const rate = packed.rates[kind]
    if (rate !== undefined) rates[kind] = unpackRate(rate)
  }
  const perRequest = BigInt(packed.request ?? 0)
  const units = packed.units ? mapped(packed.units, UNIT_KINDS, BigInt) : undefined
  const made = packed.made ? mappedMade(packed.made, BigInt) : undefined
  return {
    provider: packed.provider,
    model: packed.model,
    source: packed.source,
    ...(version === undefined ? {} : { version }),
    scale: BigInt(packed.scale ?? 1),
    rates: rates as ModelPrice["rates"],
    perRequest,
    ...(units ? { units } : {}),
    ...(made ? { made } : {}),
    ...(packed.services ? { services: packed.services } : {}),
    free: isFree(rates, perRequest, units, made),
  }
}

function mapped<K extends string, A, B>(
  from: Readonly<Partial<Record<K, A>>>,
  keys: readonly K[],
  by: (value: A) => B,
): Partial<Record<K, B>> {
  const result: Partial<Record<K, B>> = {}
  for (const key of keys) {
    const value = from[key]
    if (value !== undefined) result[key] = by(value)
  }
  return result
}

/** Whether nothing costs anything, but searches, which are asked for by name. */
export const isFree = (
  rates: Partial<Record<RateKind, Rate>>,
  perRequest: bigint,
  units: Partial<Record<UnitKind, bigint>> = {},
  made: MadePrices = {},
): boolean =>
  perRequest === 0n &&
  (units.image ?? 0n) === 0n &&
  isFreeMade(made) &&
  Object.values(rates).every((rate) => rate.base === 0n && rate.tiers.every((tier) => tier.rate === 0n))

const packRate = (rate: Rate): PackedRate =>
  rate.tiers.length === 0
    ? String(rate.base)
    : [String(rate.base), ...rate.tiers.flatMap((tier) => [tier.above, String(tier.rate)])]

function unpackRate(packed: PackedRate): Rate {
  if (typeof packed === "string") return { base: BigInt(packed), tiers: [] }
  const tiers: { above: number; rate: bigint }[] = []
  for (let at = 1; at < packed.length; at += 2) tiers.push({ above: Number(packed[at]), rate: BigInt(packed[at + 1]!) })
  return { base: BigInt(packed[0]!), tiers }
}

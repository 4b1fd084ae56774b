// Every model that an enabled upstream serves, with the price in force and where it comes from: rows of /admin/prices. In memory: some
// 15 µs a model, a thousand models in all but the largest houses.
import type { PriceRow } from "../../../views/admin/prices.tsx"
import type { Nano } from "../../app/index.ts"
import type { ModelPrice, RateKind } from "../../pricing/index.ts"
import { providerName } from "../../pricing/index.ts"
import { microUp, nanoOfMicro } from "./price-amounts.ts"
import type { AdminDeps } from "./site.ts"
import type { UnpricedCalls } from "./store-prices.ts"

export const SHOWS = ["all", "unpriced", "set", "published", "held", "left-out"] as const
export type Show = (typeof SHOWS)[number]

export type PriceSort = "model" | "input" | "output" | "changed" | "refused"

type Deps = Pick<AdminDeps, "gateway" | "pricing" | "clock">

/** By price list and name; one served by several upstreams is one row. @param refused calls that found no price, by name */
export function priceRows(deps: Deps, refused: readonly UnpricedCalls[]): PriceRow[] {
  const calls = new Map(refused.map((row) => [row.model.toLowerCase(), row.calls]))
  const rows = new Map<string, PriceRow>()
  for (const upstream of deps.gateway.upstreams()) {
    if (!upstream.enabled) continue
    for (const model of upstream.models) {
      const key = `${upstream.priceProvider}\n${model.toLowerCase()}`
      const asked = (calls.get(model.toLowerCase()) ?? 0) + (calls.get(`${upstream.name}/${model}`.toLowerCase()) ?? 0)
      const known = rows.get(key)
      if (known) {
        known.upstreams.push(upstream.name)
        known.refused += calls.get(`${upstream.name}/${model}`.toLowerCase()) ?? 0
      } else rows.set(key, rowOf(deps, upstream, model, asked))
    }
  }
  return [...rows.values()]
}

function rowOf(deps: Deps, upstream: { name: string; priceProvider: string }, model: string, asked: number): PriceRow {
  const { pricing, clock } = deps
  const list = upstream.priceProvider
  const nowMs = clock.now()
  const price = pricing.anyPrice(list, model, nowMs)?.price ?? null
  const entry = pricing.catalogue.entry(list, model.toLowerCase())
  const [last] = pricing.priceHistory(list, model).filter((row) => row.effectiveFromMs <= nowMs)
  return {
    list,
    model,
    listName: providerName(list),
    upstreams: [upstream.name],
    source: price?.source ?? null,
    input: price && perMillion(price, "input"),
    output: price && perMillion(price, "output"),
    cached: price && perMillion(price, "cacheRead"),
    free: price?.free ?? false,
    hasTiers: price !== null && Object.values(price.rates).some((rate) => rate.tiers.length > 0),
    contextWindow: pricing.limits(list, model, nowMs).contextWindow,
    changedMs:
      price?.source === "override"
        ? (last?.effectiveFromMs ?? null)
        : price?.source === "catalogue"
          ? (entry?.changedMs ?? null)
          : null,
    held: entry?.held?.why ?? null,
    leftOut: pricing.isLeftOut(list, model),
    refused: price ? 0 : asked,
  }
}

/** n$ of a million tokens, up to the next µ$; null where the model has no such rate. */
export function perMillion(price: ModelPrice, kind: RateKind): Nano | null {
  const rate = price.rates[kind]
  return rate ? nanoOfMicro(microUp(rate.base, price.scale)) : null
}

export const isShown = (row: PriceRow, show: Show): boolean => {
  switch (show) {
    case "all":
      return true
    case "unpriced":
      return row.source === null && !row.leftOut
    case "set":
      return row.source === "override"
    case "published":
      return row.source === "catalogue"
    case "held":
      return row.held !== null
    case "left-out":
      return row.source === null && row.leftOut
  }
}

export function sortedRows(rows: readonly PriceRow[], by: PriceSort, descending: boolean): PriceRow[] {
  const figure = (row: PriceRow): number => {
    if (by === "input") return row.input ?? -1
    if (by === "output") return row.output ?? -1
    if (by === "refused") return row.refused
    return row.changedMs ?? 0
  }
  const way = descending ? -1 : 1
  const named = (a: PriceRow, b: PriceRow) =>
    a.model < b.model ? -1 : a.model > b.model ? 1 : a.list < b.list ? -1 : 1
  return rows.toSorted((a, b) => (by === "model" ? way * named(a, b) : way * (figure(a) - figure(b)) || named(a, b)))
}

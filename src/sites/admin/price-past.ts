// Last month's calls as another price or other rules would have charged them: exact where the books hold everything a price looks at.
// Runs in the read Worker; its input is cloneable.
import {
  type Charge,
  type ChargeRule,
  chargeForApp,
  compileRules,
  isCachedRoute,
  type ModelPrice,
  madeOfUnits,
  type PackedPrice,
  type PriceRule,
  type RuleFinder,
  rawCost,
  readSnapshot,
  type TokenUsage,
  UsageError,
  unpackPrice,
} from "../../pricing/index.ts"
import type { Reader } from "../../store/index.ts"
import { type PastCall, type PastRoute, pastCalls, pastRoutes } from "./store-prices.ts"

export interface PastInput {
  sinceMs: number
  /** A new price, and of which model. */
  price?: { list: string; model: string; packed: PackedPrice }
  /** All rules as they would be. */
  rules?: readonly PriceRule[]
}

export interface Sums {
  chargeNano: number
  /** What the providers get of it. */
  upstreamNano: number
  developerNano: number
}

export interface Past {
  calls: number
  people: number
  was: Sums
  wouldBe: Sums
  /** There were more calls than were looked at. */
  isCut: boolean
  /** Calls that the new price cannot charge, such as answers of a model that then only embeds. */
  unchargeable: number
}

interface Route {
  price: ModelPrice
  rule: PriceRule
  model: string
}

/** What was charged, and what would have been. */
export function pastCharges(reader: Reader, input: PastInput): Past {
  const find = input.rules ? compileRules(input.rules) : null
  const routes = new Map(pastRoutes(reader).flatMap((row) => routeOf(row, input)))
  const { calls, isCut } = pastCalls(reader, { routes: [...routes.keys()], sinceMs: input.sinceMs })
  const price = input.price ? unpackPrice(input.price.packed) : null
  const past: Past = { calls: 0, people: 0, was: nothing(), wouldBe: nothing(), isCut, unchargeable: 0 }
  const people = new Set<number>()
  for (const call of calls) {
    const now = chargedAnew(call, routes.get(call.route_id)!, price, find)
    past.calls++
    people.add(call.caller_id)
    add(past.was, {
      chargeNano: call.charge_nano,
      upstreamNano: call.upstream_nano,
      developerNano: call.developer_nano,
    })
    if (now) add(past.wouldBe, now)
    else past.unchargeable++
  }
  past.people = people.size
  return past
}

/** Without a price that is meant, every route is: a rule may reach any model. */
function routeOf({ id, model, snapshot }: PastRoute, { price: wanted }: PastInput): [number, Route][] {
  // A part of another call's charge, whose own price is looked at there.
  if (isCachedRoute(snapshot)) return []
  const { price, rule } = readSnapshot(snapshot)
  if (wanted && (price.provider !== wanted.list || model.toLowerCase() !== wanted.model)) return []
  return [[id, { price, rule, model }]]
}

function chargedAnew(call: PastCall, route: Route, price: ModelPrice | null, find: RuleFinder | null): Sums | null {
  const usage = {
    inputTokens: call.input_tokens,
    cachedInputTokens: Math.min(call.cached_tokens, call.input_tokens),
    cacheWriteTokens: 0,
    outputTokens: call.output_tokens,
    reasoningTokens: Math.min(call.reasoning_tokens, call.output_tokens),
    inputAudioTokens: 0,
    outputAudioTokens: 0,
    ...countedIn(call.units),
  }
  try {
    const tokens = usage.inputTokens + usage.outputTokens
    const then = chargeForApp(rawCost(route.price, usage), route.rule, tokens)
    const now = chargeForApp(rawCost(price ?? route.price, usage), ruleNow(call, route, find), tokens)
    return movedBy(call, then, now)
  } catch (error) {
    if (error instanceof UsageError || error instanceof RangeError) return null
    throw error
  }
}

function countedIn(units: string | null): Partial<TokenUsage> {
  if (units === null) return {}
  const counts = JSON.parse(units) as Record<string, number>
  const { images = 0, webSearches = 0, inputImageTokens = 0, outputImageTokens = 0 } = counts
  return { images, webSearches, inputImageTokens, outputImageTokens, ...madeOfUnits(counts) }
}

/** A user's own key pays by plan: of a rule it has the minimum and the fee alone. */
function ruleNow(call: PastCall, { rule, model }: Route, find: RuleFinder | null): ChargeRule {
  // Own accounts at providers pay nothing here, whatever a rule says.
  if (!find || rule.ownUpstream) return rule
  if (call.client_id !== null) return find(model, "app")
  const { minimumNano, requestFeeNano } = find(model, "key")
  return { ...rule, minimumNano, requestFeeNano }
}

/** By the difference, so that what the books do not hold of a call (cache writes, sound) stays in it. Shares of no developer are ours. */
function movedBy(call: PastCall, then: Charge, now: Charge): Sums {
  const developer = call.developer_nano === 0 ? 0 : call.developer_nano + now.developerNano - then.developerNano
  return {
    chargeNano: Math.max(0, call.charge_nano + now.totalNano - then.totalNano),
    upstreamNano: Math.max(0, call.upstream_nano + now.upstreamNano - then.upstreamNano),
    developerNano: Math.max(0, developer),
  }
}

const nothing = (): Sums => ({ chargeNano: 0, upstreamNano: 0, developerNano: 0 })

function add(sums: Sums, more: Sums): void {
  sums.chargeNano += more.chargeNano
  sums.upstreamNano += more.upstreamNano
  sums.developerNano += more.developerNano
}

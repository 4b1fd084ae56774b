// From raw cost to charge: shares, fee, minimum, ONE rounding up to n$, parts that add up exactly (SPEC §2, "amounts").
import { type Nano, nano } from "../app/index.ts"
import { ceilDivide, worstCost } from "./cost.ts"
import type { Charge, ChargeRule, CollectedParts, HoldOptions, ModelPrice } from "./types.ts"

/** Shares are basis points, so exact amounts are whole in ten-thousandths of a pico-dollar: 1 n$ is this many. */
const UNITS_PER_NANO = 10_000_000n
const BASIS_POINTS = 10_000n

/**
 * Raw + platform share + developer share + request fee + price of the tokens, at least the minimum. The sum is rounded up once; the n$ that
 * rounding adds go to the parts with the largest remainders. Fee, tokens and what the minimum adds belong to the platform.
 * @param tokens in and out, for a rule with a price a token
 * @throws RangeError when a charge would not fit a safe integer ($9 M), or the raw cost is negative.
 */
export function chargeForApp(rawPico: bigint, rule: ChargeRule, tokens = 0): Charge {
  if (rawPico < 0n) throw new RangeError("a raw cost is never negative")
  return chargeInNumbers(rawPico, rule, tokens) ?? chargeInBigInts(rawPico, rule, tokens)
}

/** Up to here sums and products of whole numbers are exact in a double, and a sum that is rounded cannot come out below it. */
const EXACT_MAX = 2 ** 52
const [UNITS, POINTS] = [Number(UNITS_PER_NANO), Number(BASIS_POINTS)]

/** Most calls cost less than $0.40, and are computed without BigInt; null: this one is not exact so. */
export function chargeInNumbers(rawPico: bigint, rule: ChargeRule, tokens: number): Charge | null {
  const raw = Number(rawPico)
  const upstream = rule.ownUpstream ? 0 : raw * POINTS
  const developer = raw * rule.developerBp
  const ofTokens = rule.tokenPico ? rule.tokenPico * tokens * POINTS : 0
  const platform = raw * rule.platformBp + rule.requestFeeNano * UNITS + ofTokens
  const sum = upstream + developer + platform
  if (!(raw < EXACT_MAX && sum < EXACT_MAX)) return null
  const rest = [upstream % UNITS, developer % UNITS, platform % UNITS] as const
  const whole = [(upstream - rest[0]) / UNITS, (developer - rest[1]) / UNITS, (platform - rest[2]) / UNITS] as Whole
  const sumRest = sum % UNITS
  const total = (sum - sumRest) / UNITS + (sumRest > 0 ? 1 : 0)
  for (let left = total - whole[0] - whole[1] - whole[2], given = 0; left > 0; left--) {
    const place = largestOf(rest, given)
    given |= 1 << place
    whole[place] += 1
  }
  const raised = Math.max(0, rule.minimumNano - total)
  return {
    totalNano: nano(total + raised),
    upstreamNano: nano(whole[0]),
    developerNano: nano(whole[1]),
    platformNano: nano(whole[2] + raised),
    rawPico,
  }
}

type Whole = [number, number, number]

/** Where the largest remainder stands that was not given anything yet; of two alike the earlier. @param given a bit for each place */
function largestOf(rest: readonly [number, number, number], given: number): 0 | 1 | 2 {
  let found: 0 | 1 | 2 | -1 = -1
  for (const place of PLACES) {
    if (given & (1 << place)) continue
    if (found === -1 || rest[place] > rest[found]) found = place
  }
  return found === -1 ? 2 : found
}
const PLACES = [0, 1, 2] as const

/** The same for any amount. */
export function chargeInBigInts(rawPico: bigint, rule: ChargeRule, tokens: number): Charge {
  const exact = {
    upstream: rule.ownUpstream ? 0n : rawPico * BASIS_POINTS,
    developer: rawPico * BigInt(rule.developerBp),
    platform: rawPico * BigInt(rule.platformBp) + BigInt(rule.requestFeeNano) * UNITS_PER_NANO,
  }
  if (rule.tokenPico) exact.platform += BigInt(rule.tokenPico) * BigInt(tokens) * BASIS_POINTS
  const total = ceilDivide(exact.upstream + exact.developer + exact.platform, UNITS_PER_NANO)
  const [upstream, developer, platform] = largestRemainder(total, [exact.upstream, exact.developer, exact.platform])
  const minimum = BigInt(rule.minimumNano)
  const raised = minimum > total ? minimum - total : 0n
  return {
    totalNano: nano(total + raised),
    upstreamNano: nano(upstream),
    developerNano: nano(developer),
    platformNano: nano(platform + raised),
    rawPico,
  }
}

/**
 * The charge of a model that is sold at a price of its own: the price is all that is paid. Upstream first, then the developer's share
 * of the raw cost, then the house, which has what remains.
 * @param salePico by the sale's price, @param rawPico what it costs
 */
export function chargeForSale(salePico: bigint, rawPico: bigint, rule: Pick<ChargeRule, "developerBp">): Charge {
  if (salePico < 0n || rawPico < 0n) throw new RangeError("an amount is never negative")
  const total = ceilDivide(salePico * BASIS_POINTS, UNITS_PER_NANO)
  const least = (amount: bigint, room: bigint) => (amount < room ? amount : room)
  const upstream = least(ceilDivide(rawPico * BASIS_POINTS, UNITS_PER_NANO), total)
  const developer = least((rawPico * BigInt(rule.developerBp)) / UNITS_PER_NANO, total - upstream)
  return {
    totalNano: nano(total),
    upstreamNano: nano(upstream),
    developerNano: nano(developer),
    platformNano: nano(total - upstream - developer),
    rawPico,
  }
}

/** The charge that a hold must cover: no call within these tokens is charged more. */
export const chargeForHold = (
  price: ModelPrice,
  inputTokens: number,
  maxOutputTokens: number,
  rule: ChargeRule,
  options?: HoldOptions,
): Charge => chargeForApp(worstCost(price, inputTokens, maxOutputTokens, options), rule, inputTokens + maxOutputTokens)

/**
 * Shares what could be collected: upstream first, then developer, then platform; the rest is uncollected (SPEC §2,
 * "balance below zero").
 * @throws RangeError when more was collected than charged, or less than nothing.
 */
export function parts(charge: Charge, collectedNano: Nano): CollectedParts {
  if (collectedNano < 0 || collectedNano > charge.totalNano) throw new RangeError("collected is not within the charge")
  const upstream = Math.min(charge.upstreamNano, collectedNano)
  const developer = Math.min(charge.developerNano, collectedNano - upstream)
  return {
    upstreamNano: nano(upstream),
    developerNano: nano(developer),
    platformNano: nano(collectedNano - upstream - developer),
    uncollectedNano: nano(charge.totalNano - collectedNano),
  }
}

type Triple = [bigint, bigint, bigint]

/** Whole n$ per part; those left over by flooring go to the largest remainders, on a tie to the earlier part. */
function largestRemainder(total: bigint, exact: Triple): Triple {
  const whole = exact.map((amount) => amount / UNITS_PER_NANO) as Triple
  const order = ([0, 1, 2] as const).toSorted((a, b) => {
    const left = exact[a] % UNITS_PER_NANO
    const right = exact[b] % UNITS_PER_NANO
    return left === right ? a - b : left > right ? -1 : 1
  })
  let left = total - whole[0] - whole[1] - whole[2]
  for (const index of order) {
    if (left === 0n) break
    whole[index] += 1n
    left -= 1n
  }
  return whole
}

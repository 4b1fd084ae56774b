// Raw cost: tokens × rates, in pico-dollars, by integers only. Never rounds down, never trusts an upstream's numbers.
import { madeCost, unpricedMade } from "./made.ts"
import { type HoldOptions, type ModelPrice, type Rate, type RateKind, type TokenUsage, UsageError } from "./types.ts"

/** No call of any model is near this; above it a report is a mistake or an attack. */
export const USAGE_TOKENS_MAX = 1_000_000_000

/** The rate that a prompt of this many tokens is charged at, all of it (not only the excess). */
function rateAt(rate: Rate, promptTokens: number): bigint {
  let found = rate.base
  for (const tier of rate.tiers) if (promptTokens > tier.above) found = tier.rate
  return found
}

/**
 * What the upstream charges for this usage, in whole pico-dollars; exact, or rounded up by less than one where a rate
 * is finer. Absent rates: cache reads, cache writes and audio cost as `input`, one-hour writes as `cacheWrite`,
 * cached audio as audio, reasoning and output audio as `output`. Tiers go by the whole prompt.
 * @throws UsageError for counts that are negative, fractional, above 1e9, or larger than the total they belong to, and for a service
 * tier or searches that the price does not have.
 */
export function rawCost(price: ModelPrice, usage: TokenUsage): bigint {
  checkUsage(usage)
  if (usage.outputTokens > 0 && !price.rates.output)
    throw new UsageError("outputTokens", "this model has no output price")
  const { rates } = price
  const prompt = usage.inputTokens
  const writes1h = usage.cacheWrite1hTokens ?? 0
  const { inputImageTokens: ofPictures = 0, outputImageTokens: pictures = 0 } = usage
  // What the parts claim beyond the total must be counted twice: audio that was read from the cache.
  const claimed = usage.cachedInputTokens + usage.cacheWriteTokens + usage.inputAudioTokens
  const cachedAudio = Math.max(0, claimed - prompt)
  if (cachedAudio > Math.min(usage.cachedInputTokens, usage.inputAudioTokens)) {
    throw new UsageError("inputTokens", "less than its cached, written and audio parts")
  }
  const lines: [RateKind[], number][] = [
    [["input"], Math.max(0, prompt - claimed - ofPictures)],
    [["inputImage", "input"], ofPictures],
    [["cacheRead", "input"], usage.cachedInputTokens - cachedAudio],
    [["cacheAudioRead", "inputAudio", "input"], cachedAudio],
    [["inputAudio", "input"], usage.inputAudioTokens - cachedAudio],
    [["cacheWrite", "input"], usage.cacheWriteTokens - writes1h],
    [["cacheWrite1h", "cacheWrite", "input"], writes1h],
    [["output"], usage.outputTokens - usage.reasoningTokens - usage.outputAudioTokens - pictures],
    [["outputImage", "output"], pictures],
    [["reasoning", "output"], usage.reasoningTokens],
    [["outputAudio", "output"], usage.outputAudioTokens],
  ]
  let units = 0n
  for (const [kinds, tokens] of lines) {
    if (tokens === 0) continue
    const kind = kinds.find((candidate) => rates[candidate])!
    units += BigInt(tokens) * rateAt(rates[kind]!, prompt)
  }
  return sumOf(price, units, usage)
}

const STANDARD_BP = 10_000

/** What beside tokens a call may have, in use or at most. */
type Extras = Pick<TokenUsage, "webSearches" | "images" | "made" | "serviceTier">

/** Tokens at their service tier, with what is counted one by one; rounded up once, to whole pico-dollars. */
function sumOf(price: ModelPrice, tokenUnits: bigint, extras: Extras): bigint {
  const problem = unpricedOf(price, extras)
  if (problem) throw problem
  const { webSearches = 0, images = 0, serviceTier } = extras
  let units = price.perRequest + madeCost(price, extras.made)
  if (webSearches > 0) units += BigInt(webSearches) * price.units!.webSearch!
  if (images > 0) units += BigInt(images) * (price.units?.image ?? 0n)
  const isStandard = serviceTier === undefined || serviceTier === "standard"
  const serviceBp = isStandard ? STANDARD_BP : price.services![serviceTier]!
  if (serviceBp === STANDARD_BP) return ceilDivide(units + tokenUnits, price.scale)
  const standard = BigInt(STANDARD_BP)
  return ceilDivide(units * standard + tokenUnits * BigInt(serviceBp), price.scale * standard)
}

/** What of these this price does not price, and a call must not have; null = it prices them. */
export function unpricedOf(price: ModelPrice, extras: Extras): UsageError | null {
  const { webSearches = 0, serviceTier } = extras
  if (webSearches > 0 && price.units?.webSearch === undefined) {
    return new UsageError("webSearches", "this model has no price for searches on the web")
  }
  const made = unpricedMade(price, extras.made)
  if (made) return made
  const isNamed = serviceTier !== undefined && serviceTier !== "standard"
  if (isNamed && price.services?.[serviceTier] === undefined) {
    return new UsageError("serviceTier", `this model has no price for the service tier ${serviceTier}`)
  }
  return null
}

/**
 * The most that a call with at most these tokens can cost: every token at the dearest rate it may be charged at,
 * every tier that a prompt of this size or smaller reaches. Never below `rawCost` of what the call then uses.
 */
export function worstCost(
  price: ModelPrice,
  inputTokens: number,
  maxOutputTokens: number,
  options: HoldOptions = {},
): bigint {
  checkCount("inputTokens", inputTokens)
  checkCount("maxOutputTokens", maxOutputTokens)
  const inputs: RateKind[] = ["input", "cacheRead", "cacheWrite", "inputImage"]
  if (options.cacheWrite1h) inputs.push("cacheWrite1h")
  if (options.audio) inputs.push("inputAudio", "cacheAudioRead")
  const outputs: RateKind[] = ["output", "reasoning", "outputImage"]
  if (options.audio) outputs.push("outputAudio")
  checkCount("webSearches", options.webSearches ?? 0)
  checkCount("images", options.images ?? 0)
  checkCount("made", options.made?.count ?? 0)
  const units =
    BigInt(inputTokens) * dearest(price, inputs, inputTokens) +
    BigInt(maxOutputTokens) * dearest(price, outputs, inputTokens)
  return sumOf(price, units, options)
}

function dearest(price: ModelPrice, kinds: RateKind[], promptTokens: number): bigint {
  let most = 0n
  for (const kind of kinds) {
    const rate = price.rates[kind]
    if (!rate) continue
    if (rate.base > most) most = rate.base
    for (const tier of rate.tiers) if (promptTokens > tier.above && tier.rate > most) most = tier.rate
  }
  return most
}

function checkUsage(usage: TokenUsage): void {
  checkCount("inputTokens", usage.inputTokens)
  checkCount("cachedInputTokens", usage.cachedInputTokens)
  checkCount("cacheWriteTokens", usage.cacheWriteTokens)
  checkCount("cacheWrite1hTokens", usage.cacheWrite1hTokens ?? 0)
  checkCount("outputTokens", usage.outputTokens)
  checkCount("reasoningTokens", usage.reasoningTokens)
  checkCount("inputAudioTokens", usage.inputAudioTokens)
  checkCount("outputAudioTokens", usage.outputAudioTokens)
  checkCount("webSearches", usage.webSearches ?? 0)
  checkCount("images", usage.images ?? 0)
  checkCount("made", usage.made?.count ?? 0)
  checkCount("inputImageTokens", usage.inputImageTokens ?? 0)
  checkCount("outputImageTokens", usage.outputImageTokens ?? 0)
  checkWithin("inputImageTokens", usage.inputImageTokens ?? 0, usage.inputTokens)
  checkWithin("cachedInputTokens", usage.cachedInputTokens + usage.cacheWriteTokens, usage.inputTokens)
  checkWithin("inputAudioTokens", usage.inputAudioTokens, usage.inputTokens)
  checkWithin("cacheWrite1hTokens", usage.cacheWrite1hTokens ?? 0, usage.cacheWriteTokens)
  const parts = usage.reasoningTokens + usage.outputAudioTokens + (usage.outputImageTokens ?? 0)
  checkWithin("reasoningTokens", parts, usage.outputTokens)
}

function checkCount(field: string, tokens: number): void {
  if (!Number.isInteger(tokens) || tokens < 0) throw new UsageError(field, "must be a whole number, not negative")
  if (tokens > USAGE_TOKENS_MAX) throw new UsageError(field, "is beyond any real call")
}

function checkWithin(field: string, part: number, total: number): void {
  if (part > total) throw new UsageError(field, "exceeds the total it is part of")
}

/** Non-negative operands only. */
export const ceilDivide = (dividend: bigint, divisor: bigint): bigint => (dividend + divisor - 1n) / divisor

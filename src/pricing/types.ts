// Pricing's nouns: rates, usage, charges, price rules. Amounts: pico-dollars (1e-12 USD, bigint) inside, n$ at the
// edge.
import type { Nano } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import type { Catalogue } from "./catalogue/verbs.ts"

/** Every kind of token that has a rate of its own. */
export const RATE_KINDS = [
  "input",
  "output",
  "cacheRead",
  "cacheWrite",
  "cacheWrite1h",
  "inputAudio",
  "outputAudio",
  "cacheAudioRead",
  "reasoning",
  "inputImage",
  "outputImage",
] as const
export type RateKind = (typeof RATE_KINDS)[number]

/**
 * Price of one token in 1/scale pico-dollars. The last tier whose `above` is exceeded by the whole prompt prices
 * every token.
 */
export interface Rate {
  readonly base: bigint
  readonly tiers: readonly { readonly above: number; readonly rate: bigint }[]
}

/** What is counted one by one: searches that a model made on the web, pictures in the prompt. */
export const UNIT_KINDS = ["webSearch", "image"] as const
export type UnitKind = (typeof UNIT_KINDS)[number]

/** What media models make, or do, and are paid for one by one. */
export const MADE_UNITS = ["image", "second", "character", "search"] as const
export type MadeUnit = (typeof MADE_UNITS)[number]

/**
 * What one of them costs, by what was asked for: `1024x1024/hd`, or its size or its quality alone, or `*` for whatever is
 * not named.
 */
export type MadePrices = Readonly<Partial<Record<MadeUnit, Readonly<Record<string, bigint>>>>>

/** So many of them. */
export interface Made {
  readonly unit: MadeUnit
  /** `size/quality` as it was asked for; `auto` where the model chooses, which costs what the dearest does. "" = there is no choice. */
  readonly as: string
  readonly count: number
  /** Where `count` leans high: what it comes to when nobody says, and what it can be at most. */
  readonly likely?: number
  readonly most?: number
}

/** Service tiers beside the standard one. */
export const SERVICE_TIERS = ["flex", "priority", "batch"] as const
export type ServiceTier = (typeof SERVICE_TIERS)[number]

/** What a model costs at one moment. Immutable; the same moment yields the same object. */
export interface ModelPrice {
  readonly provider: string
  /** The table's own name of the model; an alias such as a dated name resolves to it. */
  readonly model: string
  /** `catalogue`: a list that the provider publishes, read by this server. */
  readonly source: "table" | "override" | "catalogue" | "built-in"
  /** Which state of its source; absent = the built-in table's. */
  readonly version?: string
  /** Units per pico-dollar: 1 except for the few rates finer than µ$ per Mtok. */
  readonly scale: bigint
  /** `input` is always there; an absent kind is priced as documented at `rawCost`. */
  readonly rates: Readonly<Partial<Record<RateKind, Rate>>> & { readonly input: Rate }
  /** Flat cost of one request, in 1/scale pico-dollars. */
  readonly perRequest: bigint
  /** 1/scale pico-dollars each. Searches without a price are refused; pictures without one cost their tokens alone. */
  readonly units?: Readonly<Partial<Record<UnitKind, bigint>>>
  /** 1/scale pico-dollars each. What has no figure here is refused. */
  readonly made?: MadePrices
  /** Ten-thousandths of the rates of tokens. A tier that is not there is refused. */
  readonly services?: Readonly<Partial<Record<ServiceTier, number>>>
  /** Every rate is an explicit zero. */
  readonly free: boolean
}

export interface ModelLimits {
  readonly contextWindow: number | null
  readonly maxOutputTokens: number | null
}

/** Every use, what most models are for first. */
export const PRICE_USES = [
  "chat",
  "embedding",
  "image",
  "rerank",
  "speech",
  "transcription",
  "video",
  "moderation",
] as const
/** What a call is for: chat needs an input and an output rate, an embedding only input, the others what their answers are counted in. */
export type PriceUse = (typeof PRICE_USES)[number]

/** Tokens of one finished call, normalised: totals include their parts. */
export interface TokenUsage {
  /** All of the prompt, cache reads and writes and audio included. */
  inputTokens: number
  cachedInputTokens: number
  /** All cache writes, of any lifetime. */
  cacheWriteTokens: number
  /** The part of `cacheWriteTokens` with a lifetime of one hour. */
  cacheWrite1hTokens?: number
  /** All of the answer, reasoning and audio included. */
  outputTokens: number
  reasoningTokens: number
  inputAudioTokens: number
  outputAudioTokens: number
  /** Searches on the web that the provider made for it; absent = 0. */
  webSearches?: number
  /** Pictures in the prompt; absent = 0. Their tokens stand in `inputTokens`. */
  images?: number
  /** The parts of both totals that are of pictures, where a price tells them from text; absent = 0. */
  inputImageTokens?: number
  outputImageTokens?: number
  /** What is paid one by one; absent = nothing. */
  made?: Made
  /** `standard`: so it was reported. Absent = nobody said; the standard one. */
  serviceTier?: ServiceTier | "standard"
}

/** Who pays for whom: an app's call, a user's own key. */
export type Traffic = "app" | "key"

/** What is added to the raw cost. Basis points of the raw cost, n$ per call. */
export interface ChargeRule {
  readonly platformBp: number
  readonly developerBp: number
  readonly minimumNano: Nano
  readonly requestFeeNano: Nano
  /** p$ for each token in and out, all of it the platform's; absent = 0. */
  readonly tokenPico?: number
  /** The raw cost is paid elsewhere, on the person's own account at the provider; shares still count it. */
  readonly ownUpstream?: true
}

/** What a plan says of calls through a person's own key (SPEC §2). */
export interface KeyTerms {
  /** Basis points of the raw cost, on models that cost something and on free ones. */
  readonly markupPaidBp: number
  readonly markupFreeBp: number
  readonly freeModelsOnly: boolean
  /** n$ that 1,000 tokens of a free model cost. */
  readonly freePer1kNano: Nano
}

export interface PriceRule extends ChargeRule {
  /** 0 = the built-in default, which applies when no row matches. */
  readonly id: number
  /** `*` any run of characters, `?` one; case does not count. */
  readonly pattern: string
  readonly traffic: Traffic | "any"
  /** Highest first; then the longest pattern. */
  readonly priority: number
  readonly active: boolean
}

/** What a call costs its user. upstream + developer + platform = total, to the n$. */
export interface Charge {
  readonly totalNano: Nano
  readonly upstreamNano: Nano
  readonly developerNano: Nano
  readonly platformNano: Nano
  readonly rawPico: bigint
}

/** How a collected amount is shared: upstream first, then developer, then platform. The four add up to the charge. */
export interface CollectedParts {
  readonly upstreamNano: Nano
  readonly developerNano: Nano
  readonly platformNano: Nano
  readonly uncollectedNano: Nano
}

/** What a request may use that costs more than plain text; raises the hold. */
export interface HoldOptions {
  audio?: boolean
  cacheWrite1h?: boolean
  /** At most so many searches on the web. */
  webSearches?: number
  /** Pictures in the prompt. */
  images?: number
  made?: Made
  serviceTier?: ServiceTier
}

export interface CatalogModel extends ModelLimits {
  readonly id: string
  readonly name: string
  readonly free: boolean
}

/** A new rule without `id`, or a change of the one named. */
export interface SetRuleInput extends Omit<PriceRule, "id"> {
  id?: number
}

export interface SetModelPriceInput {
  provider: string
  model: string
  /** ms UTC, not before now; absent = now. */
  effectiveFromMs?: number
  /** µ$ per million tokens; null returns to the published list, or the built-in table. */
  rates: OverrideRates | null
  /** µ$ per request. */
  requestMicro?: number
  /** µ$ each. */
  units?: Partial<Record<UnitKind, number>>
  /** n$ each, by what is asked for. */
  made?: Partial<Record<MadeUnit, Readonly<Record<string, number>>>>
  /** Ten-thousandths of the rates of tokens. */
  services?: Partial<Record<ServiceTier, number>>
  limits?: ModelLimits
}
/** µ$ per Mtok, or a base with tiers on the whole prompt. */
export type OverrideRate = number | { base: number; tiers: { above: number; rate: number }[] }
export type OverrideRates = Partial<Record<RateKind, OverrideRate>> & { input: OverrideRate }

/** One admin decision about one model's price. `price` is null when it returned to the published list or the built-in table. */
export interface ModelPriceOverride {
  readonly id: number
  readonly provider: string
  readonly model: string
  readonly effectiveFromMs: number
  readonly price: ModelPrice | null
  readonly limits: ModelLimits
  readonly actor: string
  readonly reason: string
  readonly createdMs: number
}

export interface Pricing {
  /** Which built-in table prices; part of every snapshot. */
  readonly priceTableVersion: string
  /**
   * The price in force, or null when the model is unpriced for that use and must be refused. Names longer than 200
   * are unpriced.
   */
  modelPrice(provider: string, model: string, atMs: number, use?: PriceUse): ModelPrice | null
  /** The first use that it has a price for: chat, else embeddings, else pictures, … */
  anyPrice(provider: string, model: string, atMs: number): { price: ModelPrice; use: PriceUse } | null
  limits(provider: string, model: string, atMs: number): ModelLimits
  /** Models of a provider that are priced for chat at that moment, by id. */
  models(provider: string, atMs: number): CatalogModel[]
  /** Prices that providers publish, as this server has read them. */
  readonly catalogue: Catalogue
  ruleFor(model: string, traffic: Traffic): PriceRule
  rules(): readonly PriceRule[]
  /** In the order in which they are tried; those that are off come last. */
  ruleOrder(): readonly PriceRule[]
  /** What admins decided, every model once: the decision in force. */
  overridesAt(atMs: number): ModelPriceOverride[]
  /** Newest first. */
  priceHistory(provider: string, model: string): ModelPriceOverride[]
  rawCost(price: ModelPrice, usage: TokenUsage): bigint
  /** @param tokens in and out, for rules with a price a token; 0 by default */
  chargeForApp(rawPico: bigint, rule: ChargeRule, tokens?: number): Charge
  chargeForHold(
    price: ModelPrice,
    inputTokens: number,
    maxOutputTokens: number,
    rule: ChargeRule,
    options?: HoldOptions,
  ): Charge
  parts(charge: Charge, collectedNano: Nano): CollectedParts
  snapshot(price: ModelPrice, rule: PriceRule): string
  readSnapshot(json: string): { price: ModelPrice; rule: PriceRule; table: string }
  setRuleIn(tx: Tx, input: SetRuleInput): PriceRule
  setRule(ctx: WriteContext, input: SetRuleInput): Promise<PriceRule>
  setModelPriceIn(tx: Tx, input: SetModelPriceInput): ModelPriceOverride
  setModelPrice(ctx: WriteContext, input: SetModelPriceInput): Promise<ModelPriceOverride>
  /** Writes an earlier decision again, as a new one that holds from now on. @throws AppError not_found */
  repeatModelPrice(ctx: WriteContext, id: number): Promise<ModelPriceOverride>
  /** Whether an operator does not want to be asked for this model's price; it stays refused. */
  isLeftOut(provider: string, model: string): boolean
  leaveOut(ctx: WriteContext, provider: string, model: string, leftOut: boolean): Promise<void>
}

/** Usage that no honest upstream reports. The caller charges its own estimate instead. */
export class UsageError extends Error {
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(`${field}: ${message}`)
    this.name = "UsageError"
  }
}

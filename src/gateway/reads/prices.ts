// What a model costs whoever calls it, as /v1 and the page of prices tell it: figures by which a charge can be computed again.
import { creditsDecimal, type Nano, nano } from "../../app/index.ts"
import { type ModelPrice, mappedMade, type PriceRule, type Pricing, type RateKind } from "../../pricing/index.ts"
import type { ModelJson } from "./schemas.ts"

/** Tokens with a rate of their own, beside those of prompts and answers, as they are told. */
const TOKEN_NAMES = {
  cacheRead: "cached_input",
  cacheWrite: "cache_write",
  cacheWrite1h: "cache_write_1h",
  inputImage: "image_input",
  outputImage: "image_output",
  inputAudio: "audio_input",
  outputAudio: "audio_output",
  cacheAudioRead: "cached_audio_input",
  reasoning: "reasoning",
} as const satisfies Partial<Record<RateKind, string>>
export type TokenName = (typeof TOKEN_NAMES)[keyof typeof TOKEN_NAMES]

/** What is counted in a prompt, as it is told beside what is made. */
export const COUNTED_NAMES = { image: "input_image", webSearch: "web_search" } as const

const PER_TOKENS = 1_000_000
type Deps = Pick<Pricing, "chargeForApp">

/** n$ a million tokens, at the first tier. */
export function side(pricing: Deps, price: ModelPrice, rule: PriceRule, kind: RateKind): Nano {
  const base = price.rates[kind]?.base ?? 0n
  const rawPico = (base * BigInt(PER_TOKENS) + price.scale - 1n) / price.scale
  return pricing.chargeForApp(rawPico, bare(rule), PER_TOKENS).totalNano
}

/** n$ a million of each other kind of token that has a rate of its own. */
export function tokensNano(pricing: Deps, price: ModelPrice, rule: PriceRule): [TokenName, Nano][] {
  const kinds = Object.keys(TOKEN_NAMES) as (keyof typeof TOKEN_NAMES)[]
  return kinds.flatMap((kind) =>
    price.rates[kind] ? [[TOKEN_NAMES[kind], side(pricing, price, rule, kind)] as [TokenName, Nano]] : [],
  )
}

/** n$ of one, by unit and by what is asked for. */
export const eachNano = (pricing: Deps, { made = {}, scale }: ModelPrice, rule: PriceRule) =>
  mappedMade(made, (figure) => one(pricing, figure, scale, rule))

/** n$ of one of what a prompt has: pictures, searches. */
const countedNano = (pricing: Deps, { units = {}, scale }: ModelPrice, rule: PriceRule): [string, Nano][] =>
  Object.entries(units).map(([unit, figure]) => [
    COUNTED_NAMES[unit as keyof typeof COUNTED_NAMES],
    one(pricing, figure, scale, rule),
  ])

/** n$ of any call, whatever it uses. */
export const requestNano = (pricing: Deps, { perRequest, scale }: ModelPrice, rule: PriceRule): Nano =>
  pricing.chargeForApp((perRequest + scale - 1n) / scale, { ...rule, minimumNano: nano(0) }, 0).totalNano

const one = (pricing: Deps, figure: bigint, scale: bigint, rule: PriceRule): Nano =>
  pricing.chargeForApp((figure + scale - 1n) / scale, bare(rule), 0).totalNano
/** What is added to a whole call is told apart. */
const bare = (rule: PriceRule): PriceRule => ({ ...rule, minimumNano: nano(0), requestFeeNano: nano(0) })

export function pricesTold(pricing: Deps, price: ModelPrice, rule: PriceRule): ModelJson["pricing"] {
  const tokens = tokensNano(pricing, price, rule)
  const request = requestNano(pricing, price, rule)
  const each = [...madeNano(pricing, price, rule), ...countedNano(pricing, price, rule)]
  return {
    unit: "credits per million tokens",
    input: creditsDecimal(side(pricing, price, rule, "input")),
    output: creditsDecimal(side(pricing, price, rule, "output")),
    ...(tokens.length > 0 ? { tokens: told(tokens) } : {}),
    ...(each.length > 0 ? { each: told(each) } : {}),
    ...(request > 0 ? { request: creditsDecimal(request) } : {}),
    ...(rule.minimumNano > 0 ? { minimum: creditsDecimal(rule.minimumNano) } : {}),
  }
}

const told = (figures: readonly [string, Nano][]): Record<string, string> =>
  Object.fromEntries(figures.map(([name, figure]) => [name, creditsDecimal(figure)]))

/** As `each` names them: `image`, or `image 1024x1024/hd` where kinds differ. */
export const madeName = (unit: string, asked: string): string => (asked === "*" ? unit : `${unit} ${asked}`)

const madeNano = (pricing: Deps, price: ModelPrice, rule: PriceRule): [string, Nano][] =>
  Object.entries(eachNano(pricing, price, rule)).flatMap(([unit, each]) =>
    Object.entries(each).map(([asked, figure]): [string, Nano] => [madeName(unit, asked), figure]),
  )

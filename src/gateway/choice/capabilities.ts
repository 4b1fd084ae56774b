// Capabilities: words in place of models' names. Which models can do what is told by their names, as lists of models rarely say it;
// which of them answers, by what a person prefers. Pure.

import type { PriceUse } from "../../pricing/index.ts"

export const CAPABILITIES = [
  "fast",
  "thinking",
  "balanced",
  "cheap",
  "vision",
  "code",
  "long-context",
  "embedding",
  "image",
  "video",
  "speech",
] as const
export type Capability = (typeof CAPABILITIES)[number]

/** A request names it so: `capability:fast`. */
export const PREFIX = "capability:"

/** @returns null when it is no capability of ours */
export function capabilityIn(model: string): Capability | null {
  if (!model.startsWith(PREFIX)) return null
  const word = model.slice(PREFIX.length)
  return CAPABILITIES.find((one) => one === word) ?? null
}

export const COST_TIERS = ["low", "middle", "high"] as const
export type CostTier = (typeof COST_TIERS)[number]

/** What somebody prefers. */
export interface Preference {
  costTier: CostTier
  /** Names of providers, the favourite first; those that are not named come after them. */
  providers: readonly string[]
  /** Models named for a capability. */
  choices: Readonly<Partial<Record<Capability, string>>>
}

export const NO_PREFERENCE: Preference = { costTier: "middle", providers: [], choices: {} }

/** What a capability comes to for somebody who said no preference. */
export interface CapabilityNow {
  capability: Capability
  /** In the order in which they are asked; empty: nobody can. */
  models: readonly string[]
}

/** A model that answers here. */
export interface Option {
  /** What a request would name it: `provider/model`. */
  id: string
  model: string
  provider: string
  /** What answers and what prompts cost, as a person pays them: three tokens in for one out. p$ a million. */
  costPico: bigint
  isFree: boolean
  contextWindow: number | null
  use: PriceUse
  isLocal: boolean
}

const SMALL = /(^|[-_./:])(mini|nano|flash|haiku|lite|small|instant|turbo|fast|([1-9]|1[0-4])b)\b/i
const THINKS =
  /\bo[1-9]\b|gpt-5|gpt-oss|deepseek-r|reason|thinking|claude-(3[-.]7|(opus|sonnet|haiku)-[4-9]|[4-9])|gemini-(2\.5|[3-9])|qwq|qwen3|grok-([4-9]|3-mini)|magistral|glm-4\.[5-9]|kimi-k2/i
const SEES =
  /gpt-(4o|4\.1|4-turbo|[5-9])|\bo[134]\b|claude|gemini|pixtral|vision|\bvl\b|llava|llama-4|gemma-3|grok-[2-9].*vision|grok-[4-9]|mistral-(small|medium)/i
const CODES = /code|coder|codex|codestral|devstral|claude|gpt-(4\.1|[5-9])|deepseek|qwen3|kimi-k2|glm-4/i
/** Models that do something else than answer questions. */
const OTHER_WORK =
  /embed|\btts\b|whisper|transcri|dall-e|image|moderation|rerank|realtime|\bsora\b|\bveo\b|speech|audio/i

const LONG_CONTEXT = 200_000

const CAN: Readonly<Record<Capability, (option: Option) => boolean>> = {
  fast: ({ model }) => SMALL.test(model),
  thinking: ({ model }) => THINKS.test(model),
  balanced: () => true,
  cheap: () => true,
  vision: ({ model }) => SEES.test(model),
  code: ({ model }) => CODES.test(model),
  "long-context": ({ contextWindow }) => (contextWindow ?? 0) >= LONG_CONTEXT,
  embedding: ({ use }) => use === "embedding",
  image: ({ use }) => use === "image",
  video: ({ use }) => use === "video",
  speech: ({ use }) => use === "speech",
}

export const seesPictures = (model: string): boolean => SEES.test(model) && !OTHER_WORK.test(model)
export const thinks = (model: string): boolean => THINKS.test(model) && !OTHER_WORK.test(model)

const OF_ONE_USE: ReadonlySet<Capability> = new Set(["embedding", "image", "video", "speech"])
const MADE: ReadonlySet<PriceUse> = new Set(["image", "video", "speech"])

/** What models are asked for by it. */
export const useOf = (capability: Capability): PriceUse =>
  OF_ONE_USE.has(capability) ? (capability as PriceUse) : "chat"

/** Which of these can do it. The sandbox does everything, where nobody else does anything. */
export function ableOf(capability: Capability, options: readonly Option[]): readonly Option[] {
  const use = useOf(capability)
  const real = options.filter((one) => !one.isLocal)
  // The sandbox makes pictures and videos and speaks, too, whatever its price is first of.
  const known = (real.length > 0 ? real : options).filter((one) => one.use === use || (MADE.has(use) && one.isLocal))
  const able = known.filter(
    (one) => one.isLocal || ((use !== "chat" || !OTHER_WORK.test(one.model)) && CAN[capability](one)),
  )
  // A house with large models alone still has one that is the quickest.
  return able.length === 0 && capability === "fast" ? known.filter(({ model }) => !OTHER_WORK.test(model)) : able
}

/**
 * In the order in which they are to be asked: by the person's providers, then by cost as their tier wants it.
 * `cheap` is always the cheapest, `long-context` the longest first.
 */
export function ranked(capability: Capability, options: readonly Option[], preference: Preference): Option[] {
  const able = ableOf(capability, options)
  const placeOf = ({ provider }: Option): number => {
    const at = preference.providers.findIndex((name) => name.toLowerCase() === provider.toLowerCase())
    return at === -1 ? preference.providers.length : at
  }
  const byCost = able.toSorted((a, b) => compare(a.costPico, b.costPico) || (a.id < b.id ? -1 : 1))
  const ordered = capability === "cheap" ? byCost : byTier(byCost, preference.costTier)
  const order = new Map(ordered.map((option, at) => [option, at]))
  const contextOf = ({ contextWindow }: Option) => (capability === "long-context" ? -(contextWindow ?? 0) : 0)
  return able.toSorted(
    (a, b) => placeOf(a) - placeOf(b) || contextOf(a) - contextOf(b) || order.get(a)! - order.get(b)!,
  )
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)

/** The middle first, then what lies around it, the cheaper side first. */
function byTier(byCost: readonly Option[], tier: CostTier): readonly Option[] {
  if (tier === "low") return byCost
  if (tier === "high") return byCost.toReversed()
  const middle = (byCost.length - 1) / 2
  const placed = byCost.map((option, at) => ({ option, away: Math.abs(at - middle) }))
  return placed.toSorted((a, b) => a.away - b.away).map(({ option }) => option)
}

// The built-in prices of media models that the package does not know: what is paid by the picture, the second or the search. Where
// each figure of a picture was read, twice, stands in media-table.test.ts.
import { decimalOf, scaled, scaleExponent } from "./decimal.ts"
import { isFreeMade } from "./made.ts"
import type { MadeUnit, ModelPrice, PriceUse, UnitKind } from "./types.ts"

/** Which state of the table; part of every snapshot that it prices. */
const MEDIA_TABLE_VERSION = "media-2026-11-28.2"

interface MediaEntry {
  use: PriceUse
  /** $ each. */
  made?: Partial<Record<MadeUnit, Readonly<Record<string, number>>>>
  /** $ each, of what is shown to it. */
  units?: Partial<Record<UnitKind, number>>
}

const images = (each: Readonly<Record<string, number>>): MediaEntry => ({ use: "image", made: { image: each } })
const searches = (each: number): MediaEntry => ({ use: "rerank", made: { search: { "*": each } } })
const speech = (each: number): MediaEntry => ({ use: "speech", made: { character: { "*": each } } })
const listening = (each: number): MediaEntry => ({ use: "transcription", made: { second: { "*": each } } })
/** By the second, each size at its own. */
const videos = (each: Readonly<Record<string, number>>, units: MediaEntry["units"] = {}): MediaEntry => ({
  use: "video",
  made: { second: each },
  units,
})
const FREE: MediaEntry = { use: "moderation" }

const SORA = { "1280x720": 0.1, "720x1280": 0.1 }
const SORA_PRO = { "1280x720": 0.3, "720x1280": 0.3, "1024x1792": 0.5, "1792x1024": 0.5 }
/** With sound, up to 1080p. */
const VEO = { "1280x720": 0.4, "720x1280": 0.4, "1920x1080": 0.4, "1080x1920": 0.4 }
const VEO_FAST = { "1280x720": 0.1, "720x1280": 0.1, "1920x1080": 0.12, "1080x1920": 0.12 }
const GROK = { "854x480": 0.05, "480x854": 0.05, "1280x720": 0.07, "720x1280": 0.07 }

export const MEDIA_TABLE: Readonly<Record<string, Readonly<Record<string, MediaEntry>>>> = {
  openai: {
    "dall-e-2": images({ "256x256": 0.016, "512x512": 0.018, "1024x1024": 0.02 }),
    "dall-e-3": images({
      "1024x1024/standard": 0.04,
      "1024x1792/standard": 0.08,
      "1792x1024/standard": 0.08,
      "1024x1024/hd": 0.08,
      "1024x1792/hd": 0.12,
      "1792x1024/hd": 0.12,
    }),
    "tts-1": speech(0.000015),
    "tts-1-1106": speech(0.000015),
    "tts-1-hd": speech(0.00003),
    "tts-1-hd-1106": speech(0.00003),
    "whisper-1": listening(0.0001),
    "sora-2": videos(SORA),
    "sora-2-2025-10-06": videos(SORA),
    "sora-2-2025-12-08": videos(SORA),
    "sora-2-pro": videos(SORA_PRO),
    "sora-2-pro-2025-10-06": videos(SORA_PRO),
    "omni-moderation-latest": FREE,
    "omni-moderation-2024-09-26": FREE,
    "text-moderation-latest": FREE,
    "text-moderation-stable": FREE,
  },
  google: {
    "imagen-4.0-fast-generate-001": images({ "*": 0.02 }),
    "imagen-4.0-generate-001": images({ "*": 0.04 }),
    "imagen-4.0-ultra-generate-001": images({ "*": 0.06 }),
    "veo-3.1-generate-preview": videos(VEO),
    "veo-3.1-generate-001": videos(VEO),
    "veo-3.1-fast-generate-preview": videos(VEO_FAST),
    "veo-3.1-fast-generate-001": videos(VEO_FAST),
  },
  "x-ai": {
    "grok-2-image": images({ "*": 0.07 }),
    "grok-2-image-1212": images({ "*": 0.07 }),
    "grok-imagine-image": images({ "*": 0.02 }),
    "grok-imagine-video": videos(GROK, { image: 0.002 }),
  },
  cohere: {
    "rerank-v3.5": searches(0.002),
  },
}

/** $ → p$ */
const DOLLAR_SHIFT = 12
const made = new Map<string, ModelPrice>()

/** @param provider, model in lower case */
export function mediaPrice(provider: string, model: string, use: PriceUse): ModelPrice | null {
  const list = Object.hasOwn(MEDIA_TABLE, provider) ? MEDIA_TABLE[provider]! : {}
  if (!Object.hasOwn(list, model) || list[model]!.use !== use) return null
  const key = `${provider}\n${model}`
  const known = made.get(key) ?? compiled(provider, model, list[model]!)
  made.set(key, known)
  return known
}

function compiled(provider: string, model: string, { made: figures = {}, units = {} }: MediaEntry): ModelPrice {
  const exact = (dollars: number) => decimalOf(dollars, DOLLAR_SHIFT)!
  const all = [...Object.values(figures).flatMap((each) => Object.values(each)), ...Object.values(units)]
  const exponent = scaleExponent(all.map(exact))
  const scaledAll = (each: Readonly<Record<string, number>>) =>
    Object.fromEntries(Object.entries(each).map(([name, dollars]) => [name, scaled(exact(dollars), exponent)]))
  const each = Object.fromEntries(Object.entries(figures).map(([unit, kinds]) => [unit, scaledAll(kinds)]))
  return {
    provider,
    model,
    source: "table",
    version: MEDIA_TABLE_VERSION,
    scale: 10n ** BigInt(exponent),
    rates: { input: { base: 0n, tiers: [] } },
    perRequest: 0n,
    ...(Object.keys(units).length > 0 ? { units: scaledAll(units) } : {}),
    ...(Object.keys(each).length > 0 ? { made: each } : {}),
    free: isFreeMade(each),
  }
}

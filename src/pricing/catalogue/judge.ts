// Whether a price that was read is believed. A list is somebody else's program: a slipped decimal point, or a 0 that means "unknown",
// must not become what calls are charged.
import { type ModelPrice, RATE_KINDS, type RateKind } from "../types.ts"
import { CATALOGUE_LIMITS } from "./limits.ts"

const WORDS: Readonly<Record<RateKind, string>> = {
  input: "input",
  output: "output",
  cacheRead: "cached input",
  cacheWrite: "cache writes",
  cacheWrite1h: "long cache writes",
  inputAudio: "audio in",
  outputAudio: "audio out",
  cacheAudioRead: "cached audio",
  reasoning: "reasoning",
  inputImage: "pictures in",
  outputImage: "pictures out",
}
/** What a rate that was not there was charged as. Sound costs many times what text does, so a first price of it says nothing. */
const CHARGED_AS: Readonly<Partial<Record<RateKind, RateKind>>> = {
  cacheRead: "input",
  cacheWrite: "input",
  cacheWrite1h: "input",
  reasoning: "output",
}

/** Why a price is held back, in words for the operator; null = it is believed. @param before in force until now */
export function doubt(before: ModelPrice | null, read: ModelPrice): string | null {
  const most = CATALOGUE_LIMITS.rateMicroMax * read.scale
  if (Object.values(read.rates).some((rate) => rate.base > most)) return "It is above $10,000 a million tokens."
  if (read.perRequest > CATALOGUE_LIMITS.requestPicoMax * read.scale) return "It takes more than $1 for each call."
  if (before === null) return null
  if (read.free && !before.free) return "It became free."
  for (const kind of RATE_KINDS) {
    const rate = read.rates[kind]
    // Input and output are always meant; of the others, what is not said any more is charged as the one that it is part of.
    if (!rate && kind !== "input" && kind !== "output") continue
    const known = before.rates[kind]
    const was = known ?? before.rates[CHARGED_AS[kind] ?? kind]
    const words = was && moved(was.base * read.scale, (rate?.base ?? 0n) * before.scale, known !== undefined)
    if (words) return `Its ${WORDS[kind]} ${words}.`
  }
  return null
}

/** Compared without fractions: a / x against b / y is a·y against b·x. @param isKnown false = it was charged as another kind, which it may well undercut */
function moved(was: bigint, is: bigint, isKnown: boolean): string | null {
  if (was === 0n) return null
  const ratio = BigInt(CATALOGUE_LIMITS.ratioMax)
  if (is > was * ratio) return `rose more than ${ratio}-fold`
  if (!isKnown) return null
  if (is === 0n) return "became free"
  return is * ratio < was ? `fell to less than one ${ratio}th` : null
}

/** Why a whole list is refused; null = it is taken over. @param known models of it that had a price @param last models of the last read */
export function refusalOf(found: { models: number; known: number; held: number; last: number }): string | null {
  const { heldPercentMax, heldAlways } = CATALOGUE_LIMITS
  if (found.models * 2 < found.last) return `It holds ${found.models} models; the last one held ${found.last}.`
  const most = Math.max(heldAlways, Math.floor((found.known * heldPercentMax) / 100))
  if (found.held > most) return `${found.held} of ${found.known} prices moved beyond belief.`
  return null
}

// Whether a price that was read is believed. A list is somebody else's program: a slipped decimal point, or a 0 that means "unknown",
// must not become what calls are charged.
import type { ModelPrice } from "../types.ts"
import { CATALOGUE_LIMITS } from "./limits.ts"

/** Why a price is held back, in words for the operator; null = it is believed. @param before in force until now */
export function doubt(before: ModelPrice | null, read: ModelPrice): string | null {
  const most = CATALOGUE_LIMITS.rateMicroMax * read.scale
  if (Object.values(read.rates).some((rate) => rate.base > most)) return "It is above $10,000 a million tokens."
  if (before === null) return null
  if (read.free && !before.free) return "It became free."
  for (const [kind, word] of [
    ["input", "input"],
    ["output", "output"],
  ] as const) {
    // Compared without fractions: a / x against b / y is a·y against b·x.
    const was = (before.rates[kind]?.base ?? 0n) * read.scale
    const is = (read.rates[kind]?.base ?? 0n) * before.scale
    if (was === 0n) continue
    if (is === 0n) return `Its ${word} became free.`
    const ratio = BigInt(CATALOGUE_LIMITS.ratioMax)
    if (is > was * ratio) return `Its ${word} rose more than ${ratio}-fold.`
    if (is * ratio < was) return `Its ${word} fell to less than one ${ratio}th.`
  }
  return null
}

/** Why a whole list is refused; null = it is taken over. @param known models of it that had a price @param last models of the last read */
export function refusalOf(found: { models: number; known: number; held: number; last: number }): string | null {
  const { heldPercentMax, heldAlways } = CATALOGUE_LIMITS
  if (found.models * 2 < found.last) return `It holds ${found.models} models; the last one held ${found.last}.`
  const most = Math.max(heldAlways, Math.floor((found.known * heldPercentMax) / 100))
  if (found.held > most) return `${found.held} of ${found.known} prices moved beyond belief.`
  return null
}

// What a provider says it took outranks the price list, as far as it can be believed. Pure.

/** A cost so many times the computed one is a mistake, or another currency. */
const TIMES_MAX = 20n
/** Below this much nobody compares: lists round small figures. Pico-dollars: $0.001. */
const SMALL = 1_000_000_000n

export interface Believed {
  raw: bigint
  /** It was reported, and is not what the call is charged by. */
  isOdd: boolean
}

/**
 * @param computed by tokens and prices, pico-dollars. @param cost as reported; null = not said
 * @param isFree the model's price is an explicit zero
 */
export function believedCost(computed: bigint, cost: bigint | null, isFree: boolean): Believed {
  if (cost === null) return { raw: computed, isOdd: false }
  // A zero is what servers say that do not know; only of a model that costs nothing it is true.
  if (cost === 0n) return { raw: computed, isOdd: !isFree && computed > SMALL }
  if (cost > computed * TIMES_MAX + SMALL) return { raw: computed, isOdd: true }
  return { raw: cost, isOdd: false }
}

// A seeded generator (mulberry32): a failing round can be played again with PURSER_TEST_SEED.

export interface Random {
  readonly seed: number
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number
}

export function createRandom(seed = Number(process.env.PURSER_TEST_SEED ?? Date.now() % 1_000_000)): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { seed, between: (min, max) => min + Math.floor(next() * (max - min + 1)) }
}

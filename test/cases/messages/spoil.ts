// For tests only: JSON with something wrong anywhere.

/** Numbers from 0 to below `limit`, the same each time (mulberry32). */
export function numbersFrom(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
}

const ODD: unknown[] = [null, 0, -1, 1e300, "", "x", "tool", [], {}, [null], [[]], { type: "text" }, true, { type: {} }]

/** The same with one member changed, left out, or one too many. */
export function spoiled(value: unknown, next: (limit: number) => number): unknown {
  if (typeof value !== "object" || value === null || next(6) === 0) return ODD[next(ODD.length)]
  const entries = Object.entries(value)
  if (entries.length === 0 || next(12) === 0) {
    return Array.isArray(value) ? [...value, ODD[next(ODD.length)]] : { ...value, odd: 1 }
  }
  const [name, inside] = entries[next(entries.length)]!
  if (next(10) === 0) return Array.isArray(value) ? [] : Object.fromEntries(entries.filter(([other]) => other !== name))
  const changed = spoiled(inside, next)
  return Array.isArray(value) ? value.with(Number(name), changed) : { ...value, [name]: changed }
}

// A seeded generator (mulberry32). The whole of a run depends on it and on nothing else, so that a seed replays a failure.

export class Random {
  private state: number
  constructor(readonly seed: number) {
    this.state = seed >>> 0
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  /** A whole number from 0 to below `max`. */
  int(max: number): number {
    return Math.floor(this.next() * max)
  }
  /** A whole number from `min` to `max`, both included. */
  between(min: number, max: number): number {
    return min + this.int(max - min + 1)
  }
  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.int(times) === 0
  }
  pick<T>(list: readonly T[]): T {
    return list[this.int(list.length)]!
  }
  maybe<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : this.pick(list)
  }
  weighted<T extends { weight: number }>(list: readonly T[]): T {
    let dice = this.next() * list.reduce((sum, one) => sum + one.weight, 0)
    for (const one of list) {
      dice -= one.weight
      if (dice < 0) return one
    }
    return list.at(-1)!
  }
}

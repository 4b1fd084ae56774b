// What a search found, for its other pages, orders and categories: kept until a card is made anew, and no longer than cards may be behind.
import { Lru } from "../../app/index.ts"
import { SHOWCASE_LIMITS as L } from "./limits.ts"

interface Kept {
  value: unknown
  untilMs: number
}

export class Found {
  private kept = new Lru<Kept>(L.foundMax)

  /** @param now ms that only grow */
  of<T>(key: string, make: () => T, now = performance.now()): T {
    const known = this.kept.get(key)
    if (known && known.untilMs > now) return known.value as T
    const value = make()
    this.kept.set(key, { value, untilMs: now + L.freshEveryMs })
    return value
  }

  forget(): void {
    this.kept = new Lru(L.foundMax)
  }
}

// A map for what comes and goes: calls in flight, requests that wait. The engine's own Map keeps, for iterators on their way, a pointer
// from each table that it outgrew or cleared to the next. One such table that has become old keeps all later ones, and with them every
// entry that ever stood in one, until a full collection: a map of 30 calls in flight held all calls of the last minute, 100 MB.
// This one starts a new Map before a table is outgrown, which no old one points to.

/** Below this many deletions the tables are too small to matter. */
const REMOVED_MIN = 16

export class Passing<K, V> {
  private map = new Map<K, V>()
  private removed = 0

  get size(): number {
    return this.map.size
  }

  has(key: K): boolean {
    return this.map.has(key)
  }

  get(key: K): V | undefined {
    return this.map.get(key)
  }

  set(key: K, value: V): void {
    this.map.set(key, value)
  }

  /** Costs one copied entry on average. Whoever walks the values meanwhile sees them as they were. */
  delete(key: K): boolean {
    if (!this.map.delete(key)) return false
    this.removed++
    if (this.removed >= REMOVED_MIN && this.removed > this.map.size) {
      this.map = new Map(this.map)
      this.removed = 0
    }
    return true
  }

  clear(): void {
    this.map = new Map()
    this.removed = 0
  }

  entries(): Iterable<[K, V]> {
    return this.map.entries()
  }

  values(): Iterable<V> {
    return this.map.values()
  }
}

// A bounded map that forgets what was not asked for longest, roughly: two generations, of which the older goes as a whole. Costs
// nothing per use but one look more for what is old.

export class Generations<K, V> {
  private young = new Map<K, V>()
  private old = new Map<K, V>()

  /** @param max entries that are kept at most */
  constructor(private readonly max: number) {}

  get(key: K): V | undefined {
    const known = this.young.get(key)
    if (known !== undefined) return known
    const older = this.old.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: K, value: V): void {
    if (this.young.size >= this.max / 2) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }

  delete(key: K): void {
    this.young.delete(key)
    this.old.delete(key)
  }

  /** Each once, as it is now. */
  *entries(): IterableIterator<[K, V]> {
    for (const [key, value] of this.old) if (!this.young.has(key)) yield [key, value]
    yield* this.young
  }

  *values(): IterableIterator<V> {
    for (const [, value] of this.entries()) yield value
  }

  clear(): void {
    this.young.clear()
    this.old.clear()
  }
}

// A bounded map that forgets what was used longest ago. Map keeps insertion order; a hit is re-inserted.
export class Lru<V> {
  private readonly map = new Map<string, V>()
  constructor(private readonly entriesMax: number) {}
  get size(): number {
    return this.map.size
  }
  get(key: string): V | undefined {
    const value = this.map.get(key)
    if (value === undefined) return undefined
    this.map.delete(key)
    this.map.set(key, value)
    return value
  }
  set(key: string, value: V): void {
    this.map.delete(key)
    this.map.set(key, value)
    if (this.map.size > this.entriesMax) this.map.delete(this.map.keys().next().value!)
  }
  delete(key: string): void {
    this.map.delete(key)
  }
}

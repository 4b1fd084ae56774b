// A bounded map that forgets what was not used for longest, roughly: two generations, of which the older goes as a whole. A hit among
// the young changes nothing: to move each to the end of a Map leaves a table behind every few thousand hits (app/passing.ts).
export class Lru<V> {
  private young = new Map<string, V>()
  private old = new Map<string, V>()
  constructor(private readonly entriesMax: number) {}

  /** Of both generations. */
  get size(): number {
    return this.young.size + this.old.size
  }

  get(key: string): V | undefined {
    const value = this.young.get(key)
    if (value !== undefined) return value
    const older = this.old.get(key)
    if (older === undefined) return undefined
    this.old.delete(key)
    this.set(key, older)
    return older
  }

  set(key: string, value: V): void {
    if (this.young.size >= this.entriesMax / 2) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }

  delete(key: string): void {
    this.young.delete(key)
    this.old.delete(key)
  }
}

// What wallets spent, as a run of a table has it: in their order, ten bytes each, and sixteen for the few who do not fit. Pure. A ranking of a
// million wallets adds up a few million numbers, which takes milliseconds from packed rows and seconds from rows of a table.

export interface Spent {
  account: number
  calls: number
  nano: number
}

/** Wallets of a run, each once, as columns `bytes` and `wide` have them. */
export interface Run {
  spenders: number
  bytes: Uint8Array
  wide: Uint8Array
}

const NARROW_BYTES = 10
const WIDE_BYTES = 16
const NANO_MAX = 0xffff_ffff
const CALLS_MAX = 0xffff

/** @param spent each wallet at most once, in any order */
export function packed(spent: readonly Spent[]): Run {
  const sorted = spent.toSorted((a, b) => a.account - b.account)
  const isWide = ({ calls, nano }: Spent): boolean => nano > NANO_MAX || calls > CALLS_MAX
  const narrow = sorted.filter((one) => !isWide(one))
  const wide = sorted.filter(isWide)
  const bytes = new Uint8Array(narrow.length * NARROW_BYTES)
  const columns = narrowOf(bytes)
  const large = new Uint8Array(wide.length * WIDE_BYTES)
  const largeColumns = wideOf(large)
  for (const [{ accounts, nanos, calls }, rows] of [
    [columns, narrow],
    [largeColumns, wide],
  ] as const) {
    for (const [at, one] of rows.entries()) {
      accounts[at] = one.account
      nanos[at] = one.nano
      calls[at] = one.calls
    }
  }
  return { spenders: sorted.length, bytes, wide: large }
}

/** Typed arrays begin at multiples of their size; bytes of a row begin where the database says. */
const aligned = (bytes: Uint8Array): Uint8Array => (bytes.byteOffset % 8 === 0 ? bytes : bytes.slice())

function narrowOf(row: Uint8Array) {
  const { buffer, byteOffset, byteLength } = aligned(row)
  const count = byteLength / NARROW_BYTES
  return {
    count,
    accounts: new Uint32Array(buffer, byteOffset, count),
    nanos: new Uint32Array(buffer, byteOffset + 4 * count, count),
    calls: new Uint16Array(buffer, byteOffset + 8 * count, count),
  }
}

function wideOf(row: Uint8Array) {
  const { buffer, byteOffset, byteLength } = aligned(row)
  const count = byteLength / WIDE_BYTES
  return {
    count,
    nanos: new Float64Array(buffer, byteOffset, count),
    accounts: new Uint32Array(buffer, byteOffset + 8 * count, count),
    calls: new Uint32Array(buffer, byteOffset + 12 * count, count),
  }
}

/** Whether a wallet is in a run. */
export function isIn({ bytes, wide }: Pick<Run, "bytes" | "wide">, account: number): boolean {
  return has(narrowOf(bytes).accounts, account) || has(wideOf(wide).accounts, account)
}

function has(sorted: Uint32Array, account: number): boolean {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < account) low = middle + 1
    else high = middle
  }
  return sorted[low] === account
}

/** What wallets spent together: by their numbers, which have few gaps. */
export class Spending {
  private nanos = new Float64Array(1_024)
  private calls = new Float64Array(1_024)
  /** Wallets that called, as they came: a ranking of a day looks at these, not at all numbers. */
  private callers = new Uint32Array(1_024)
  private count = 0

  add({ account, calls, nano }: Spent): void {
    this.reach(account)
    if (this.calls[account] === 0) this.note(account)
    this.nanos[account]! += nano
    this.calls[account]! += calls
  }

  addRun({ bytes, wide }: Pick<Run, "bytes" | "wide">): void {
    for (const { count, accounts, nanos, calls } of [narrowOf(bytes), wideOf(wide)]) {
      if (count === 0) continue
      this.reach(accounts[count - 1]!)
      const [sums, counts] = [this.nanos, this.calls]
      for (let at = 0; at < count; at++) {
        const account = accounts[at]!
        if (counts[account] === 0) this.note(account)
        sums[account]! += nanos[at]!
        counts[account]! += calls[at]!
      }
    }
  }

  /** What it takes in memory. */
  get bytes(): number {
    return this.nanos.byteLength + this.calls.byteLength + this.callers.byteLength
  }

  /**
   * Those of this one who spent most, at most so many: of equal ones whose wallet is older.
   * @param more what the same wallets spent besides
   */
  top(most: number, more?: Spending): Spent[] {
    const found: Spent[] = []
    let bar: Spent | undefined
    for (let at = 0; at < this.count; at++) {
      const account = this.callers[at]!
      const nano = this.nanos[account]! + (more?.nanos[account] ?? 0)
      if (bar && (nano < bar.nano || (nano === bar.nano && account > bar.account))) continue
      found.push({ account, calls: this.calls[account]! + (more?.calls[account] ?? 0), nano })
      if (found.length < most * 10) continue
      found.sort(byNano)
      found.length = most
      bar = found.at(-1)!
    }
    return found.sort(byNano).slice(0, most)
  }

  has(account: number): boolean {
    return (this.calls[account] ?? 0) !== 0
  }

  /** In the order of wallets. */
  all(): Spent[] {
    return Array.from(this.callers.slice(0, this.count).sort(), (account) => ({
      account,
      calls: this.calls[account]!,
      nano: this.nanos[account]!,
    }))
  }

  private note(account: number): void {
    if (this.count === this.callers.length) {
      const longer = new Uint32Array(this.count * 2)
      longer.set(this.callers)
      this.callers = longer
    }
    this.callers[this.count++] = account
  }

  private reach(account: number): void {
    if (account < this.calls.length) return
    const length = Math.max(account + 1, this.calls.length * 2)
    this.nanos = grown(this.nanos, length)
    this.calls = grown(this.calls, length)
  }
}

/** What was spent in a time that is over, with who spent most of it. */
export interface Ranked {
  spending: Spending
  top: readonly Spent[]
}

/**
 * Those who spent most in both together. Whoever spent nothing since is among them only by being among those of before: so only those,
 * and whoever spent since, are looked at.
 * @param before with at least `most` of its top
 */
export function topOf(most: number, before: Ranked | null, since: Spending): Spent[] {
  const rest = before?.top.filter(({ account }) => !since.has(account)) ?? []
  return [...rest, ...since.top(most, before?.spending)].sort(byNano).slice(0, most)
}

const byNano = (a: Spent, b: Spent): number => b.nano - a.nano || a.account - b.account

function grown(values: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length)
  longer.set(values)
  return longer
}

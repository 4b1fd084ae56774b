// What days come to that are over. All of their charges are in the sums, so they change by erasure and by sums that are made again alone, which
// move `version` (triggers of 0120_analytics_closed). So a reader keeps what it read of them, and asks the database for the days since.
import type { Reader } from "../store/index.ts"
import type { Span } from "./types.ts"

/** What one reader keeps, bytes: a set of a million people is an eighth of one, what they spent sixteen. */
const KEPT_BYTES = 96 * 1_048_576

export interface Parted {
  /** The days of a span that are over; null: none is. */
  closed: Span | null
  /** The others. */
  open: Span | null
}

interface State {
  closedBefore: number
  version: number
}

const stateOf = (reader: Reader): State =>
  reader.get<State>("SELECT closed_before AS closedBefore, version FROM analytics_fold")!

export function parted(reader: Reader, { from, to }: Span): Parted {
  const { closedBefore } = stateOf(reader)
  return {
    closed: from < closedBefore ? { from, to: Math.min(to, closedBefore - 1) } : null,
    open: to >= closedBefore ? { from: Math.max(from, closedBefore), to } : null,
  }
}

/** Least recently used first, by bytes: one entry takes a hundred times what another does, and `Lru` counts entries. */
class Kept {
  private version = -1
  private bytes = 0
  private readonly entries = new Map<string, { value: unknown; bytes: number }>()

  get<T>(version: number, name: string, make: () => T, bytesOf: (value: T) => number): T {
    if (version !== this.version) this.forget()
    this.version = version
    const known = this.entries.get(name) as { value: T; bytes: number } | undefined
    const value = known ? known.value : make()
    const bytes = known?.bytes ?? bytesOf(value)
    this.entries.delete(name)
    this.entries.set(name, { value, bytes })
    if (!known) this.bytes += bytes
    for (const [oldest, entry] of this.entries) {
      if (this.bytes <= KEPT_BYTES || oldest === name) break
      this.entries.delete(oldest)
      this.bytes -= entry.bytes
    }
    return value
  }

  private forget(): void {
    this.entries.clear()
    this.bytes = 0
  }
}

const readers = new WeakMap<Reader, Kept>()

/**
 * What `make` reads of days that are over, from memory where it was read before. It is shared: whoever gets it changes nothing in it.
 * @param name tells it from all else, its days too
 * @param bytesOf what it takes
 */
export function kept<T>(reader: Reader, name: string, make: () => T, bytesOf: (value: T) => number): T {
  let own = readers.get(reader)
  if (!own) {
    own = new Kept()
    readers.set(reader, own)
  }
  return own.get(stateOf(reader).version, name, make, bytesOf)
}

// A memory of rows that rarely change, for mutations only. It goes by the counts of writes (`written.ts`): a write to one of its
// tables, seen before the next read, ends all it knows. Nothing is invalidated by hand, so nothing can be forgotten there.
import { getTableName } from "drizzle-orm"
import type { SQLiteTable } from "drizzle-orm/sqlite-core"
import { LIMITS } from "../app/index.ts"
import type { Statements } from "./connection.ts"
import { OpenTx } from "./open-tx.ts"
import type { Reader, Tx } from "./types.ts"
import type { TableVersion } from "./written.ts"

interface Definition<Key, Value> {
  /** Every table that `load` reads. */
  of: readonly SQLiteTable[]
  /**
   * Reads by SQL. The answer depends on the rows and the key alone, never on the time: remember the moment, compare it outside.
   * It is shared: objects are frozen, and nobody changes a list.
   */
  load: (reader: Reader, key: Key) => Value
  /**
   * Whether that a row is missing is an answer too: each INSERT then counts. Otherwise `load` finds rows by their keys, which an
   * INSERT of other rows leaves as they are, and null is asked again.
   */
  absence?: true
  max?: number
}

export interface Memory<Key, Value> {
  /** What `load` says now. Readers of committed data are not remembered for: they ask SQLite. */
  get(reader: Reader, key: Key): Value
  /**
   * Runs a write of what is remembered whose outcome is known, without forgetting the rest: after it, `load` says this of the key, and of
   * other keys what it said before.
   */
  writing(tx: Tx, key: Key, value: Value, write: () => void): void
}

const tables = new Set<string>()
/** Names of the tables that are remembered from; no trigger and no cascade may write them. */
export const rememberedTables = (): string[] => [...tables].sort()

let isOff = false
/** What `read` asks comes from SQLite; for tests that compare. */
export function withoutMemory<T>(read: () => T): T {
  const before = isOff
  isOff = true
  try {
    return read()
  } finally {
    isOff = before
  }
}

/** Made once, at the top of a store file. */
export function remember<Key extends string | number, Value>(definition: Definition<Key, Value>): Memory<Key, Value> {
  for (const table of definition.of) tables.add(getTableName(table))
  return new TableMemory(definition)
}

class TableMemory<Key extends string | number, Value> implements Memory<Key, Value> {
  private source: Statements | null = null
  private versions: TableVersion[] = []
  private stamp = -1
  /** Two generations: the older one goes at once when the younger is half of what may be kept. What is used moves on. */
  private young = new Map<Key, Value>()
  private old = new Map<Key, Value>()

  constructor(private readonly given: Definition<Key, Value>) {}

  get(reader: Reader, key: Key): Value {
    if (isOff || !(reader instanceof OpenTx)) return this.given.load(reader, key)
    this.keepUp(connectionOf(reader))
    const known = this.young.get(key)
    if (known !== undefined) return known
    const older = this.old.get(key)
    const value = older === undefined ? this.given.load(reader, key) : older
    if (value !== null || this.given.absence) this.put(key, older === undefined ? frozen(value) : value)
    return value
  }

  writing(tx: Tx, key: Key, value: Value, write: () => void): void {
    if (isOff || !(tx instanceof OpenTx)) {
      write()
      return
    }
    this.keepUp(connectionOf(tx))
    write()
    // Nothing else ran meanwhile. A write that threw leaves the sum behind, and with it all is forgotten.
    this.stamp = this.sum(connectionOf(tx))
    this.old.delete(key)
    this.put(key, frozen(value))
  }

  /** Counts only grow: an equal sum says that no table was written. */
  private keepUp(source: Statements): void {
    if (this.source !== source) {
      this.source = source
      this.versions = this.given.of.map((table) => source.versions.of(getTableName(table)))
      this.forget()
    }
    const stamp = this.sum(source)
    if (stamp === this.stamp) return
    this.stamp = stamp
    this.forget()
  }

  private sum(source: Statements): number {
    let sum = source.versions.epoch
    for (const version of this.versions) sum += this.given.absence ? version.changes + version.adds : version.changes
    return sum
  }

  private forget(): void {
    if (this.young.size > 0) this.young = new Map()
    if (this.old.size > 0) this.old = new Map()
  }

  private put(key: Key, value: Value): void {
    if (this.young.size >= (this.given.max ?? LIMITS.rememberedMax) / 2) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }
}

/** A list is left as it is: the engine keeps a frozen one as a sparse one, with a shape of its own, which is larger and slower. */
const frozen = <Value>(value: Value): Value =>
  typeof value === "object" && !Array.isArray(value) ? Object.freeze(value) : value

/** The connection of a mutation that is still alive. What is private to a transaction is so to domains, not to its neighbours. */
function connectionOf(tx: OpenTx): Statements {
  // biome-ignore lint/complexity/useLiteralKeys: the brackets are how a private member is reached
  tx["check"]()
  // biome-ignore lint/complexity/useLiteralKeys: as above
  return tx["sql"]
}

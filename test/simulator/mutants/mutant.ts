// Bugs that the simulator must find. A mutant changes what the real ledger writes, reads, remembers or answers from outside: its SQL by
// a view of the transaction, its memory where that is made, its verbs by a wrapper, the schema's views, the disk by its image after a
// crash. The ledger's own code is never touched.
import type { Database } from "bun:sqlite"
import type { BooksMemory, WalletEntry } from "../../../src/ledger/books/memory.ts"
import type { Ledger } from "../../../src/ledger/index.ts"
import type { Plans } from "../../../src/plans/index.ts"
import type { Kept, SqlValue, Tx } from "../../../src/store/index.ts"
import { type Seam, viewOf } from "../seam.ts"
import type { Image } from "../wal.ts"

export interface Mutant {
  name: string
  /** How often it changed something; a mutant that never could proves nothing. */
  hits: number
  decorate?: (tx: Tx) => Tx
  remember?: (kept: Kept, seam: Seam) => void
  wrap?: (ledger: Ledger) => Ledger
  wrapPlans?: (plans: Plans) => Plans
  /** Of a fresh database. */
  schema?: (db: Database) => void
  image?: (image: Image) => Image
}

export interface Statement {
  sql: string
  params: SqlValue[]
  /** What becomes of each row that is read. */
  row?: (row: Record<string, unknown>) => Record<string, unknown>
}

/** @param change gets each statement; null = it is not run at all, the same object unchanged = no bug this time */
export function statements(name: string, change: (statement: Statement, tx: Tx) => Statement | null): Mutant {
  const mutant: Mutant = { name, hits: 0 }
  mutant.decorate = (tx) => {
    const pass = (sql: string, params: SqlValue[]): Statement | null => {
      const given = { sql, params }
      const changed = change(given, tx)
      if (changed !== given) mutant.hits++
      return changed
    }
    const rowsOf = (one: Statement, rows: Record<string, unknown>[]) => (one.row ? rows.map(one.row) : rows)
    const view = {
      get(sql: string, ...params: SqlValue[]) {
        const one = pass(sql, params)
        const row = one && tx.get<Record<string, unknown>>(one.sql, ...one.params)
        return row ? rowsOf(one, [row])[0] : null
      },
      all(sql: string, ...params: SqlValue[]) {
        const one = pass(sql, params)
        return one ? rowsOf(one, tx.all<Record<string, unknown>>(one.sql, ...one.params)) : []
      },
      run(sql: string, ...params: SqlValue[]) {
        const one = pass(sql, params)
        return one ? tx.run(one.sql, ...one.params) : { changes: 1, lastInsertRowid: 0 }
      },
      insert(sql: string, values: SqlValue[]) {
        const one = pass(sql, values)
        return one ? tx.insert(one.sql, one.params) : 0
      },
    }
    return viewOf(tx, view as unknown as Partial<Tx>)
  }
  return mutant
}

/** Changes one parameter, counted from 0 (from the end below 0), of statements whose text matches. */
export function parameter(name: string, text: RegExp, at: number, to: (value: SqlValue) => SqlValue): Mutant {
  return statements(name, (statement) => {
    if (!text.test(statement.sql)) return statement
    const index = at < 0 ? statement.params.length + at : at
    const value = to(statement.params[index]!)
    return value === statement.params[index] ? statement : { ...statement, params: statement.params.with(index, value) }
  })
}

/** Columns of rows that are inserted: where each stands among the parameters. */
export const columnsIn = (sql: string, table: string): string[] =>
  new RegExp(`^INSERT INTO ${table} \\(([^)]*)\\)`).exec(sql)?.[1]?.split(", ") ?? []

/** Changes one column of rows that are inserted. */
export const column = (name: string, table: string, field: string, to: (value: SqlValue) => SqlValue): Mutant =>
  statements(name, (statement) => {
    const index = columnsIn(statement.sql, table).indexOf(field)
    if (index < 0) return statement
    const value = to(statement.params[index]!)
    return value === statement.params[index] ? statement : { ...statement, params: statement.params.with(index, value) }
  })

/** Changes the text of statements. */
export const text = (name: string, from: RegExp, to: string): Mutant =>
  statements(name, (statement) => {
    const sql = statement.sql.replace(from, to)
    return sql === statement.sql ? statement : { ...statement, sql }
  })

/** Statements that match are not run. */
export const dropped = (name: string, text: RegExp, when: () => boolean = () => true): Mutant =>
  statements(name, (statement) => (text.test(statement.sql) && when() ? null : statement))

/** Rows that statements read are changed. */
export const rows = (
  name: string,
  text: RegExp,
  row: NonNullable<Statement["row"]>,
  when: (tx: Tx) => boolean = () => true,
): Mutant =>
  statements(name, (statement, tx) => (text.test(statement.sql) && when(tx) ? { ...statement, row } : statement))

const counted = <T extends object>(mutant: Mutant, whole: T, changed: Partial<T>): T => {
  const all: Record<string, unknown> = {}
  for (const [verb, act] of Object.entries(changed)) {
    all[verb] = (...args: unknown[]) => {
      mutant.hits++
      return (act as (...all: unknown[]) => unknown)(...args)
    }
  }
  return { ...whole, ...all }
}

/** Changes verbs of the ledger. */
export function verbs(name: string, change: (ledger: Ledger) => Partial<Ledger>): Mutant {
  const mutant: Mutant = { name, hits: 0 }
  mutant.wrap = (ledger) => counted(mutant, ledger, change(ledger))
  return mutant
}

/** Changes verbs of plans. */
export function plansVerbs(name: string, change: (plans: Plans) => Partial<Plans>): Mutant {
  const mutant: Mutant = { name, hits: 0 }
  mutant.wrapPlans = (plans) => counted(mutant, plans, change(plans))
  return mutant
}

/** Lets a mutant know which verb is running just now. */
export function during<K extends keyof Ledger>(
  mutant: Mutant,
  verb: K,
  mark: (...args: Parameters<Ledger[K]>) => () => void,
) {
  mutant.wrap = (ledger) => ({
    ...ledger,
    [verb](...args: Parameters<Ledger[K]>) {
      const end = mark(...args)
      try {
        return (ledger[verb] as (...all: unknown[]) => unknown)(...args)
      } finally {
        end()
      }
    },
  })
  return mutant
}

/** Two changes that are one bug. */
export function both(one: Mutant, other: Mutant): Mutant {
  const mutant: Mutant = {
    name: one.name,
    get hits() {
      return one.hits + other.hits
    },
    decorate: (tx) => other.decorate?.(one.decorate?.(tx) ?? tx) ?? one.decorate?.(tx) ?? tx,
    remember(kept, seam) {
      one.remember?.(kept, seam)
      other.remember?.(kept, seam)
    },
    wrap: (ledger) => other.wrap?.(one.wrap?.(ledger) ?? ledger) ?? one.wrap?.(ledger) ?? ledger,
  }
  return mutant
}

/** What the memory has inside. */
interface Inside {
  load(tx: Tx, row: object): WalletEntry
  drop(entry: WalletEntry): void
  forgetShared(): void
  touched: WalletEntry[]
  accounts: { clear(): void }
  foldedThrough: number | null
  sums: Pick<BooksMemory["sums"], keyof BooksMemory["sums"]> & { brought: unknown }
}
export type Memory = Omit<BooksMemory, keyof Inside> & Inside

const isBooks = (kept: Kept): boolean => "sums" in kept

/** Changes what is remembered of the books, when that is made. `hit` is to be called when it mattered. */
export function memory(name: string, change: (books: Memory, hit: () => void, seam: Seam) => void): Mutant {
  const mutant: Mutant = { name, hits: 0 }
  mutant.remember = (kept, seam) => {
    if (isBooks(kept)) change(kept as unknown as Memory, () => mutant.hits++, seam)
  }
  return mutant
}

/** Changes each wallet that is read into the memory. */
export const entries = (name: string, change: (entry: WalletEntry, hit: () => void) => void): Mutant =>
  memory(name, (books, hit) => {
    const load = books.load.bind(books)
    books.load = (tx, row) => {
      const entry = load(tx, row)
      change(entry, hit)
      return entry
    }
  })

/** Changes the text of a view of the schema. */
export function view(name: string, of: string, from: string, to: string): Mutant {
  const mutant: Mutant = { name, hits: 0 }
  mutant.schema = (db) => {
    const { sql } = db.query<{ sql: string }, [string]>("SELECT sql FROM sqlite_schema WHERE name = ?").get(of)!
    const changed = sql.replace(from, to)
    if (changed === sql) throw new Error(`the view ${of} has no ${from}`)
    mutant.hits++
    db.run(`DROP VIEW ${of}`)
    db.run(changed)
  }
  return mutant
}

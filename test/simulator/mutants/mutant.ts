// Bugs that the simulator must find. A mutant changes what the real ledger writes, reads or answers from outside: its SQL by a
// view of the transaction, its verbs by a wrapper, the disk by its image after a crash. The ledger's own code is never touched.
import type { Ledger } from "../../../src/ledger/index.ts"
import type { Plans } from "../../../src/plans/index.ts"
import type { Kept, SqlValue, Tx } from "../../../src/store/index.ts"
import type { Image } from "../wal.ts"

export interface Mutant {
  name: string
  /** How often it changed something; a mutant that never could proves nothing. */
  hits: number
  decorate?: (tx: Tx) => Tx
  remember?: (kept: Kept) => void
  wrap?: (ledger: Ledger) => Ledger
  wrapPlans?: (plans: Plans) => Plans
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
      afterCommit: (effect: () => void) => tx.afterCommit(effect),
      kept: <K extends Kept>(make: () => K): K => tx.kept(make),
      now: tx.now,
      ctx: tx.ctx,
      get drizzle() {
        return tx.drizzle
      },
    }
    return view as unknown as Tx
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

/** Changes one column of rows that are inserted. */
export const column = (name: string, table: string, field: string, to: (value: SqlValue) => SqlValue): Mutant =>
  statements(name, (statement) => {
    const columns = new RegExp(`^INSERT INTO ${table} \\(([^)]*)\\)`).exec(statement.sql)?.[1]?.split(", ") ?? []
    const index = columns.indexOf(field)
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
export const dropped = (name: string, text: RegExp): Mutant =>
  statements(name, (statement) => (text.test(statement.sql) ? null : statement))

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

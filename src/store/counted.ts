// Prepared statements that count what they write, for our own SQL and for drizzle's: no write goes around the counts.
import type { Changes, Database } from "bun:sqlite"
import type { SqlValue } from "./types.ts"
import { type Versions, writeOf } from "./written.ts"

/** A statement that takes its parameters as one list: handing the list on spares a copy of it on every call. */
export interface Prepared {
  get(params: SqlValue[]): unknown
  all(params: SqlValue[]): unknown[]
  run(params: SqlValue[]): Changes
}

/** Counted before it runs: what fails in the middle has counted too, which costs a read and is never wrong. */
export function countedStatement(db: Database, versions: Versions, sql: string): Prepared {
  const statement = db.prepare(sql) as unknown as Prepared
  const write = writeOf(sql)
  if (!write) return statement
  const count = versions.counter(write)
  return {
    get(params) {
      count()
      return statement.get(params)
    },
    all(params) {
      count()
      return statement.all(params)
    },
    run(params) {
      count()
      return statement.run(params)
    },
  }
}

/** What drizzle calls of a statement. */
interface DrizzleStatement {
  run(...params: unknown[]): unknown
  all(...params: unknown[]): unknown
  values(...params: unknown[]): unknown
}

/**
 * The connection as drizzle may have it: it prepares, and nothing else. Transactions are the writer's; drizzle's own would go
 * around it, and find no method here.
 */
export function drizzleClient(db: Database, versions: Versions): Database {
  class DrizzleClient {
    prepare(sql: string): DrizzleStatement {
      const statement = db.prepare(sql) as unknown as DrizzleStatement
      const write = writeOf(sql)
      if (!write) return statement
      const count = versions.counter(write)
      return {
        run(...params) {
          count()
          return statement.run(...params)
        },
        all(...params) {
          count()
          return statement.all(...params)
        },
        values(...params) {
          count()
          return statement.values(...params)
        },
      }
    }
  }
  return new DrizzleClient() as unknown as Database
}

// Somebody else who writes to the same file, with a connection of their own: knows nothing of what the server remembers, and
// remembers nothing from one write to the next. What they write keeps the books right.
import { Database } from "bun:sqlite"
import { drizzle } from "drizzle-orm/bun-sqlite"
import type { Clock, Ids } from "../../src/app/index.ts"
import { createLedger, type HoldRef } from "../../src/ledger/index.ts"
import type { Plans } from "../../src/plans/index.ts"
import type { Kept, SqlValue, Store, Tx } from "../../src/store/index.ts"
import { type Act, type Outcome, outcomeOf, type Real } from "./act.ts"
import { ctx } from "./operations/people.ts"

export interface ForeignDeps {
  store: Store
  clock: Clock
  ids: Ids
  bootId: string
  names: Map<string, HoldRef>
}

export class Foreign {
  private readonly db: Database
  private readonly real: Real

  constructor(path: string, { names, ...deps }: ForeignDeps) {
    this.db = new Database(path, { readwrite: true, strict: true })
    this.db.run("PRAGMA foreign_keys = ON")
    this.db.run("PRAGMA synchronous = OFF")
    // Plans are nobody else's business: acts of the ledger alone are done here.
    this.real = { ledger: createLedger(deps), plans: {} as Plans, store: deps.store, names }
  }

  /** A commit that changes nothing that anybody remembers. */
  touch(): void {
    this.db.run("UPDATE last_commit SET at_ms = at_ms")
  }

  /** Statements at once, in one commit. */
  run(statements: readonly string[]): void {
    this.db.transaction(() => {
      for (const sql of statements) this.db.run(sql)
    })()
  }

  /** One act of the ledger, in a commit of its own. */
  do(act: Act, now: number): Promise<Outcome> {
    return outcomeOf(async () => {
      this.db.run("BEGIN IMMEDIATE")
      try {
        const kept = new Map<() => Kept, Kept>()
        const tx = this.tx(kept, now)
        const value = act.realIn!(this.real, tx)
        for (const one of kept.values()) one.beforeCommit(tx)
        this.db.run("COMMIT")
        return value
      } catch (error) {
        this.db.run("ROLLBACK")
        throw error
      }
    })
  }

  private tx(kept: Map<() => Kept, Kept>, now: number): Tx {
    const { db } = this
    const insert = (sql: string, values: SqlValue[]) => Number(db.query(sql).run(...values).lastInsertRowid)
    const tx = {
      insert,
      get: (sql: string, ...params: SqlValue[]) => db.query(sql).get(...params),
      all: (sql: string, ...params: SqlValue[]) => db.query(sql).all(...params),
      run(sql: string, ...params: SqlValue[]) {
        const { changes, lastInsertRowid } = db.query(sql).run(...params)
        return { changes, lastInsertRowid: Number(lastInsertRowid) }
      },
      kept(make: () => Kept) {
        const known = kept.get(make) ?? make()
        kept.set(make, known)
        return known
      },
      afterCommit: () => {},
      now,
      ctx,
      get drizzle() {
        return drizzle(db)
      },
    }
    return tx as unknown as Tx
  }

  close(): void {
    this.db.close()
  }
}

// The writer as a mutation sees it. Every member refuses to work once the mutation has returned.
import type { BunSQLiteDatabase } from "drizzle-orm/bun-sqlite"
import { invariant } from "../app/index.ts"
import type { Statements } from "./connection.ts"
import type { Keeping } from "./keeping.ts"
import type { Kept, SqlValue, WriteContext } from "./types.ts"

export class OpenTx {
  private alive = true
  constructor(
    private readonly sql: Statements,
    readonly now: number,
    readonly ctx: WriteContext,
    private readonly effects: (() => void)[],
    private readonly keeping: Keeping,
  ) {}
  get<R>(sql: string, ...params: SqlValue[]): R | null {
    this.check()
    return this.sql.get<R>(sql, ...params)
  }
  all<R>(sql: string, ...params: SqlValue[]): R[] {
    this.check()
    return this.sql.all<R>(sql, ...params)
  }
  run(sql: string, ...params: SqlValue[]): { changes: number; lastInsertRowid: number } {
    this.check()
    return this.sql.run(sql, ...params)
  }
  insert(sql: string, values: SqlValue[]): number {
    this.check()
    return this.sql.insert(sql, values)
  }
  afterCommit(effect: () => void): void {
    this.check()
    this.effects.push(effect)
  }
  kept<K extends Kept>(make: () => K): K {
    this.check()
    return this.keeping.of(make)
  }
  get drizzle(): BunSQLiteDatabase {
    this.check()
    return this.sql.drizzle
  }
  die(): void {
    this.alive = false
  }
  private check(): void {
    invariant(this.alive, "a transaction was used after its mutation had returned")
  }
}

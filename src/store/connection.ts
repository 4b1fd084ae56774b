// Opens SQLite as DESIGN §3 asks and keeps prepared statements. Owns pragmas; knows nothing of transactions.
import { constants, Database } from "bun:sqlite"
import { type BunSQLiteDatabase, drizzle } from "drizzle-orm/bun-sqlite"
import { LIMITS } from "../app/index.ts"
import { countedStatement, drizzleClient, type Prepared } from "./counted.ts"
import type { OrmReader, SqlValue } from "./types.ts"
import { Versions } from "./written.ts"

/**
 * The writer: WAL, durable commits, no waiting on locks (a waiting lock would stop the event loop).
 * @param examine looks at a file that was there before anything is written to it, and throws to leave it as it is
 */
export function openWriter(path: string, examine: (db: Database) => void): Database {
  const db = new Database(path, { create: true, readwrite: true, strict: true })
  try {
    // During the first pragmas a short wait is harmless and spares a race with a process that is just closing.
    db.run("PRAGMA busy_timeout = 2000")
    const isEmpty = db.query<{ page_count: number }, []>("PRAGMA page_count").get()?.page_count === 0
    if (isEmpty) layOut(db)
    else examine(db)
    configure(db)
    return db
  } catch (error) {
    db.close(true)
    throw error
  }
}

/** Fixed with the first page; on a later one `auto_vacuum` would write to the file each time. */
function layOut(db: Database): void {
  // A charge touches two pages that no other charge of its commit does (its lot, its place in the index): half as large they are half
  // the log, which Litestream uploads; processor time is a little less.
  db.run("PRAGMA page_size = 2048")
  db.run("PRAGMA auto_vacuum = INCREMENTAL")
}

function configure(db: Database): void {
  db.run("PRAGMA journal_mode = WAL")
  // COMMIT writes the log; WalSync syncs it before any caller is answered. Checkpoints still sync what they need.
  db.run("PRAGMA synchronous = NORMAL")
  // Hot pages (indexes, platform accounts) are then copied back once per 16 MB of log instead of once per 2: with pages of 4 kB, 15 %
  // more ledger cycles with 10,000 users.
  db.run("PRAGMA wal_autocheckpoint = 8000")
  db.run("PRAGMA foreign_keys = ON")
  db.run("PRAGMA temp_store = MEMORY")
  db.run(`PRAGMA cache_size = -${LIMITS.writerCacheKb}`)
  db.run("PRAGMA journal_size_limit = 209715200")
  db.run("PRAGMA busy_timeout = 0")
}

/** A connection that cannot write, for reads of committed data. */
export function openReader(path: string, cacheKb: number): Database {
  const db = new Database(path, { readonly: true, strict: true })
  db.run("PRAGMA busy_timeout = 1000")
  db.run("PRAGMA query_only = ON")
  db.run(`PRAGMA cache_size = -${cacheKb}`)
  return db
}

/**
 * For a read-only folder or mount: SQLite cannot make its shared memory there, and reads the file as
 * one that never changes. The log beside it is not read: the caller makes sure that it is empty.
 */
export function openImmutable(path: string): Database {
  const escaped = path.replaceAll("%", "%25").replaceAll("?", "%3f").replaceAll("#", "%23")
  const db = new Database(`file:${escaped}?immutable=1`, constants.SQLITE_OPEN_READONLY | constants.SQLITE_OPEN_URI)
  db.run("PRAGMA query_only = ON")
  return db
}

/** Prepared statements by SQL text, for the life of the connection. */
export class Statements implements OrmReader {
  readonly drizzle: BunSQLiteDatabase
  /** How often each table was written here; what `remember.ts` goes by. */
  readonly versions = new Versions()
  private readonly bySql = new Map<string, Prepared>()
  constructor(readonly db: Database) {
    this.drizzle = drizzle(drizzleClient(db, this.versions))
  }

  /** Writes run on this connection so far: whether a mutation wrote is whether this grew. */
  get writes(): number {
    return this.versions.writes
  }
  /** To be called when rows may have changed by other ways than a statement of this connection: after a rollback, a failed commit… */
  forgetAll(): void {
    this.versions.forgetAll()
  }

  prepared(sql: string): Prepared {
    const known = this.bySql.get(sql)
    if (known) return known
    // SQL text is fixed, so that this stays far away; were it not, the oldest makes room: a house that stands is worse than one prepared anew.
    if (this.bySql.size >= LIMITS.statementsMax) this.bySql.delete(this.bySql.keys().next().value!)
    const statement = countedStatement(this.db, this.versions, sql)
    this.bySql.set(sql, statement)
    return statement
  }
  get<R>(sql: string, ...params: SqlValue[]): R | null {
    return this.prepared(sql).get(params) as R | null
  }
  all<R>(sql: string, ...params: SqlValue[]): R[] {
    return this.prepared(sql).all(params) as R[]
  }
  run(sql: string, ...params: SqlValue[]): { changes: number; lastInsertRowid: number } {
    const result = this.prepared(sql).run(params)
    return { changes: result.changes, lastInsertRowid: Number(result.lastInsertRowid) }
  }
  insert(sql: string, values: SqlValue[]): number {
    return Number(this.prepared(sql).run(values).lastInsertRowid)
  }
  /** Everything that `read` asks is of one moment, whatever is written meanwhile; a promise keeps that moment until it is settled. */
  snapshot<T>(read: () => T): T {
    const end = () => void this.db.run("COMMIT")
    this.db.run("BEGIN")
    let result: T
    try {
      result = read()
    } catch (error) {
      end()
      throw error
    }
    if (result instanceof Promise) return result.finally(end) as T
    end()
    return result
  }
  /** Gives the file up now; what was prepared, also by drizzle, is at its end. Left to the garbage collector, the log would stay. */
  close(): void {
    this.bySql.clear()
    this.db.close(true)
  }
}

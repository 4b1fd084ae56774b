// Runs the numbered SQL files of migrations/, each once and in order; all that are pending are one transaction (DESIGN §3). Owns
// schema_migrations.
import type { Database } from "bun:sqlite"
import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { sha256Hex, VERSION } from "../app/index.ts"
import { takeSnapshot } from "./snapshots.ts"

export interface Migration {
  number: number
  name: string
  sql: string
  checksum: string
}

/** A database this executable must not open, with what to do about it. */
export class MigrationError extends Error {
  override name = "MigrationError"
}

/** Reads and checks the migration files of a folder. */
export function loadMigrations(folder: string): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort()
  let previous = 0
  return names.map((name) => {
    const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1] ?? Number.NaN)
    if (!(number > previous)) throw new MigrationError(`migration file out of order: ${name}`)
    previous = number
    const sql = readFileSync(join(folder, name), "utf8")
    return { number, name, sql, checksum: sha256Hex(sql) }
  })
}

export interface Applied {
  number: number
  name: string
  checksum: string
}

/** Migrations already in the database, oldest first; empty for a new file. */
export function appliedMigrations(db: Database): Applied[] {
  const table = db.query("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").get()
  return table
    ? (db.query("SELECT number, name, checksum FROM schema_migrations ORDER BY number").all() as Applied[])
    : []
}

/** An upgrade that did not happen: the database is as it was, and the message says what to do. */
export class UpgradeError extends Error {
  override name = "UpgradeError"
}

export interface MigrateOptions {
  nowMs: number
  /** The database file, beside which a copy is kept first when data exists and something is pending; null = no copy. */
  snapshotOf: string | null
  /** Of the disk that the file lies on; for tests. */
  freeBytes?: (folder: string) => number
}

/**
 * Brings the database to the newest schema, in one transaction: all that is pending, or nothing.
 * @returns the names applied now
 * @throws MigrationError when the database is newer than the executable, or a file changed after it was applied
 * @throws UpgradeError when there is no room for the copy, or a migration failed
 */
export function migrate(db: Database, migrations: Migration[], options: MigrateOptions): string[] {
  const applied = appliedMigrations(db)
  refuseForeignHistory(applied, migrations, versionIn(db))
  const pending = migrations.slice(applied.length)
  if (pending.length === 0) return []
  const last = applied.at(-1)
  if (last && options.snapshotOf) snapshot(db, options.snapshotOf, last.number, options)
  // Table rebuilds must not fire foreign key actions; violations are looked for before the commit instead.
  db.run("PRAGMA foreign_keys = OFF")
  let current = pending[0]!.name
  db.run("BEGIN IMMEDIATE")
  try {
    db.run(`CREATE TABLE IF NOT EXISTS schema_migrations (
      number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT`)
    for (const migration of pending) {
      current = migration.name
      applyOne(db, migration, options.nowMs)
    }
    db.run("COMMIT")
  } catch (error) {
    if (db.inTransaction) db.run("ROLLBACK")
    throw applied.length === 0 ? error : failed(current, error)
  } finally {
    db.run("PRAGMA foreign_keys = ON")
  }
  return pending.map((migration) => migration.name)
}

const failed = (name: string, cause: unknown): UpgradeError =>
  new UpgradeError(
    `the upgrade stopped at ${name}: ${(cause as Error).message}. The database is as it was: start the executable from before, ` +
      "or mend the cause and start again",
    { cause },
  )

/** @throws MigrationError for a database that another executable must open; reads nothing itself */
export function refuseForeignHistory(
  applied: readonly Applied[],
  migrations: Migration[],
  writer: string | null,
): void {
  const [theirs, ours] = [applied.at(-1)?.number ?? 0, migrations.at(-1)?.number ?? 0]
  if (applied.length > migrations.length) {
    throw new MigrationError(
      `this database was written by a newer Purser (${writer ? `${writer}, ` : ""}schema ${theirs}; this is ${VERSION} and knows ` +
        `schema ${ours}). Start ${writer ? `Purser ${writer}` : "the newer executable"}, or go back to the copy from before the ` +
        "upgrade: purser migrate back",
    )
  }
  for (const [index, row] of applied.entries()) {
    const known = migrations[index]!
    if (known.name !== row.name || known.checksum !== row.checksum) {
      throw new MigrationError(
        `the database ran migration ${row.name} with other contents than this executable holds; ` +
          "use the executable that made it, or restore a backup",
      )
    }
  }
}

function applyOne(db: Database, migration: Migration, nowMs: number): void {
  db.exec(migration.sql)
  const broken = db.query("PRAGMA foreign_key_check").all()
  if (broken.length > 0) throw new Error(`it left ${broken.length} broken references`)
  db.query("INSERT INTO schema_migrations (number, name, checksum, applied_ms) VALUES (?, ?, ?, ?)").run(
    migration.number,
    migration.name,
    migration.checksum,
    nowMs,
  )
}

/** Files beside the copy: room for it, and for the log that the upgrade itself writes. */
const ROOM_FACTOR = 2

/** A whole copy before the schema changes. Without room for one nothing is begun. */
function snapshot(db: Database, path: string, schema: number, { nowMs, freeBytes = freeOn }: MigrateOptions): void {
  const size = existsSync(path) ? statSync(path).size : 0
  const [needed, free] = [size * ROOM_FACTOR, freeBytes(dirname(path))]
  if (free < needed)
    throw new UpgradeError(
      `the upgrade first keeps a copy of the database, which takes ${megabytes(needed)} on the disk of ${dirname(path)}; ` +
        `${megabytes(free)} are free. Make room and start again, or upgrade without a copy: purser migrate up --without-copy`,
    )
  try {
    takeSnapshot(db, path, { schema, nowMs })
  } catch (cause) {
    throw new UpgradeError(
      `the copy of the database from before the upgrade cannot be made: ${(cause as Error).message}. Nothing was changed; ` +
        "make room on the disk and start again, or upgrade without a copy: purser migrate up --without-copy",
      { cause },
    )
  }
}

const megabytes = (bytes: number): string => `${Math.max(1, Math.ceil(bytes / 1_000_000))} MB`

export function freeOn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

// ---- who wrote it ------------------------------------------------------------------------------------------------

const VERSION_KEY = "version"

/** The version of Purser that opened this database last; null before there was a note of it. */
export function versionIn(db: Database): string | null {
  if (!db.query("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get()) return null
  return db.query<{ value: string }, [string]>("SELECT value FROM meta WHERE key = ?").get(VERSION_KEY)?.value ?? null
}

/** Notes who opens it, for an older executable that will have to say what to start instead. */
export function noteVersion(db: Database): void {
  if (versionIn(db) === VERSION) return
  db.query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value").run(
    VERSION_KEY,
    VERSION,
  )
}

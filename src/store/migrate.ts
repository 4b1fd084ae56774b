// Runs the numbered SQL files of migrations/, each once, in order, in its own transaction (DESIGN §3). Owns schema_migrations.
import type { Database } from "bun:sqlite"
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { sha256Hex } from "../app/index.ts"

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

interface Applied {
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

/**
 * Brings the database to the newest schema.
 * @param snapshotPath where `VACUUM INTO` keeps a copy first when data exists and something is pending; null = no copy
 * @returns the names applied now
 * @throws MigrationError when the database is newer than the executable, or a file changed after it was applied
 */
export function migrate(
  db: Database,
  migrations: Migration[],
  at: { nowMs: number; snapshotPath: string | null },
): string[] {
  const applied = appliedMigrations(db)
  refuseForeignHistory(applied, migrations)
  const pending = migrations.slice(applied.length)
  if (pending.length === 0) return []
  if (applied.length > 0 && at.snapshotPath) snapshot(db, at.snapshotPath)
  // Table rebuilds must not fire foreign key actions; violations are looked for before each commit instead.
  db.run("PRAGMA foreign_keys = OFF")
  try {
    db.run(`CREATE TABLE IF NOT EXISTS schema_migrations (
      number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_ms INTEGER NOT NULL) STRICT`)
    for (const migration of pending) applyOne(db, migration, at.nowMs)
  } finally {
    db.run("PRAGMA foreign_keys = ON")
  }
  return pending.map((migration) => migration.name)
}

/** @throws MigrationError for a database that another executable must open; reads nothing itself */
export function refuseForeignHistory(applied: Applied[], migrations: Migration[]): void {
  if (applied.length > migrations.length) {
    throw new MigrationError(
      `this database was written by a newer Purser (schema ${applied.length}, this executable knows ${migrations.length}); ` +
        "start the newer executable, or restore a backup made before the upgrade",
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
  db.run("BEGIN IMMEDIATE")
  try {
    db.exec(migration.sql)
    const broken = db.query("PRAGMA foreign_key_check").all()
    if (broken.length > 0)
      throw new MigrationError(`migration ${migration.name} left ${broken.length} broken references`)
    db.query("INSERT INTO schema_migrations (number, name, checksum, applied_ms) VALUES (?, ?, ?, ?)").run(
      migration.number,
      migration.name,
      migration.checksum,
      nowMs,
    )
    db.run("COMMIT")
  } catch (error) {
    if (db.inTransaction) db.run("ROLLBACK")
    throw error
  }
}

/** A whole copy before the schema changes, if the disk has room for it twice over. */
function snapshot(db: Database, path: string): void {
  const size = existsSync(db.filename) ? statSync(db.filename).size : 0
  const disk = statfsSync(join(path, ".."))
  if (disk.bavail * disk.bsize < size * 2) return
  rmSync(path, { force: true })
  // SQLite fills a file that is there and empty; one it makes itself would be for everybody to read.
  writeFileSync(path, "", { mode: 0o600 })
  db.query("VACUUM INTO ?").run(path)
}

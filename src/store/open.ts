// Opens the one database of a data folder: lock, migrate, writer, reader. Refuses what it must not touch.
import { Database, SQLiteError } from "bun:sqlite"
import { accessSync, chmodSync, constants, existsSync, mkdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { assetFolder, type Clock, LIMITS, systemClock } from "../app/index.ts"
import { Checkpoints } from "./checkpoint.ts"
import { openImmutable, openReader, openWriter, Statements } from "./connection.ts"
import type { OutcomeUnknownError } from "./failures.ts"
import { ForeignWrites } from "./foreign-writes.ts"
import {
  appliedMigrations,
  loadMigrations,
  type Migration,
  MigrationError,
  migrate,
  noteVersion,
  refuseForeignHistory,
  UpgradeError,
  versionIn,
} from "./migrate.ts"
import { giveToOwner } from "./owner.ts"
import type { SnapshotReader, Store, StoreFaults } from "./types.ts"
import { WalSync } from "./wal-sync.ts"
import { Writer } from "./writer.ts"

/** The data folder cannot be used; the message says why and what to do. */
export class OpenError extends Error {
  override name = "OpenError"
}

/** Another process serves this data folder (exit code 3). */
export class AlreadyRunningError extends OpenError {
  override name = "AlreadyRunningError"
}

/** An unreferenced lock would be closed, and freed, by the garbage collector. */
const held = new Set<Database>()

/** Takes the folder's lock for the life of the process; kill −9 frees it. What root made meanwhile is the folder's owner's at its release. */
export function lockFolder(dataDir: string): { release(): void } {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    accessSync(dataDir, constants.W_OK)
  } catch (error) {
    throw new OpenError(
      `cannot write to the data folder ${dataDir}: ${(error as Error).message}; make it writable or set --data-dir`,
    )
  }
  let db: Database | undefined
  try {
    db = new Database(join(dataDir, "lock.db"), { create: true })
    chmodSync(join(dataDir, "lock.db"), 0o600)
    db.run("PRAGMA busy_timeout = 0")
    db.run("PRAGMA locking_mode = EXCLUSIVE")
    db.run("BEGIN EXCLUSIVE")
    const lock = db
    held.add(lock)
    return {
      release() {
        held.delete(lock)
        lock.close()
        giveToOwner(dataDir)
      },
    }
  } catch (error) {
    db?.close()
    if (error instanceof SQLiteError && (error.code ?? "").startsWith("SQLITE_BUSY")) {
      throw new AlreadyRunningError(
        `another Purser is already running on ${dataDir}; stop it first, or start this one with another --data-dir`,
      )
    }
    throw new OpenError(`cannot lock the data folder ${dataDir}: ${(error as Error).message}`)
  }
}

export interface OpenOptions {
  clock?: Clock
  faults?: StoreFaults
  /** Called once when a commit's outcome is unknown; the default ends the process. */
  onFatal?: (error: OutcomeUnknownError) => void
  migrationsFolder?: string
  /** Told of the migrations that ran at this opening. */
  onMigrated?: (names: string[]) => void
  /** Upgrades without keeping a copy first; for who has no room and has one elsewhere. */
  withoutCopy?: boolean
  /** Of the disk that the file lies on; for tests. */
  freeBytes?: (folder: string) => number
}

/**
 * Opens (or makes) the database file and migrates it.
 * @throws OpenError for a corrupt, foreign or unwritable database, MigrationError for a newer one, UpgradeError; nothing is changed then
 */
export function openStore(path: string, options: OpenOptions = {}): Store {
  const clock = options.clock ?? systemClock
  const sql = openMigrated(path, clock, options)
  const onFatal =
    options.onFatal ??
    ((error) => {
      console.error(error)
      process.exit(1)
    })
  const wal = new WalSync(path)
  const failed = wal.now()
  if (failed) throw new OpenError(`the disk of ${path} fails (${failed.message}); check it and restore a backup`)
  const foreign = new ForeignWrites(sql, path)
  const queue = new Writer(sql, wal, foreign, clock, options.faults ?? {}, onFatal)
  const reader = new Statements(openReader(path, LIMITS.readerCacheKb))
  const close = async () => {
    await queue.drain()
    wal.close()
    reader.close()
    sql.close()
    foreign.close()
  }
  let closing: Promise<void> | null = null
  return {
    write: (ctx, mutation, writeOptions) => queue.write(ctx, mutation, writeOptions),
    committed: (listener) => queue.committed(listener),
    checkpointWith(copy) {
      queue.checkpoints = new Checkpoints(sql, copy)
    },
    leaveLog: (isLeft) => queue.checkpoints?.leave(isLeft),
    emptyLog: async () => queue.checkpoints?.empty(),
    logPages: () => queue.checkpoints?.pages() ?? 0,
    read: reader,
    path,
    stats: queue.stats,
    close() {
      closing ??= close()
      return closing
    },
  }
}

function openMigrated(path: string, clock: Clock, options: OpenOptions): Statements {
  const isNew = !existsSync(path)
  let writer: Statements | undefined
  try {
    if (!isNew) ensureWritable(path)
    const migrations = loadMigrations(options.migrationsFolder ?? assetFolder("migrations"))
    writer = new Statements(openWriter(path, (db) => examine(db, path, migrations)))
    if (isNew) chmodSync(path, 0o600)
    const snapshotOf = options.withoutCopy ? null : path
    const { freeBytes } = options
    const names = migrate(writer.db, migrations, {
      nowMs: clock.now(),
      snapshotOf,
      ...(freeBytes ? { freeBytes } : {}),
    })
    noteVersion(writer.db)
    if (names.length > 0) options.onMigrated?.(names)
    return writer
  } catch (error) {
    writer?.close()
    throw asOpenError(error, path)
  }
}

/** SQLite opens a file that it may not write without a word, and the first write fails. */
function ensureWritable(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
  } catch {
    throw new OpenError(unwritable(path))
  }
}

const unwritable = (path: string): string => `cannot write the database ${path}; make the file and its folder writable`

/** Whether this file is ours, whole as far as a start can wait for that, and not newer than we are. Only reads. */
function examine(db: Database, path: string, migrations: Migration[]): void {
  const isSmall = statSync(path).size <= LIMITS.openCheckBytesMax
  const found = isSmall ? db.query<{ quick_check: string }, []>("PRAGMA quick_check(1)").get()?.quick_check : "ok"
  if (found !== "ok") throw new OpenError(`the database ${path} is damaged (${found}); restore a backup`)
  const applied = appliedMigrations(db)
  const theirs = db.query("SELECT 1 FROM sqlite_schema WHERE name <> 'schema_migrations' LIMIT 1").get()
  if (applied.length === 0 && theirs)
    throw new OpenError(`${path} belongs to another program; move it away, or set another --data-dir`)
  refuseForeignHistory(applied, migrations, versionIn(db))
}

/** A reader of its own on an existing file; for the read worker and for verbs that only look, also on a read-only mount. */
export function openReadOnly(path: string): SnapshotReader & { close(): void } {
  if (!existsSync(path)) throw new OpenError(`there is no database at ${path}; check --data-dir`)
  try {
    return probed(openReader(path, LIMITS.heavyReaderCacheKb))
  } catch (error) {
    if (!isUnwritable(error)) throw asOpenError(error, path)
  }
  // Not even the shared memory of the log can be made here. Without a log the file is all there is.
  if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0)
    throw new OpenError(
      `${path} has changes in its log (${path}-wal), which cannot be read from a folder that is not writable; copy the folder, or stop the server in order first`,
    )
  try {
    return probed(openImmutable(path))
  } catch (error) {
    throw asOpenError(error, path)
  }
}

function probed(db: Database): Statements {
  const reader = new Statements(db)
  try {
    reader.get("SELECT 1 FROM sqlite_schema LIMIT 1")
    return reader
  } catch (error) {
    reader.close()
    throw error
  }
}

const isUnwritable = (error: unknown): boolean =>
  error instanceof SQLiteError && /^SQLITE_(READONLY|CANTOPEN)/.test(error.code ?? "")

function asOpenError(error: unknown, path: string): Error {
  if ([OpenError, MigrationError, UpgradeError].some((kind) => error instanceof kind)) return error as Error
  if (!(error instanceof SQLiteError)) return error as Error
  const code = error.code ?? ""
  if (code === "SQLITE_NOTADB") return new OpenError(`${path} is not a database; move it away or restore a backup`)
  if (code.startsWith("SQLITE_CORRUPT")) return new OpenError(`the database ${path} is damaged; restore a backup`)
  if (code.startsWith("SQLITE_READONLY") || code.startsWith("SQLITE_CANTOPEN")) {
    return new OpenError(unwritable(path))
  }
  if (code.startsWith("SQLITE_FULL"))
    return new OpenError(`the disk of ${path} is full; free some room and start again`)
  if (code.startsWith("SQLITE_IOERR"))
    return new OpenError(
      `the disk of ${path} does not take or give what is asked (${code}): when it is full, free some room and start again; ` +
        "else look at the log of the system, for it may be failing",
    )
  return error
}

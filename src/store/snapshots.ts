// Copies of the database from before an upgrade: made whole or not at all, the last few kept, and put back in one step.
// They lie in `snapshots/` beside the database. Knows files; what stands in them is for migrations and the ledger to judge.
import { Database } from "bun:sqlite"
import {
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { basename, dirname, join } from "node:path"

/** Copies that are kept: the upgrade of today, and two to look back at. */
const KEPT = 3

export interface Snapshot {
  path: string
  /** Newest migration in it. */
  schema: number
  madeMs: number
  bytes: number
}

const folderOf = (databasePath: string): string => join(dirname(databasePath), "snapshots")
const NAME = /^purser-schema-(\d+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z\.db$/

/** Newest first. */
export function snapshotsOf(databasePath: string): Snapshot[] {
  const folder = folderOf(databasePath)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .flatMap((name) => {
      const [, schema, y, mo, d, h, mi, s, ms] = (NAME.exec(name) ?? []).map(Number)
      if (schema === undefined) return []
      const path = join(folder, name)
      return [{ path, schema, madeMs: Date.UTC(y!, mo! - 1, d!, h!, mi!, s!, ms!), bytes: statSync(path).size }]
    })
    .toSorted((a, b) => b.madeMs - a.madeMs)
}

/**
 * Copies the whole database as it is committed now (`VACUUM INTO`), syncs it, and lets the oldest copies go.
 * @param schema newest migration in it
 */
export function takeSnapshot(db: Database, databasePath: string, { schema, nowMs }: { schema: number; nowMs: number }) {
  const folder = folderOf(databasePath)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:.]/g, "")
  vacuumInto(db, join(folder, `purser-schema-${schema}-${stamp}.db`))
  for (const old of snapshotsOf(databasePath).slice(KEPT)) rmSync(old.path)
}

/** A whole copy as it is committed now, made beside whoever writes it. @returns its size in bytes */
export function copyDatabase(databasePath: string, to: string): number {
  const db = new Database(databasePath, { readonly: true })
  try {
    db.run("PRAGMA busy_timeout = 5000")
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    vacuumInto(db, to)
    return statSync(to).size
  } finally {
    db.close(true)
  }
}

/** Whole and synced, or not at all. */
function vacuumInto(db: Database, path: string): void {
  const draft = `${path}.part`
  rmSync(draft, { force: true })
  try {
    // SQLite fills a file that is there and empty; one it makes itself would be for everybody to read.
    writeFileSync(draft, "", { mode: 0o600 })
    db.query("VACUUM INTO ?").run(draft)
    syncFile(draft)
    renameSync(draft, path)
    syncFile(dirname(path))
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** The file cannot be put back now; nothing was changed. */
export class PutBackError extends Error {
  override name = "PutBackError"
}

/**
 * Puts a copy in the place of the database; what stood there is kept beside it. To be called with the folder's lock. At no moment is
 * there no database: a start would make a new one.
 * @param ends everybody's sign-ins: what was signed out or revoked since the copy would be alive again
 * @returns the file that what stood there is kept in
 */
export function putBack(databasePath: string, copy: string, nowMs: number, ends: { signIns: boolean }): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:.]/g, "")
  const aside = `${databasePath}.set-aside-${stamp}`
  emptyLog(databasePath)
  const draft = `${databasePath}.new`
  rmSync(draft, { force: true })
  copyFileSync(copy, draft, constants.COPYFILE_FICLONE)
  if (ends.signIns) endSignIns(draft, nowMs)
  syncFile(draft)
  linkSync(databasePath, aside)
  // What a replica is compared with belongs to the database that is set aside.
  const replicated = join(dirname(databasePath), `.${databasePath.slice(dirname(databasePath).length + 1)}-litestream`)
  if (existsSync(replicated)) renameSync(replicated, `${aside}-litestream`)
  renameSync(draft, databasePath)
  syncFile(dirname(databasePath))
  return aside
}

/** Sessions, and what apps renew their access with. By plain SQL: a schema of any time has these columns, and none may be upgraded here. */
function endSignIns(path: string, nowMs: number): void {
  const db = new Database(path, { readwrite: true, create: false })
  try {
    const ended = ["sessions SET ended_ms = ?, end_reason", "oauth_grants SET revoked_ms = ?, revoked_reason"]
    for (const set of ended) {
      const [table = "", , column = ""] = set.split(" ")
      const known = db.query("SELECT 1 FROM pragma_table_info(?) WHERE name = ?").get(table, column)
      if (known) db.run(`UPDATE ${set} = 'restored' WHERE ${column} IS NULL`, [nowMs])
    }
  } finally {
    db.close(true)
  }
}

/**
 * Puts a database in its place, whole and synced; what stood there, with its log, is kept in a folder on the same disk. To be called with the
 * folder's lock. At no moment is there no database: a start would make a new one.
 * @param draft beside it; becomes the database
 * @param keptIn made if need be; null = nothing stands there
 * @throws PutBackError
 */
export function putInPlace(databasePath: string, draft: string, keptIn: string | null): void {
  syncFile(draft)
  if (keptIn !== null && existsSync(databasePath)) keep(databasePath, keptIn)
  // A log of the other database would be played into this one.
  for (const end of ["-wal", "-shm", "-journal"]) rmSync(`${databasePath}${end}`, { force: true })
  renameSync(draft, databasePath)
  syncFile(dirname(databasePath))
}

/**
 * Whether what stands there could be kept in that folder, asked before anything else is done; brings its log into the file.
 * @throws PutBackError
 */
export function requireKeepable(databasePath: string, folder: string): void {
  let known = folder
  while (!existsSync(known)) known = dirname(known)
  if (statSync(known).dev !== statSync(databasePath).dev)
    throw new PutBackError(`${folder} is on another disk; name a folder on the disk of ${databasePath}`)
  const target = join(folder, basename(databasePath))
  if (existsSync(target)) throw new PutBackError(`${target} is there already; name another folder`)
  try {
    emptyLog(databasePath)
  } catch (error) {
    // A damaged one cannot be read: then its log is kept as it is, too.
    if (error instanceof PutBackError) throw error
  }
}

function keep(databasePath: string, folder: string): void {
  requireKeepable(databasePath, folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const target = join(folder, basename(databasePath))
  for (const end of ["", "-wal", "-journal"])
    if (existsSync(`${databasePath}${end}`)) linkSync(`${databasePath}${end}`, `${target}${end}`)
  syncFile(folder)
}

/** Brings the log into the file, so that the file is all there is. */
function emptyLog(path: string): void {
  const db = new Database(path, { readwrite: true })
  try {
    db.run("PRAGMA busy_timeout = 2000")
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
  } finally {
    db.close(true)
  }
  // Whoever closes last removes the log. With another file under it, somebody who still has it open would write into the copy.
  if (existsSync(`${path}-wal`))
    throw new PutBackError(`another program has ${path} open; stop it (Litestream, a database browser), then try again`)
}

/** Also a folder: then its entries are durable. */
function syncFile(path: string): void {
  const file = openSync(path, "r")
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

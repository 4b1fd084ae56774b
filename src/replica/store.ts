// What the database knows of itself: its name, for ever, and the folder of the replica that it was last written to.
import { Database } from "bun:sqlite"
import { statSync } from "node:fs"
import { type Ids, LIMITS } from "../app/index.ts"
import { lastCommitMs, type Reader, type Store, type Tx } from "../store/index.ts"
import { ReplicaError } from "./error.ts"
import type { Data } from "./rules.ts"

const CTX = { actor: "system:replica", requestId: "replica", reason: "what this database is called" }
const VALUE = "SELECT value FROM meta WHERE key = ?"
const SET = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"

export const metaOf = (reader: Reader, key: string): string | null =>
  reader.get<{ value: string }>(VALUE, key)?.value ?? null

/** The name of this database; given at its first start. */
export async function identify(store: Store, ids: Ids): Promise<Data> {
  const known = metaOf(store.read, "instance_id")
  const instance = known ?? ids.next("ins")
  if (known === null) await store.write(CTX, (tx) => tx.run(SET, "instance_id", instance))
  return { instance, epoch: Number(metaOf(store.read, "replica_epoch") ?? 0) }
}

/** The same of a database that is only looked at; null = it has no name yet. */
export function dataOf(reader: Reader): Data | null {
  const instance = metaOf(reader, "instance_id")
  return instance === null ? null : { instance, epoch: Number(metaOf(reader, "replica_epoch") ?? 0) }
}

export const setEpoch = (store: Store, epoch: number): Promise<unknown> =>
  store.write(CTX, (tx) => tx.run(SET, "replica_epoch", String(epoch)))

/** A commit that means nothing: once the replica has it, it has all before. */
export const touch = (store: Store): Promise<unknown> =>
  store.write(CTX, (tx) => tx.run(SET, "replica_touched_ms", String(tx.now)))

/** Moment of the newest commit of a file that nobody has open. 0 = it cannot be told. */
export function lastCommitOf(path: string): number {
  const db = new Database(path, { readonly: true })
  try {
    return db.query<{ at_ms: number }, []>("SELECT at_ms FROM last_commit").get()?.at_ms ?? 0
  } catch {
    return 0
  } finally {
    db.close(true)
  }
}

/** The same of a file that nobody has open; its log is brought into it. @throws ReplicaError when it cannot be read */
export function dataIn(path: string): Data {
  const db = new Database(path, { readwrite: true, create: false })
  try {
    return dataOf(readerOf(db)) ?? { instance: "nothing", epoch: 0 }
  } catch (error) {
    throw new ReplicaError(`${path} cannot be read (${(error as Error).message}); nothing was changed`)
  } finally {
    db.close(true)
  }
}

type Refuse = (why: string, mend?: string) => never

/**
 * Looks at a database that was just restored. Reading all of it takes longer than restoring it, and what came is what was sent: each file of
 * a replica has its own checksum. So a large one that is to be served at once is read whole beside the service (`observe`).
 * @param expected.instance what it must call itself; null = whatever it does
 * @param expected.heldMs what it was known to hold; 0 = nobody knows
 * @param expected.readsAll every page, however large it is; where Litestream is one that can damage copies, and to try a copy
 * @throws ReplicaError unless it is whole, the right one, and not older than it should be
 */
export function examineRestored(
  path: string,
  expected: { instance: string | null; heldMs: number; source: string; readsAll: boolean; acceptedMs?: number | null },
): { lastMs: number; instance: string } {
  const refuse: Refuse = (why, mend = "") => {
    throw new ReplicaError(
      `what was restored from ${expected.source} ${why}. Nothing was put in place or changed${mend}`,
    )
  }
  let db: Database | null = null
  try {
    db = new Database(path, { readwrite: true, create: false, strict: true })
    return examined(readerOf(db), { ...expected, path }, refuse)
  } catch (error) {
    if (error instanceof ReplicaError) throw error
    return refuse(`cannot be read (${(error as Error).message})`)
  } finally {
    db?.close(true)
  }
}

const readerOf = (db: Database): Reader => ({
  get: (sql, ...params) => db.query(sql).get(...params) as never,
  all: (sql, ...params) => db.query(sql).all(...params) as never,
})

function examined(
  reader: Reader,
  expected: { instance: string | null; heldMs: number; readsAll: boolean; path: string; acceptedMs?: number | null },
  refuse: Refuse,
): { lastMs: number; instance: string } {
  if (expected.readsAll || statSync(expected.path).size <= LIMITS.openCheckBytesMax) {
    const damage = reader.get<{ integrity_check: string }>("PRAGMA integrity_check(1)")?.integrity_check
    if (damage !== "ok") refuse(`is damaged (${damage})`)
  }
  const instance = metaOf(reader, "instance_id") ?? "nothing"
  if (expected.instance !== null && instance !== expected.instance)
    refuse(`calls itself ${instance}, not ${expected.instance}`)
  const lastMs = lastCommitMs(reader)
  const moment = (ms: number) => new Date(ms).toISOString()
  if (lastMs < expected.heldMs && lastMs !== expected.acceptedMs)
    refuse(
      `ends at ${moment(lastMs)}, but was known to hold changes up to ${moment(expected.heldMs)}: its end is missing`,
      `. Look for what is lost first (versions of the bucket, another copy). To go on without what was done between the two, start once ` +
        `with PURSER_REPLICA_ACCEPT=${moment(lastMs)}; the word counts for this end alone`,
    )
  return { lastMs, instance }
}

/** What a database file that nobody writes calls itself; null = it has no name yet, or cannot be read. */
export function instanceOf(path: string): string | null {
  try {
    const db = new Database(path, { readonly: true })
    try {
      return metaOf(readerOf(db), "instance_id")
    } finally {
      db.close(true)
    }
  } catch {
    return null
  }
}

/** A database that takes over counts on from this: no folder of the replica is ever written twice. */
export function raiseEpoch(path: string, epoch: number): void {
  inFile(path, (db) => {
    const now = Number(metaOf(readerOf(db), "replica_epoch") ?? 0)
    if (epoch > now) db.query(SET).run("replica_epoch", String(epoch))
  })
}

/** Into a database file that nobody has open. */
export const writeMeta = (path: string, key: string, value: string): void =>
  inFile(path, (db) => void db.query(SET).run(key, value))

export const dropMetaIn = (tx: Tx, key: string): void => void tx.run("DELETE FROM meta WHERE key = ?", key)

function inFile(path: string, work: (db: Database) => void): void {
  const db = new Database(path, { readwrite: true, create: false, strict: true })
  try {
    work(db)
  } finally {
    db.close(true)
  }
}

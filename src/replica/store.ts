// What the database knows of itself: its name, for ever, and the folder of the replica that it was last written to.
import { Database } from "bun:sqlite"
import { statSync } from "node:fs"
import { type Ids, LIMITS } from "../app/index.ts"
import { lastCommitMs, type Reader, type Store } from "../store/index.ts"
import { ReplicaError } from "./error.ts"
import type { Data } from "./rules.ts"

const CTX = { actor: "system:replica", requestId: "replica", reason: "what this database is called" }
const VALUE = "SELECT value FROM meta WHERE key = ?"
const SET = "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"

const metaOf = (reader: Reader, key: string): string | null => reader.get<{ value: string }>(VALUE, key)?.value ?? null

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

/**
 * Looks at a database that was just restored. Reading all of it takes longer than restoring it, and what came is what was sent: each file of
 * a replica has its own checksum. So a large one is read whole beside the service (`observe`), but for a Litestream that is known to damage copies.
 * @param isDoubtful Litestream is one that can damage copies
 * @throws ReplicaError unless it is whole, this instance's, and not older than what the replica was known to hold
 */
export function examineRestored(
  path: string,
  expected: { instance: string; heldMs: number; url: string },
  isDoubtful: boolean,
): { lastMs: number } {
  const db = new Database(path, { readwrite: true, create: false, strict: true })
  const refuse = (why: string): never => {
    throw new ReplicaError(
      `what was restored from ${expected.url} ${why}. Nothing was started, and the folder of the replica is as it was`,
    )
  }
  try {
    const isRead = isDoubtful || statSync(path).size <= LIMITS.openCheckBytesMax
    const check = "PRAGMA integrity_check(1)"
    const damage = isRead ? db.query<{ integrity_check: string }, []>(check).get()?.integrity_check : "ok"
    if (damage !== "ok") refuse(`is damaged (${damage})`)
    const reader: Reader = {
      get: (sql, ...params) => db.query(sql).get(...params) as never,
      all: (sql, ...params) => db.query(sql).all(...params) as never,
    }
    const instance = metaOf(reader, "instance_id")
    if (instance !== expected.instance) refuse(`calls itself ${instance}, not ${expected.instance}`)
    const lastMs = lastCommitMs(reader)
    if (lastMs < expected.heldMs)
      refuse(
        `ends at ${new Date(lastMs).toISOString()}, but was known to hold changes up to ${new Date(expected.heldMs).toISOString()}: its end is missing`,
      )
    return { lastMs }
  } catch (error) {
    if (error instanceof ReplicaError) throw error
    return refuse(`cannot be read (${(error as Error).message})`)
  } finally {
    db.close(true)
  }
}

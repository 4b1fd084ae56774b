// What the database knows of itself: its name, for ever, and the folder of the replica that it was last written to.
import { Database } from "bun:sqlite"
import type { Ids } from "../app/index.ts"
import type { Reader, Store } from "../store/index.ts"
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

export const setEpoch = (store: Store, epoch: number): Promise<unknown> =>
  store.write(CTX, (tx) => tx.run(SET, "replica_epoch", String(epoch)))

/** A commit that means nothing: once the replica has it, it has all before. */
export const touch = (store: Store): Promise<unknown> =>
  store.write(CTX, (tx) => tx.run(SET, "replica_touched_ms", String(tx.now)))

/** Moment of the newest commit, ms. */
export const lastCommitMs = (reader: Reader): number =>
  reader.get<{ at_ms: number }>("SELECT at_ms FROM last_commit")?.at_ms ?? 0

/** The same of a file that nobody has open. 0 = it cannot be told. */
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

/** What a file calls itself that nobody has open. @throws ReplicaError when it cannot be read */
export function dataOf(path: string): Data {
  const db = new Database(path, { readwrite: true, create: false })
  try {
    const value = (key: string) => db.query<{ value: string }, [string]>(VALUE).get(key)?.value
    return { instance: value("instance_id") ?? "nothing", epoch: Number(value("replica_epoch") ?? 0) }
  } catch (error) {
    throw new ReplicaError(`${path} cannot be read (${(error as Error).message}); nothing was changed`)
  } finally {
    db.close(true)
  }
}

/**
 * Looks at a database that was just restored.
 * @throws ReplicaError unless it is whole, this instance's, and not older than what the replica was known to hold
 */
export function examineRestored(
  path: string,
  expected: { instance: string; heldMs: number; url: string; acceptedMs: number | null },
): { lastMs: number } {
  const db = new Database(path, { readwrite: true, create: false, strict: true })
  const refuse = (why: string, mend = ""): never => {
    throw new ReplicaError(
      `what was restored from ${expected.url} ${why}. Nothing was started, and the folder of the replica is as it was${mend}`,
    )
  }
  try {
    const damage = db.query<{ integrity_check: string }, []>("PRAGMA integrity_check(1)").get()?.integrity_check
    if (damage !== "ok") refuse(`is damaged (${damage})`)
    const reader: Reader = {
      get: (sql, ...params) => db.query(sql).get(...params) as never,
      all: (sql, ...params) => db.query(sql).all(...params) as never,
    }
    const instance = metaOf(reader, "instance_id")
    if (instance !== expected.instance) refuse(`calls itself ${instance}, not ${expected.instance}`)
    const lastMs = lastCommitMs(reader)
    if (lastMs < expected.heldMs && lastMs !== expected.acceptedMs) {
      const [end, known] = [new Date(lastMs).toISOString(), new Date(expected.heldMs).toISOString()]
      refuse(
        `ends at ${end}, but was known to hold changes up to ${known}: its end is missing`,
        `. Look for what is lost first (versions of the bucket, another copy). To go on without what was done between the two, start ` +
          `once with PURSER_REPLICA_ACCEPT=${end}; the word counts for this end alone`,
      )
    }
    return { lastMs }
  } catch (error) {
    if (error instanceof ReplicaError) throw error
    return refuse(`cannot be read (${(error as Error).message})`)
  } finally {
    db.close(true)
  }
}

// Databases of tests and benchmarks: in memory, and copies of one that was migrated, since all migrations take 0.2 s of a core.
import { Database } from "bun:sqlite"
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Clock, VirtualClock } from "../app/index.ts"
import { freeOn } from "./migrate.ts"
import { openStore } from "./open.ts"
import type { Store, StoreFaults, WriteContext } from "./types.ts"

export const testCtx: WriteContext = { actor: "system:test", requestId: "req_test", reason: "test" }

/** Where a test keeps its data: in memory where there is room, for a disk is waited for at each commit. */
export function testFolder(prefix: string): string {
  const memory = "/dev/shm"
  const hasRoom = existsSync(memory) && freeOn(memory) > TEST_BYTES
  return mkdtempSync(join(hasRoom ? memory : tmpdir(), prefix))
}
/** Many times what all tests of two files keep at once. */
const TEST_BYTES = 1_000_000_000

/** A fresh database in a temporary folder with all migrations applied. */
export async function openTestStore(
  options: { clock?: Clock; faults?: StoreFaults } = {},
): Promise<{ store: Store; clock: VirtualClock; close(): Promise<void>; path: string }> {
  const folder = testFolder("purser-test-")
  const path = await placeFresh(folder)
  const clock = options.clock ?? new VirtualClock()
  const store = openStore(path, { clock, ...(options.faults ? { faults: options.faults } : {}) })
  const close = async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { store, clock: clock as VirtualClock, close, path }
}

/** The check makes one for all files of tests, and hands on its path here. */
const VARIABLE = "PURSER_TEST_DATABASE"
let fresh: Uint8Array | undefined

/** Puts a database that has its schema and nothing else into an empty folder. @returns its path */
export async function placeFresh(folder: string): Promise<string> {
  const path = join(folder, "purser.db")
  const given = process.env[VARIABLE]
  fresh ??= given ? readFileSync(given) : await migrated()
  writeFileSync(path, fresh, { mode: 0o600 })
  return path
}

/** @returns a variable of the environment */
export async function freshToLend(folder: string): Promise<Record<string, string>> {
  const path = join(folder, "fresh.db")
  writeFileSync(path, await migrated())
  return { [VARIABLE]: path }
}

async function migrated(): Promise<Uint8Array> {
  const folder = testFolder("purser-fresh-")
  const path = join(folder, "purser.db")
  await openStore(path, { clock: new VirtualClock() }).close()
  const db = new Database(path, { readonly: true })
  try {
    return db.serialize()
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

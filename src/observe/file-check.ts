// Whether the database file is whole, looked at beside the service: reading all of a gigabyte takes seconds, which no start should wait for.
// What would keep SQLite from opening it is found by opening it; a small file is read whole before it is served (`LIMITS.openCheckBytesMax`).
import { type Clock, DAY_MS, LIMITS, type Log } from "../app/index.ts"
import type { Check, Job, Metric } from "../part/index.ts"
import type { ReadWorker, Store } from "../store/index.ts"
import { pagesOf } from "./store.ts"

export const CHECK_FILE = "observe.check-file"

export interface FileCheckDeps {
  store: Pick<Store, "read">
  proofs: Pick<ReadWorker, "ask">
  clock: Clock
  log: Log
}

export interface FileCheck {
  job: Job
  /** Nothing while it is well. */
  line(): Check[]
  metric: Metric
}

export function createFileCheck({ store, proofs, clock, log }: FileCheckDeps): FileCheck {
  let last: { atMs: number; damage: string | null } | null = null
  return {
    job: {
      name: "check-file",
      everyMs: DAY_MS,
      get atStart() {
        const { pageBytes, pages } = pagesOf(store.read)
        return pageBytes * pages > LIMITS.openCheckBytesMax
      },
      async run() {
        const damage = (await proofs.ask(CHECK_FILE)) as string | null
        last = { atMs: clock.now(), damage }
        if (damage !== null) log.error("database.damaged", { damage, advice: REMEDY })
        return false
      },
    },
    line: () =>
      last && last.damage !== null
        ? [{ label: "Database", state: "bad", text: "the file is damaged", remedy: REMEDY }]
        : [],
    metric: {
      kind: "gauge",
      name: "database_ok",
      help: "1 when the file was found whole, 0 when it is damaged; no line before the first look.",
      read: () => (last ? (last.damage === null ? 1 : 0) : []),
    },
  }
}

const REMEDY = "Stop the server, keep a copy of the data folder, and restore a moment before the damage."

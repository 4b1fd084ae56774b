// Durable hold + settle cycles per second through the ledger, against a floor of the same run: raw grouped SQLite writes of the
// very same rows. Then the same with more lots, more users, a growing file and slow disks; pages and proof on the big file.
// `--quick` runs about 1 % of it, `--full` grows the file to 10 million transactions (some 15 minutes and 20 GB of disk).
import { rmSync } from "node:fs"
import { join } from "node:path"
import { type Duel, duel, openBoth, type Rounds } from "./ledger/duel.ts"
import { growTo } from "./ledger/grow.ts"
import { readsOf, verifyOf } from "./ledger/reads.ts"
import { fill, open, seed } from "./ledger/world.ts"
import { inFolder, machine } from "./measure.ts"

export interface LedgerBenchOptions {
  quick?: boolean
  full?: boolean
  print?: (line: string) => void
}

export interface LedgerBenchResult {
  bench: "ledger"
  /** The worst of 1, 32 and 256 callers. */
  ratio: number
  /** Ratios against the floor, by what was varied. */
  callers: Record<string, number>
  lots: Record<string, number>
  users: Record<string, number>
  sync_ms: Record<string, number>
  /** By transactions in the file. */
  size: Record<string, number>
  cycles_per_s: Record<string, number>
  history_p99_ms: number
  dashboard_p99_ms: number
  verify_per_s: number
  verify_transactions: number
  cpus: number
  fsync_ms: number
}

interface Scale extends Rounds {
  users: number
  manyUsers: number
  /** Transactions at which the growing file is measured. */
  sizes: number[]
  /** Up to here the ledger itself fills the file, so that it can be verified; beyond, rows are copied. */
  filled: number
  /** Pages asked of the big file. */
  pages: number
}

const QUICK: Scale = {
  users: 100,
  manyUsers: 2_000,
  sizes: [1_000, 10_000],
  filled: 1_000,
  rounds: 3,
  roundMs: 40,
  pages: 50,
}
const NORMAL: Scale = {
  users: 10_000,
  manyUsers: 100_000,
  sizes: [100_000, 1_000_000],
  filled: 1_000_000,
  rounds: 5,
  roundMs: 400,
  pages: 500,
}
const FULL: Scale = {
  ...NORMAL,
  manyUsers: 1_000_000,
  sizes: [100_000, 1_000_000, 3_000_000, 10_000_000],
  pages: 1_000,
}

const CALLERS = 32
const LOTS = 5
/** Makes half of the calls of the growing file. */
const HEAVY_USER = 1

export const run = (options: LedgerBenchOptions = {}): Promise<LedgerBenchResult> =>
  inFolder((folder) => runIn(folder, options))

async function runIn(folder: string, options: LedgerBenchOptions): Promise<LedgerBenchResult> {
  const print = options.print ?? console.log
  const scale = options.quick ? QUICK : options.full ? FULL : NORMAL
  const { cpus, fsync_ms, line } = machine(folder)
  print(line)
  print(`${scale.rounds} rounds of ${scale.roundMs} ms for each figure; floor: raw grouped writes of the same rows`)
  const result: LedgerBenchResult = {
    bench: "ledger",
    ratio: Number.POSITIVE_INFINITY,
    callers: {},
    lots: {},
    users: {},
    sync_ms: {},
    size: {},
    cycles_per_s: {},
    history_p99_ms: 0,
    dashboard_p99_ms: 0,
    verify_per_s: 0,
    verify_transactions: 0,
    cpus,
    fsync_ms,
  }
  const note = (kind: "callers" | "lots" | "users" | "sync_ms" | "size", value: number, one: Duel) => {
    result[kind][value] = one.ratio
    result.cycles_per_s[`${kind}:${value}`] = one.cycles_per_s
    print(
      `${kind.padEnd(8)} ${String(value).padStart(9)}: ${one.cycles_per_s} cycles/s, ${one.group} a sync; ` +
        `floor ${one.floor_per_s}; ratio ${one.ratio.toFixed(2)}`,
    )
  }

  for (const lots of [1, LOTS, 20]) {
    await withFile(folder, scale.users, lots, async (path) => {
      const both = openBoth(path, scale.users)
      note("lots", lots, await duel(both.bench, both.floor, scale.users, CALLERS, scale))
      if (lots === LOTS) {
        for (const callers of [1, CALLERS, 256]) {
          note("callers", callers, await duel(both.bench, both.floor, scale.users, callers, scale))
        }
        result.ratio = Math.min(...Object.values(result.callers))
      }
      await both.close()
      if (lots !== LOTS) return
      for (const syncMs of [2, 5]) {
        const slow = openBoth(path, scale.users, syncMs)
        note("sync_ms", syncMs, await duel(slow.bench, slow.floor, scale.users, CALLERS, scale, syncMs))
        await slow.close()
      }
    })
  }
  for (const users of [Math.min(1_000, scale.users), scale.manyUsers]) {
    await withFile(folder, users, 1, async (path) => {
      const both = openBoth(path, users)
      note("users", users, await duel(both.bench, both.floor, users, CALLERS, scale))
      await both.close()
    })
  }
  await withFile(folder, scale.users, LOTS, async (path) => {
    let size = 0
    for (const next of scale.sizes) {
      if (next > scale.filled) growTo(path, next)
      else {
        const growing = open(path)
        await fill(growing, scale.users, next - size, HEAVY_USER)
        await growing.store.close()
      }
      size = next
      const both = openBoth(path, scale.users)
      note("size", size, await duel(both.bench, both.floor, scale.users, CALLERS, scale))
      await both.close()
      if (size <= scale.filled) Object.assign(result, verifyOf(path, print))
    }
    Object.assign(result, readsOf(path, HEAVY_USER, scale.pages, print))
  })
  print(JSON.stringify(result))
  return result
}

/** A fresh file with these people, gone afterwards. */
async function withFile(
  folder: string,
  users: number,
  lots: number,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const path = join(folder, `${users}-${lots}.db`)
  const fresh = open(path)
  await seed(fresh, users, lots)
  await fresh.store.close()
  await work(path)
  for (const end of ["", "-wal", "-shm", ".floor", ".floor-wal", ".floor-shm"]) rmSync(path + end, { force: true })
}

if (import.meta.main) {
  await run({ quick: process.argv.includes("--quick"), full: process.argv.includes("--full") })
}

// One comparison: the ledger and its floor take turns on two copies of one file, and the median of the rounds' ratios counts,
// so that a busy machine hits both.
import { copyFileSync } from "node:fs"
import { median } from "../measure.ts"
import { type Floor, openFloor } from "./floor.ts"
import { type Bench, cycles, open } from "./world.ts"

export interface Duel {
  ratio: number
  cycles_per_s: number
  floor_per_s: number
  /** Mutations that shared one sync. */
  group: number
}

export interface Rounds {
  /** Odd. */
  rounds: number
  roundMs: number
}

export async function duel(
  bench: Bench,
  floor: Floor,
  users: number,
  callers: number,
  { rounds, roundMs }: Rounds,
  syncMs = 0,
): Promise<Duel> {
  const results: { ours: number; floor: number; group: number }[] = []
  await cycles(bench, users, callers, roundMs / 2)
  await floor.cycles(callers, roundMs / 2)
  for (let round = 0; round < rounds; round++) {
    const before = { ...bench.store.stats }
    const ours = await cycles(bench, users, callers, roundMs)
    const { mutations, syncs } = bench.store.stats
    const group = Math.max(1, Math.round((mutations - before.mutations) / (syncs - before.syncs)))
    results.push({ ours, group, floor: await floor.cycles(group, roundMs, syncMs) })
  }
  return {
    ratio: Number(median(results.map((round) => round.ours / round.floor)).toFixed(3)),
    cycles_per_s: Math.round(median(results.map((round) => round.ours))),
    floor_per_s: Math.round(median(results.map((round) => round.floor))),
    group: median(results.map((round) => round.group)),
  }
}

/** Opens a file and a copy of it for the floor. The file must not be open. */
export function openBoth(
  path: string,
  users: number,
  syncMs = 0,
): { bench: Bench; floor: Floor; close(): Promise<void> } {
  copyFileSync(path, `${path}.floor`)
  const bench = open(path, syncMs > 0 ? { sync: () => Bun.sleep(syncMs) } : {})
  const floor = openFloor(`${path}.floor`, users)
  const close = async () => {
    floor.close()
    await bench.store.close()
  }
  return { bench, floor, close }
}

// What benchmarks share: the machine's own figures, percentiles, a folder that goes away.
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import { join } from "node:path"

export const median = (values: readonly number[]): number => percentile(values, 50)

/** Nearest-rank percentile; 0 for no values. */
export const percentile = (values: readonly number[], percent: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil((values.length * percent) / 100) - 1)] ?? 0

/** ms that the disk of this folder takes to make 4 kB durable, in an existing file as a log is. */
function measureSync(folder: string): number {
  const path = join(folder, "sync")
  const file = openSync(path, "w")
  const block = "x".repeat(4096)
  for (let index = 0; index < 50; index++) writeSync(file, block)
  const times: number[] = []
  for (let index = 0; index < 50; index++) {
    writeSync(file, block, index * 4096)
    const started = performance.now()
    fdatasyncSync(file)
    times.push(performance.now() - started)
  }
  closeSync(file)
  return Number(median(times).toFixed(3))
}

/** The machine of a run; `fsync_ms` is what `measureSync` found in this folder. */
export function machine(folder: string): { cpus: number; fsync_ms: number; line: string } {
  const fsync_ms = measureSync(folder)
  const line = `${cpus().length} CPUs (${cpus()[0]?.model}), fsync ${fsync_ms} ms, all processes on this machine`
  return { cpus: cpus().length, fsync_ms, line }
}

export const two = (value: number): number => Math.round(value * 100) / 100
export const say = (what: object): void => console.log(JSON.stringify(what))

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "purser-bench-"))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

// How the run asks a part what it has used so far: one word a line on its stdin, one JSON line back.
import { readFileSync } from "node:fs"
import { say } from "../measure.ts"

/** Totals since the process began. */
export interface Mark {
  /** Processor time of all threads, µs. */
  cpuUs: number
  commits: number
  /** Mutations in those commits. */
  writes: number
}

/** MB (2^20). */
export interface Memory {
  rssMb: number
  /** Heap, stacks, SQLite's caches. */
  anonMb: number
  /** The executable and mapped files, such as the log's index. */
  fileMb: number
  /** Live and dead JavaScript. */
  heapMb: number
}

export type Words = Record<string, () => object | Promise<object>>

/** Answers until it is told the end. Every part knows `mark` and `memory`. */
export async function answerWords(words: Words = {}): Promise<void> {
  const all: Words = { mark: () => markOf({ commits: 0, writes: 0 }), memory, ...words }
  for await (const word of console) {
    if (word === "end") return
    say((await all[word]?.()) ?? { unknown: word })
  }
}

export function markOf(counted: { commits: number; writes: number }): Mark {
  const { user, system } = process.cpuUsage()
  return { cpuUs: user + system, commits: counted.commits, writes: counted.writes }
}

function memory(): Memory {
  const { rss, heapUsed } = process.memoryUsage()
  const status = readStatus()
  const mb = (bytes: number) => Math.round(bytes / 1_048_576)
  const anon = status.get("RssAnon") ?? 0
  const whole = status.get("VmRSS") ?? rss
  return { rssMb: mb(whole), anonMb: mb(anon), fileMb: mb(whole - anon), heapMb: mb(heapUsed) }
}

/** Bytes by name, as Linux counts them; nothing elsewhere. `smaps_rollup` says the same and stops the process for longer. */
function readStatus(): Map<string, number> {
  const figures = new Map<string, number>()
  let text = ""
  try {
    text = readFileSync("/proc/self/status", "utf8")
  } catch {
    return figures
  }
  for (const [, name, kb] of text.matchAll(/^(\w+):\s+(\d+) kB$/gm)) figures.set(name!, Number(kb) * 1024)
  return figures
}

// How soon the executable answers and ends, and what it holds: with an empty folder, with people, with a large database; idle and loaded.
import { join } from "node:path"
import { requestsOf } from "../gateway/load.ts"
import { load, type Part, turns } from "../kit.ts"
import { type Executables, megabytes, startBare, startPurser, startTimes } from "./executable.ts"

export interface Scale {
  gb: number
  users: number
  starts: number
  restores: number
  rounds: number
  roundMs: number
  /** Before the first round of a server: what runs seldom is slow at first. */
  warmMs: number
  /** Of the load after which memory is read. */
  loadMs: number
  restMs: number
}

export interface Run {
  scale: Scale
  folder: string
  /** Ended, however the run ends. */
  parts: Part<unknown, unknown>[]
  print: (line: string) => void
}

export interface StartFigures {
  /** MB (10^6) of the file; of the least executable. */
  sizeMb: number
  bareSizeMb: number
  /** From spawn to the first answer of /readyz. */
  emptyMs: number
  existingMs: number
  bigMs: number
  bareMs: number
  stopMs: number
  /** MB (2^20) in RAM: after the start, as a load of 32 connections ends, after a rest. */
  idleMb: number
  loadedMb: number
  restMb: number
  bigIdleMb: number
  bareMb: number
}

export async function startFigures(
  run: Run,
  { purser, bare }: Executables,
  big: string,
  people: { dataDir: string; tokens: string[] },
) {
  const { scale, folder, print } = run
  let count = 0
  const bareTimes = await startTimes(scale.starts, () => startBare(bare))
  const empty = await startTimes(scale.starts, () => startPurser(purser, join(folder, `empty${++count}`)))
  const existing = await startTimes(scale.starts, () => startPurser(purser, people.dataDir))
  const large = await startTimes(scale.starts, () => startPurser(purser, big))
  const memory = await memoryOf(run, purser, big, people)
  const least = await startBare(bare)
  const bareMb = least.rssMb()
  await least.stop()
  const figures: StartFigures = {
    sizeMb: megabytes(purser),
    bareSizeMb: megabytes(bare),
    emptyMs: empty.startMs,
    existingMs: existing.startMs,
    bigMs: large.startMs,
    bareMs: bareTimes.startMs,
    stopMs: existing.stopMs,
    ...memory,
    bareMb,
  }
  print(
    `executable ${figures.sizeMb} MB (bare ${figures.bareSizeMb}); first answer after ${figures.emptyMs} ms with an empty folder, ` +
      `${figures.existingMs} with people, ${figures.bigMs} with ${scale.gb} GB (bare ${figures.bareMs}); ends in ${figures.stopMs} ms`,
  )
  print(
    `RAM ${figures.idleMb} MB idle, ${figures.loadedMb} as a load ends, ${figures.restMb} after a rest, ` +
      `${figures.bigIdleMb} idle with ${scale.gb} GB (bare ${bareMb})`,
  )
  return figures
}

async function memoryOf({ scale }: Run, purser: string, big: string, people: { dataDir: string; tokens: string[] }) {
  const busy = await startPurser(purser, people.dataDir)
  await Bun.sleep(scale.restMs / 4)
  const idleMb = busy.rssMb()
  const next = turns(requestsOf(people.tokens, { stream: false }))
  const loaded = await load(busy.port, 32, scale.loadMs, next)
  if (loaded.bad > 0) throw new Error(`${loaded.bad} answers were not 200, such as ${loaded.firstBad}`)
  const loadedMb = busy.rssMb()
  await Bun.sleep(scale.restMs)
  const restMb = busy.rssMb()
  await busy.stop()
  const large = await startPurser(purser, big)
  await Bun.sleep(scale.restMs)
  const bigIdleMb = large.rssMb()
  await large.stop()
  return { idleMb, loadedMb, restMb, bigIdleMb }
}

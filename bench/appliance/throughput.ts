// What replication, log, metrics and traces cost a call: a plain server and one with that thing on, side by side, in turns.
import { cpSync, existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Mark } from "../gateway/control.ts"
import { requestsOf } from "../gateway/load.ts"
import { DISTURBED, Others } from "../gateway/others.ts"
import { type Load, load, type Part, startPart, turns } from "../kit.ts"
import { median } from "../measure.ts"
import { PLAIN, type Variant } from "./variants.ts"

export interface Rhythm {
  rounds: number
  tries: number
  roundMs: number
  /** Before the first round of a server: what runs seldom is slow at first. */
  warmMs: number
  connections: number
}

export interface Cost {
  /** Calls a second as a part of the plain server's, of the same rounds. */
  ratio: number
  perSecond: number
  plainPerSecond: number
  /** Processor time of the plain server a call, µs; of this one above it, Litestream's apart. */
  plainCpuUs: number
  addedCpuUs: number
  litestreamCpuUs: number
}

interface Side {
  variant: Variant
  dataDir: string
  part: Part<{ port: number }, unknown>
}

interface Turn extends Load {
  cpuUs: number
  litestreamUs: number
}

/** A server of its own on a copy of the seeded folder. */
async function start(script: string, seeded: string, folder: string, variant: Variant): Promise<Side> {
  const dataDir = join(folder, variant.name)
  cpSync(seeded, dataDir, { recursive: true })
  const command = [script, "--role=server", dataDir, JSON.stringify(variant)]
  const part = await startPart<{ port: number }, unknown>(
    command,
    variant.log ? join(folder, `${variant.name}.log`) : undefined,
  )
  return { variant, dataDir, part }
}

export class Bench {
  private plain!: Side
  readonly dataDirs: string[] = []

  constructor(
    private readonly of: { script: string; seeded: string; folder: string; tokens: string[]; rhythm: Rhythm },
    /** Other processes of the run. */
    private readonly pids: number[],
    private readonly keep: (part: Part<unknown, unknown>) => void,
  ) {}

  async open(): Promise<void> {
    this.plain = await this.serve(PLAIN)
    const { tokens, rhythm } = this.of
    await this.turn(this.plain, rhythm.warmMs, rhythm.connections, turns(requestsOf(tokens, { stream: false })))
  }

  async close(): Promise<void> {
    await this.end(this.plain)
  }

  async against(variant: Variant): Promise<Cost> {
    const { rounds, tries, roundMs, connections } = this.of.rhythm
    const side = await this.serve(variant)
    const sides = [this.plain, side]
    const next = turns(requestsOf(this.of.tokens, { stream: false }))
    await this.turn(side, this.of.rhythm.warmMs, connections, next)
    const litestream = pidOf(side.dataDir)
    const others = new Others([process.pid, ...this.pids, ...sides.map(({ part }) => part.pid), ...litestream])
    const all: { plain: Turn; varied: Turn; others: number }[] = []
    while (all.length < tries && all.filter((round) => round.others <= DISTURBED).length < rounds) {
      if (tries > rounds) await others.quiet()
      others.share()
      const isFirst = all.length % 2 === 0
      const before = isFirst ? await this.turn(this.plain, roundMs, connections, next) : null
      const varied = await this.turn(side, roundMs, connections, next)
      const plain = before ?? (await this.turn(this.plain, roundMs, connections, next))
      all.push({ plain, varied, others: others.share() })
    }
    await this.end(side)
    const best = all.toSorted((a, b) => a.others - b.others).slice(0, rounds)
    const of = (figure: (round: (typeof best)[number]) => number) => median(best.map(figure))
    return {
      ratio: of(({ plain, varied }) => varied.perSecond / plain.perSecond),
      perSecond: Math.round(of(({ varied }) => varied.perSecond)),
      plainPerSecond: Math.round(of(({ plain }) => plain.perSecond)),
      plainCpuUs: Math.round(of(({ plain }) => plain.cpuUs)),
      addedCpuUs: Math.round(of(({ plain, varied }) => varied.cpuUs - plain.cpuUs)),
      litestreamCpuUs: Math.round(of(({ varied }) => varied.litestreamUs)),
    }
  }

  private async serve(variant: Variant): Promise<Side> {
    const { script, seeded, folder } = this.of
    const side = await start(script, seeded, folder, variant)
    this.keep(side.part)
    this.dataDirs.push(side.dataDir)
    await side.part.ask("quiet")
    return side
  }

  private async end({ part }: Side): Promise<void> {
    await part.finish()
    await part.exited
  }

  private async turn(side: Side, ms: number, connections: number, next: () => Buffer): Promise<Turn> {
    const { part, variant, dataDir } = side
    const before = await part.ask<Mark>("mark")
    const litestreamBefore = cpuOf(dataDir)
    const scraper =
      variant.scrape === null ? null : setInterval(() => void scrape(part.first.port, variant.scrape!), 1_000)
    const one = await load(part.first.port, connections, ms, next)
    if (scraper) clearInterval(scraper)
    if (one.bad > 0) throw new Error(`${variant.name}: ${one.bad} answers were not 200, such as ${one.firstBad}`)
    const after = await part.ask<Mark>("mark")
    const litestreamUs = (cpuOf(dataDir) - litestreamBefore) / one.count
    return { ...one, cpuUs: (after.cpuUs - before.cpuUs) / one.count, litestreamUs }
  }
}

async function scrape(port: number, token: string): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { authorization: `Bearer ${token}` } })
  if (!answer.ok) throw new Error(`/metrics answered ${answer.status}`)
  await answer.text()
}

function pidOf(dataDir: string): number[] {
  const file = join(dataDir, "litestream.pid")
  return existsSync(file) ? [Number(readFileSync(file, "utf8"))] : []
}

/** Of its Litestream so far, µs; 0 without one. /proc counts in hundredths of a second. */
function cpuOf(dataDir: string): number {
  const [pid] = pidOf(dataDir)
  if (pid === undefined || !existsSync(`/proc/${pid}/stat`)) return 0
  const columns = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ")
  return (Number(columns[11]) + Number(columns[12])) * 10_000
}

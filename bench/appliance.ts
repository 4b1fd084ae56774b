// What an operator has to expect of the machine: start, memory, size, restore, and what replication and watching cost a call. Each against a
// floor of the same run: the least executable that Bun makes, Litestream alone, the same server without the thing that is measured.
//   --quick       seconds, for CI: it says that it runs, not how fast
//   --gb=N        size of the database that is started and restored (1)
//   --only=start,restore,calls    --variants=log,metrics,…    --rounds=N
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { litestreams } from "../test/replica/kit.ts"
import { buildBoth, type Executables } from "./appliance/executable.ts"
import { type Restore, restoreOf } from "./appliance/restore.ts"
import { type Run, type Scale, type StartFigures, startFigures } from "./appliance/starts.ts"
import { Bench, type Cost } from "./appliance/throughput.ts"
import { observed, replicated, type Variant } from "./appliance/variants.ts"
import { type Part, part } from "./kit.ts"
import { machine, say, two } from "./measure.ts"
import { fill } from "./pages-data.ts"

const GATEWAY = join(import.meta.dir, "gateway.ts")
const PARTS = ["start", "restore", "calls"] as const
type PartOfIt = (typeof PARTS)[number]

const NORMAL: Scale = {
  gb: 1,
  users: 2_000,
  starts: 5,
  restores: 3,
  rounds: 5,
  roundMs: 2_000,
  warmMs: 3_000,
  loadMs: 10_000,
  restMs: 20_000,
}
const QUICK: Scale = {
  gb: 0.01,
  users: 50,
  starts: 1,
  restores: 1,
  rounds: 1,
  roundMs: 150,
  warmMs: 100,
  loadMs: 150,
  restMs: 0,
}

export interface ApplianceBenchResult {
  bench: "appliance"
  /** Calls a second with one thing on as a part of those without; the worst of what was tried. */
  ratio: number
  start?: StartFigures
  /** By Litestream and place. */
  restore?: Record<string, Restore>
  calls?: Record<string, Cost>
  gb: number
  users: number
  cpus: number
  fsync_ms: number
}

async function keep<First>(run: Run, one: Promise<Part<First, unknown>>): Promise<Part<First, unknown>> {
  const made = await one
  run.parts.push(made)
  return made
}

/** People with credits, and an upstream that answers at once. @returns their folder and tokens */
async function seeded(run: Run): Promise<{ dataDir: string; tokens: string[] }> {
  const dataDir = join(run.folder, "seeded")
  mkdirSync(dataDir)
  const mock = await keep(run, part<{ port: number }, unknown>(GATEWAY, "mock"))
  const upstream = `http://127.0.0.1:${mock.first.port}/v1`
  const seeding = await part(GATEWAY, "seed", upstream, String(run.scale.users), dataDir, "")
  if ((await seeding.exited) !== 0) throw new Error("seeding failed")
  const { tokensFile } = await import("./gateway/seed.ts")
  return { dataDir, tokens: JSON.parse(readFileSync(tokensFile(dataDir), "utf8")) as string[] }
}

/** A folder whose database has that many gigabytes of charges: rows as real ones are, with hashes that nobody proves. */
async function bigFolder(run: Run): Promise<string> {
  const dataDir = join(run.folder, "big")
  mkdirSync(dataDir)
  const made = await part(import.meta.path, "empty", dataDir)
  if ((await made.exited) !== 0) throw new Error("an empty folder could not be made")
  const path = join(dataDir, "purser.db")
  // Of a charge with its sums and indexes.
  const charges = Math.ceil((run.scale.gb * 1e9) / BYTES_A_CHARGE)
  fill(path, {
    firstUser: 1_000,
    users: Math.ceil(charges / 100),
    charges,
    clientIds: [1, 2, 3],
    developerId: 999,
    nowMs: Date.now(),
    isOnePerson: false,
  })
  run.print(`${charges} charges, ${Math.round(statSync(path).size / 1e6)} MB`)
  return dataDir
}
const BYTES_A_CHARGE = 361

async function restores(run: Run, { purser }: Executables, big: string, variants: ReturnType<typeof replicated>) {
  const { scale, folder, print } = run
  const found: Record<string, Restore> = {}
  for (const variant of variants) {
    const dataDir = join(folder, `lost-${variant.name}`)
    cpSync(big, dataDir, { recursive: true })
    const one = await restoreOf({ purser, dataDir, folder, times: scale.restores }, variant)
    rmSync(dataDir, { recursive: true })
    found[variant.name] = one
    print(
      `${variant.name.padEnd(18)} ${scale.gb} GB on an empty disk: first answer after ${one.readyMs} ms, Litestream alone ${one.litestreamMs} ms, ` +
        `ratio ${one.ratio}; in its place after ${one.restoredMs} ms`,
    )
  }
  return found
}

async function calls(run: Run, people: { dataDir: string; tokens: string[] }, variants: Variant[]) {
  const { scale, folder, parts, print } = run
  const { rounds, roundMs, warmMs } = scale
  const isQuick = scale === QUICK
  const rhythm = { rounds, tries: isQuick ? rounds : 2 * rounds, roundMs, warmMs, connections: 32 }
  const of = { script: import.meta.path, seeded: people.dataDir, folder, tokens: people.tokens, rhythm }
  const bench = new Bench(
    of,
    parts.map(({ pid }) => pid),
    (one) => void parts.push(one),
  )
  await bench.open()
  const found: Record<string, Cost> = {}
  for (const variant of variants) {
    const cost = await bench.against(variant)
    found[variant.name] = { ...cost, ratio: two(cost.ratio) }
    print(
      `${variant.name.padEnd(18)} ${cost.perSecond} calls/s, plain ${cost.plainPerSecond}, ratio ${cost.ratio.toFixed(2)}; ` +
        `processor time a call ${cost.plainCpuUs} µs, ${cost.addedCpuUs} more with it, Litestream ${cost.litestreamCpuUs}`,
    )
  }
  await bench.close()
  for (const dataDir of bench.dataDirs) print(`${dataDir.split("/").at(-1)}: ${proved(dataDir)}`)
  return found
}

/** The product's own proof. @throws Error when the books do not hold */
function proved(dataDir: string): string {
  const verify = ["src/main.ts", "ledger", "verify", "--data-dir", dataDir]
  const ran = Bun.spawnSync([process.execPath, ...verify], { cwd: join(import.meta.dir, "..") })
  if (ran.exitCode !== 0) throw new Error(`the books do not hold after the run: ${ran.stdout}${ran.stderr}`)
  return ran.stdout.toString().trim().split("\n").at(-1)!
}

export interface ApplianceBenchOptions {
  quick?: boolean
  gb?: number
  only?: readonly PartOfIt[]
  /** Of `calls` and `restore`, by name; all by default. */
  variants?: readonly string[] | undefined
  rounds?: number
  print?: (line: string) => void
}

async function runIn(run: Run, { only = PARTS, variants }: ApplianceBenchOptions): Promise<ApplianceBenchResult> {
  const { scale, folder, print } = run
  const { cpus, fsync_ms, line } = machine(folder)
  print(line)
  const executables = await buildBoth(folder)
  const people = await seeded(run)
  const store = await keep(run, part<{ endpoint: string }, unknown>(import.meta.path, "store"))
  const collector = await keep(run, part<{ url: string }, unknown>(import.meta.path, "collector"))
  // The quick form takes the last of each: it says that it runs.
  const some = <T extends Variant>(all: T[]): T[] => {
    const wanted = all.filter(({ name }) => variants?.includes(name) ?? true)
    return scale === QUICK ? wanted.slice(-1) : wanted
  }
  const copiesFor = (name: string) => some(replicated(litestreams(), store.first, folder, name))
  const copies = copiesFor("calls")
  const result: ApplianceBenchResult = {
    bench: "appliance",
    ratio: 0,
    gb: scale.gb,
    users: scale.users,
    cpus,
    fsync_ms,
  }
  if (only.includes("calls")) {
    result.calls = await calls(run, people, [...some(observed(collector.first.url)), ...copies])
    result.ratio = Math.min(...Object.values(result.calls).map(({ ratio }) => ratio))
  }
  if (!only.includes("start") && !only.includes("restore")) return result
  const big = await bigFolder(run)
  if (only.includes("start")) result.start = await startFigures(run, executables, big, people)
  if (only.includes("restore")) result.restore = await restores(run, executables, big, copiesFor("lost"))
  return result
}

export async function run(options: ApplianceBenchOptions = {}): Promise<ApplianceBenchResult> {
  const { quick = false, gb, rounds, print = console.log } = options
  const scale = quick ? QUICK : { ...NORMAL, gb: gb ?? NORMAL.gb, rounds: rounds ?? NORMAL.rounds }
  const folder = mkdtempSync(join(tmpdir(), "purser-bench-"))
  const parts: Part<unknown, unknown>[] = []
  try {
    return await runIn({ scale, folder, parts, print }, options)
  } finally {
    for (const one of parts) one.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each loads only what it needs. */
async function play(role: string, [first = "", second = ""]: string[]): Promise<void> {
  const served = await import("./appliance/served.ts")
  if (role === "server") await served.server(first, JSON.parse(second) as Variant)
  else if (role === "store") await served.store()
  else if (role === "collector") await served.collector()
  else await served.empty(first)
}

function optionsOf(args: string[]): ApplianceBenchOptions {
  const value = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
  const gb = Number(value("gb") ?? Number.NaN)
  const named = value("only")?.split(",")
  const only = PARTS.filter((one) => named?.includes(one) ?? true)
  if (only.length < (named?.length ?? 0)) throw new Error(`--only takes ${PARTS.join(", ")}`)
  const rounds = Number(value("rounds") ?? Number.NaN)
  const variants = value("variants")?.split(",")
  const some = { ...(gb > 0 ? { gb } : {}), ...(rounds > 0 ? { rounds } : {}) }
  return { quick: args.includes("--quick"), only, variants, ...some }
}

if (import.meta.main) {
  const role = process.argv.find((arg) => arg.startsWith("--role="))?.slice(7)
  if (role) await play(role, process.argv.slice(3))
  else say(await run(optionsOf(process.argv.slice(2))))
}

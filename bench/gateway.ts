// The whole path (token, limits, price, hold, upstream, settle, usage, roll-up; every commit durable) against two floors of the same
// run: a bare proxy, and the durable floor, which writes the least that keeps the promises (gateway/floors.ts). Each part is a process of
// its own on loopback; the load comes from raw sockets, so that the generator costs little.
//   --quick                a few seconds, for CI
//   --only=answers32,…     of the names in gateway/load.ts; with --users=1000 --rounds=3 in half a minute
//   --users=N --rounds=N   smaller or longer; --round-ms=N
//   --loads=N              all of it N times: what the memory of the server comes to after each load
//   --limits               four limits that nobody meets: requests of a minute and a day, tokens of a minute, calls at the same time
//   --portkey              Portkey's gateway beside it, by npx
//   --profile              the server writes a CPU profile (its figures are then no figures)
import { Database } from "bun:sqlite"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Memory } from "./gateway/control.ts"
import { LOTS_PER_USER } from "./gateway/durable-tables.ts"
import { against, type Callers, SCENARIOS, type Scenario, type Target, type Who, warm } from "./gateway/load.ts"
import { Others } from "./gateway/others.ts"
import { againstPortkey, startPortkey } from "./gateway/portkey.ts"
import { type GatewayBenchResult, linesOf, type Rounds, resultOf } from "./gateway/report.ts"
import { WalMeter } from "./gateway/wal.ts"
import { type Part, part, startPart } from "./kit.ts"
import { machine, say } from "./measure.ts"

export type { GatewayBenchResult } from "./gateway/report.ts"

export interface GatewayBenchOptions {
  quick?: boolean
  scenarios?: readonly Scenario[]
  users?: number
  rounds?: number
  roundMs?: number
  loads?: number
  profile?: boolean
  limits?: boolean
  portkey?: boolean
  print?: (line: string) => void
}

export async function run(options: GatewayBenchOptions = {}): Promise<GatewayBenchResult> {
  const folder = mkdtempSync(join(tmpdir(), "purser-bench-"))
  const parts: Part<unknown, unknown>[] = []
  try {
    return await runIn(folder, parts, options)
  } finally {
    for (const one of parts) one.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runIn(
  folder: string,
  parts: Part<unknown, unknown>[],
  options: GatewayBenchOptions,
): Promise<GatewayBenchResult> {
  const print = options.print ?? console.log
  const { quick = false, scenarios = SCENARIOS, loads = 1 } = options
  const users = options.users ?? (quick ? 200 : 10_000)
  const rounds = options.rounds ?? (quick ? 1 : 5)
  const roundMs = options.roundMs ?? (quick ? 120 : 3_000)
  const { cpus, fsync_ms, line } = machine(folder)
  print(line)

  const dataDir = join(folder, "data")
  mkdirSync(dataDir)
  const files = { durable: join(folder, "floor.db"), purser: join(dataDir, "purser.db") }
  const profile = options.profile ? profileFlags(print) : []
  const start = async (who: string, args: string[], flags: string[] = []) => {
    const one = await startPart<{ port: number }, unknown>([...flags, import.meta.path, `--role=${who}`, ...args])
    parts.push(one)
    return one
  }
  const upstream = `http://127.0.0.1:${(await start("mock", [])).first.port}/v1`
  const callers = await seeded(upstream, { users, dataDir, limited: options.limits ?? false }, print)
  const { tokens } = callers
  const bare = targetOf("bare", await start("bare", [upstream]))
  const durable = targetOf("durable", await start("durable", [upstream, String(users), files.durable]), files.durable)
  const purser = targetOf("purser", await start("purser", [dataDir], profile), files.purser)
  const targets = [bare, durable, purser]
  for (const target of targets) await warm(target, tokens)
  await purser.part.ask("quiet")
  const others = new Others([process.pid, ...parts.map((one) => one.pid)])
  // The quick form says that it runs, not how fast: it waits for nobody.
  const rhythm = { rounds, tries: quick ? rounds : 2 * rounds, roundMs }

  const all: Rounds = new Map()
  const byLoad: Memory[] = []
  for (const scenario of Array.from({ length: loads }, () => scenarios).flat()) {
    const measured = await against(targets, scenario, callers, rhythm, others)
    all.set(scenario.name, [...(all.get(scenario.name) ?? []), ...measured])
    const held = await purser.part.ask<Memory>("memory")
    byLoad.push(held)
    for (const text of linesOf(scenario, measured)) print(text)
    print(`${scenario.name.padEnd(10)} purser  ${memoryLine(held)}`)
  }
  const portkey_ratio = options.portkey ? await portkeyRatio({ port: bare.port, upstream }, rhythm, print) : null
  const { peak, memory } = await atRest(purser, quick)
  print(`as the last load ends: ${memoryLine(peak)}; at rest: ${memoryLine(memory)}`)
  for (const { who, wal } of targets) if (wal?.missed) print(`${who}: the end of ${wal.missed} logs is not known`)
  const file_bytes_per_call = grownBy(purser)
  const durable_file_bytes_per_call = grownBy(durable)
  print(`file grown by ${file_bytes_per_call} bytes a call, durable floor ${durable_file_bytes_per_call}`)
  await purser.part.finish()
  await purser.part.exited
  print(`${purser.calls} calls; ${proved(dataDir)}`)
  const lots = users * LOTS_PER_USER
  const grown = { file_bytes_per_call, durable_file_bytes_per_call }
  return resultOf(all, memory, {
    ...grown,
    portkey_ratio,
    rss_peak_mb: peak.rssMb,
    rss_by_load_mb: byLoad.map(({ rssMb }) => rssMb),
    cpus,
    fsync_ms,
    users,
    lots,
    rounds,
    calls: purser.calls,
  })
}

const memoryLine = ({ rssMb, anonMb, fileMb, heapMb }: Memory): string =>
  `RSS ${rssMb} MB (${anonMb} anonymous, ${fileMb} of files; JavaScript ${heapMb})`

/** Portkey's part of the bare proxy, whole answers at 32 connections: its streams fail under Node 20. */
async function portkeyRatio(
  bare: { port: number; upstream: string },
  rhythm: { rounds: number; roundMs: number },
  print: (line: string) => void,
): Promise<number> {
  const portkey = await startPortkey()
  try {
    const { perSecond, ratio } = await againstPortkey(portkey, bare, SCENARIOS[0]!, rhythm)
    print(`${SCENARIOS[0]!.name.padEnd(10)} portkey ${String(perSecond).padStart(6)}/s  ${ratio.toFixed(3)} of bare`)
    return ratio
  } finally {
    await portkey.stop()
  }
}

/** Seconds after which the collector and the allocator have given back what nobody needs. */
const REST_SECONDS = 20

async function atRest({ part }: Target, quick: boolean): Promise<{ peak: Memory; memory: Memory }> {
  const peak = await part.ask<Memory>("memory")
  await Bun.sleep(quick ? 0 : REST_SECONDS * 1_000)
  return { peak, memory: await part.ask<Memory>("memory") }
}

/** Its file as it is before the load. */
const targetOf = (who: Who, one: Part<{ port: number }, unknown>, path: string | null = null): Target => ({
  who,
  port: one.first.port,
  part: one,
  path,
  sizeBefore: path === null ? 0 : statSync(path).size,
  wal: path === null ? null : new WalMeter(path),
  calls: 0,
})

/** @returns the tokens, one a person, and some keys */
async function seeded(
  upstream: string,
  { users, dataDir, limited }: { users: number; dataDir: string; limited: boolean },
  print: (line: string) => void,
): Promise<Callers> {
  const started = performance.now()
  const seeding = await part(import.meta.path, "seed", upstream, String(users), dataDir, limited ? "limits" : "")
  if ((await seeding.exited) !== 0) throw new Error("seeding failed")
  const { keysFile, tokensFile } = await import("./gateway/seed.ts")
  const seconds = Math.round((performance.now() - started) / 1_000)
  print(`${users} users, ${users * LOTS_PER_USER} lots, ${users} tokens in ${seconds} s`)
  const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as string[]
  return { tokens: read(tokensFile(dataDir)), keys: read(keysFile(dataDir)) }
}

/** Bytes a call that a target's file has grown by since it began, its log copied back. */
function grownBy({ path, sizeBefore, calls, wal }: Target): number {
  wal?.close()
  const db = new Database(path!, { readwrite: true, create: false })
  db.run("PRAGMA busy_timeout = 5000")
  const [[busy]] = db.query("PRAGMA wal_checkpoint(TRUNCATE)").values() as [[number]]
  db.close(true)
  if (busy) throw new Error(`the log of ${path} could not be copied back`)
  return Math.round((statSync(path!).size - sizeBefore) / calls)
}

/** The product's own proof, in a process of its own. @throws Error when the books do not hold */
function proved(dataDir: string): string {
  const verify = ["src/main.ts", "ledger", "verify", "--data-dir", dataDir]
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, ...verify], {
    cwd: join(import.meta.dir, ".."),
  })
  if (exitCode !== 0) throw new Error(`the books do not hold after the run: ${stdout}${stderr}`)
  return stdout.toString().trim().split("\n").at(-1)!
}

function profileFlags(print: (line: string) => void): string[] {
  const folder = mkdtempSync(join(tmpdir(), "purser-profile-"))
  print(`CPU profile of the server, readable and for a viewer: ${folder}`)
  return ["--cpu-prof", "--cpu-prof-md", `--cpu-prof-dir=${folder}`]
}

function optionsOf(args: string[]): GatewayBenchOptions {
  const value = (name: string) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3)
  const count = (name: string) => (value(name) === undefined ? {} : { [name]: Number(value(name)) })
  const only = value("only")?.split(",")
  const scenarios = SCENARIOS.filter(({ name }) => only?.includes(name) ?? true)
  if (scenarios.length < (only?.length ?? 0))
    throw new Error(`--only takes ${SCENARIOS.map(({ name }) => name).join(", ")}`)
  const roundMs = value("round-ms") === undefined ? {} : { roundMs: Number(value("round-ms")) }
  const has = (flag: string) => args.includes(flag)
  return {
    quick: has("--quick"),
    profile: has("--profile"),
    limits: has("--limits"),
    portkey: has("--portkey"),
    scenarios,
    ...count("users"),
    ...count("rounds"),
    ...count("loads"),
    ...roundMs,
  }
}

/** Each loads only what it needs: a floor has nothing of the product in memory. */
async function play(role: string, args: string[]): Promise<void> {
  const [first = "", second = "", third = "", fourth = ""] = args
  if (role === "mock") await (await import("./gateway/mock.ts")).mock()
  else if (role === "bare") await (await import("./gateway/floors.ts")).bareFloor(first)
  else if (role === "durable") await (await import("./gateway/floors.ts")).durableFloor(first, Number(second), third)
  else if (role === "seed")
    await (await import("./gateway/seed.ts")).seed(first, Number(second), third, fourth === "limits")
  else await (await import("./gateway/server.ts")).server(first)
}

if (import.meta.main) {
  const role = process.argv.find((arg) => arg.startsWith("--role="))?.slice(7)
  if (role) await play(role, process.argv.slice(3))
  else say(await run(optionsOf(process.argv.slice(2))))
}

// Brings a database out of a folder of the replica into a file, by Litestream: as it is now, as it was at a moment, or up to a transaction.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import type { Config, ReplicaConfig } from "../app/index.ts"
import type { Litestream } from "./binary.ts"
import { commandOf, signal } from "./child.ts"
import { ReplicaError } from "./error.ts"
import { litestreamEnv, writeLitestreamConfig } from "./litestream-config.ts"
import type { Whole } from "./marker.ts"

/** `txid`: 16 hex digits, as Litestream 0.5 counts. */
export type Until = { kind: "latest" } | { kind: "at"; ms: number } | { kind: "txid"; txid: string }

export interface BringDeps {
  config: Pick<Config, "dataDir" | "replicaAccessKeyId" | "replicaSecretAccessKey">
  replica: ReplicaConfig
  litestream: Litestream
}

export interface Bring {
  from: Pick<Whole, "epoch" | "format">
  /** A file that is not there yet. */
  to: string
  until: Until
  signal?: AbortSignal
}

/** @throws ReplicaError with Litestream's own words; nothing is left of the file then. The signal's reason when that is aborted */
export async function bringCopy({ config, replica, litestream }: BringDeps, bring: Bring): Promise<void> {
  const { from, to, until, signal } = bring
  refuseOldFamily(replica, litestream, bring)
  mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
  removeDraft(to)
  const databasePath = join(config.dataDir, "purser.db")
  const { family, path } = litestream
  const task = { family, databasePath, target: replica.target, epoch: from.epoch, socketPath: "", metricsPort: 0 }
  const settings = writeLitestreamConfig(dirname(to), `${basename(to)}.yml`, task)
  const command = [path, "restore", "-config", settings, "-no-expand-env", ...wordsOf(until), "-o", to, databasePath]
  const env = litestreamEnv(config)
  const pipes = { stdin: "ignore", stdout: "pipe", stderr: "pipe" } as const
  const child = Bun.spawn(command, { env, cwd: dirname(to), ...pipes, ...(signal ? { signal } : {}) })
  writeFileSync(pidPath(to), String(child.pid), { mode: 0o600 })
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  const code = await child.exited
  for (const done of [settings, pidPath(to)]) rmSync(done, { force: true })
  if (code === 0 && existsSync(to)) return
  removeDraft(to)
  signal?.throwIfAborted()
  throw new ReplicaError(
    `the database cannot be restored from ${replica.url} (epoch ${from.epoch}): ${lastWords(said.join("\n"))}`,
  )
}

const pidPath = (to: string): string => `${to}.pid`

/** A restore that was killed leaves its Litestream behind, which goes on writing where the next one begins. */
function endLeftBehind(to: string): void {
  if (!existsSync(pidPath(to))) return
  const pid = Number(readFileSync(pidPath(to), "utf8"))
  const isOurs = () => Number.isInteger(pid) && pid > 1 && commandOf(pid).includes(to)
  if (isOurs()) signal(pid, "SIGKILL")
  while (isOurs()) Bun.sleepSync(5)
}

/** The file, what SQLite and Litestream keep beside it, and what a killed one left of it: also who still writes into it. */
export function removeDraft(path: string): void {
  if (!existsSync(dirname(path))) return
  endLeftBehind(path)
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(basename(path))) rmSync(join(dirname(path), name), { recursive: true, force: true })
}

function refuseOldFamily({ url }: ReplicaConfig, litestream: Litestream, { from, until }: Bring): void {
  if (until.kind === "txid" && from.format === "0.3")
    throw new ReplicaError(
      `the copy at ${url} (epoch ${from.epoch}) was written by Litestream 0.3, which counts no transactions; use --at TIME`,
    )
  if (from.format === "0.5" && litestream.family === "0.3")
    throw new ReplicaError(
      `the replica at ${url} was written by Litestream 0.5; ${litestream.path} is ${litestream.version} and cannot read it`,
    )
}

function wordsOf(until: Until): string[] {
  if (until.kind === "at") return ["-timestamp", new Date(until.ms).toISOString()]
  return until.kind === "txid" ? ["-txid", until.txid] : []
}

/** Why it ended: the last line that is no progress. */
const lastWords = (said: string): string =>
  said
    .trim()
    .split("\n")
    .filter((line) => !/level=(INFO|DEBUG)|"level":"(INFO|DEBUG)"/i.test(line))
    .at(-1)
    ?.slice(0, 500) || "it did not say why"

// Brings the database back from the replica: beside its place, looked at, then moved there in one step. What is left of a lost one is kept.
import { existsSync, renameSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { Config, Log, ReplicaConfig } from "../app/index.ts"
import type { Litestream } from "./binary.ts"
import { ReplicaError } from "./error.ts"
import { litestreamEnv, writeLitestreamConfig } from "./litestream-config.ts"
import type { Whole } from "./marker.ts"
import { examineRestored } from "./store.ts"

export interface Restored {
  /** The folder of the replica that it came from. */
  epoch: number
  /** Moment of its last commit, ms: what was written later is lost. */
  lastMs: number
  /** Moment up to which the replica was known to hold all; later than `lastMs` = an operator accepted that its end is missing. */
  heldMs: number
  tookMs: number
}

/** What is restored, and to where. */
export interface Wanted {
  whole: Whole
  instance: string
  /** Default: the data folder, whose database it becomes. */
  to?: string
}

/** @throws ReplicaError; the database's place is empty then, as before */
export async function restore(
  config: Config,
  replica: ReplicaConfig,
  litestream: Litestream,
  { whole, instance, to }: Wanted,
  log: Log,
): Promise<Restored> {
  const dataDir = to ?? config.dataDir
  if (whole.format === "0.5" && litestream.family === "0.3")
    throw new ReplicaError(
      `the replica at ${replica.url} was written by Litestream 0.5; ${litestream.path} is ${litestream.version} and cannot read it`,
    )
  const path = join(dataDir, "purser.db")
  const partial = `${path}.restoring`
  const startedMs = performance.now()
  const say = to === undefined ? log.warn : log.debug
  say("replica.restoring", { url: replica.url, epoch: whole.epoch, to: path })
  for (const rest of leftovers(partial)) rmSync(rest, { force: true })
  const task = {
    family: litestream.family,
    databasePath: path,
    target: replica.target,
    epoch: whole.epoch,
    socketPath: join(dataDir, "litestream.sock"),
    metricsPort: 0,
  }
  const settings = writeLitestreamConfig(dataDir, "litestream-restore.yml", task)
  const command = [litestream.path, "restore", "-config", settings, "-no-expand-env", "-o", partial, path]
  const child = Bun.spawn(command, {
    env: litestreamEnv(config),
    cwd: dataDir,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  })
  const said = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  rmSync(settings, { force: true })
  if ((await child.exited) !== 0 || !existsSync(partial)) {
    for (const rest of leftovers(partial)) rmSync(rest, { force: true })
    throw new ReplicaError(
      `the database cannot be restored from ${replica.url} (epoch ${whole.epoch}): ${lastWords(said.join("\n"))}`,
    )
  }
  try {
    const { heldMs } = whole
    const { url, acceptedMs } = replica
    const { lastMs } = examineRestored(partial, { instance, heldMs, url, acceptedMs })
    if (lastMs < heldMs) log.error("replica.accepted", { url, ends: momentOf(lastMs), wasHeld: momentOf(heldMs) })
    // A log of the lost database would be played into this one.
    for (const rest of leftovers(path)) if (existsSync(rest)) renameSync(rest, `${rest}.lost`)
    rmSync(join(dataDir, ".purser.db-litestream"), { recursive: true, force: true })
    renameSync(partial, path)
    const tookMs = Math.round(performance.now() - startedMs)
    say("replica.restored", { epoch: whole.epoch, lastCommit: momentOf(lastMs), tookMs })
    return { epoch: whole.epoch, lastMs, heldMs, tookMs }
  } finally {
    for (const rest of leftovers(partial)) rmSync(rest, { force: true })
  }
}

const momentOf = (ms: number): string => new Date(ms).toISOString()
const leftovers = (path: string): string[] => [path, `${path}-wal`, `${path}-shm`, `${path}-journal`]

/** Why it ended: the last line that is no progress. */
const lastWords = (said: string): string =>
  said
    .trim()
    .split("\n")
    .filter((line) => !/level=(INFO|DEBUG)/i.test(line))
    .at(-1)
    ?.slice(0, 500) ?? "it did not say why"

// Finds Litestream and says what can be expected of it. It is a program of its own, started beside the server.
import { accessSync, constants } from "node:fs"
import { dirname, join } from "node:path"
import { ReplicaError } from "./error.ts"

/** Two formats, two ways to ask: 0.3 keeps generations of log segments, 0.5 transactions by number, with a control socket. */
export type Family = "0.3" | "0.5"

export interface Litestream {
  path: string
  version: string
  family: Family
  /** Why it should not be used in production, with what to do; null = nothing is known against it. */
  unsafe: string | null
}

const RUNS = "Install Litestream 0.5.17 or newer and start again, or name it in PURSER_LITESTREAM"

/** @throws ReplicaError when there is none, or one that is not known */
export function findLitestream(given: string | null): Litestream {
  const path = given ?? places().find(isExecutable)
  if (!path)
    throw new ReplicaError(
      `a replica is configured, but no litestream was found beside the executable or on PATH. ${RUNS}`,
    )
  if (!isExecutable(path)) throw new ReplicaError(`PURSER_LITESTREAM: ${path} cannot be run. ${RUNS}`)
  const ran = Bun.spawnSync([path, "version"], { env: {}, timeout: 10_000 })
  const said = `${ran.stdout}`.trim()
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(said)
  if (ran.exitCode !== 0 || !found) throw new ReplicaError(`${path} does not say its version ("${said}"). ${RUNS}`)
  return { path, version: `${found[1]}.${found[2]}.${found[3]}`, ...judged(found.slice(1, 4).map(Number)) }
}

/** The first 0.5 whose SQLite mends it: 0.5.16 was made a day before (litestream#1436). */
const SAFE_PATCH = 17
const WAL_RESET =
  "its SQLite has the fault of a log that is reset while it is copied (SQLite 3.7.0 to 3.51.2), which can damage a copy; use 0.5.17 or newer"

function judged([major = 0, minor = 0, patch = 0]: number[]): Pick<Litestream, "family" | "unsafe"> {
  const isNew = major > 0 || minor >= 5
  if (!isNew && minor !== 3) throw new ReplicaError(`Litestream ${major}.${minor}.${patch} is not known here. ${RUNS}`)
  if (!isNew) return { family: "0.3", unsafe: WAL_RESET }
  return { family: "0.5", unsafe: major === 0 && minor === 5 && patch < SAFE_PATCH ? WAL_RESET : null }
}

function places(): string[] {
  const onPath = Bun.which("litestream")
  const packaged = `@flydotio/litestream-${process.platform}-${process.arch}/litestream`
  return [
    join(dirname(process.execPath), "litestream"),
    ...(onPath ? [onPath] : []),
    join(import.meta.dir, "../../node_modules", packaged),
  ]
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

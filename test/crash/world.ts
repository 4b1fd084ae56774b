// One data folder that survives many deaths, and the processes that die on it.
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { credits, invariant, readConfig, silentLog } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import type { User } from "../../src/identity/index.ts"
import { addSandbox, CTX, giveCredits, makeClient, makeUser, mintTokens } from "../build.ts"
import { bundled } from "../bundle.ts"
import type { ChildLine, Granted, Start } from "./protocol.ts"

/** Links and tokens carry it; nobody connects to it, each process listens where it is free. */
const BASE_URL = "http://localhost:9"
const CALLERS = 5
const GRANTEES = 4

export interface World {
  dataDir: string
  path: string
  tokens: string[]
  granteeIds: number[]
  remove(): void
}

/**
 * A folder with callers who have credits and tokens, made by a server that then stopped in order.
 * @param by what they call with: an app's tokens end with a restore, keys do not
 */
export async function createWorld(by: "app" | "key" = "app"): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), "purser-crash-"))
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": BASE_URL }, {}, true)
  const app = await compose(config, { log: silentLog })
  await addSandbox(app)
  const client = await makeClient(app)
  const tokens: string[] = []
  for (let n = 0; n < CALLERS; n++) {
    const user = await makeUser(app)
    await giveCredits(app, user, credits(10_000))
    if (by === "app") tokens.push((await mintTokens(app, { user, ...client })).accessToken)
    else tokens.push(await keyOf(app, user))
  }
  const granteeIds: number[] = []
  for (let n = 0; n < GRANTEES; n++) granteeIds.push((await makeUser(app)).id)
  await app.stop()
  // A connection left open here would keep the log's index in memory over every death, which no power cut does.
  invariant(!existsSync(join(dataDir, "purser.db-wal")), "the maker of the folder still has it open")
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  return { dataDir, path: join(dataDir, "purser.db"), tokens, granteeIds, remove }
}

/** The plan that everybody begins with has no keys for models that cost. */
async function keyOf(app: App, user: User): Promise<string> {
  await app.plans.change(CTX, { user, planCode: "professional" })
  return (await app.keys.create(CTX, { userId: user.id, name: "Program", scopes: ["llm"] })).secret
}

export interface Mortal {
  readonly pid: number
  /** Grants that were acknowledged, in order. */
  readonly granted: Granted[]
  /** Open holds that the process before left behind; −1 until the store is open. */
  readonly holdsFound: number
  /** Resolves when it listens; null when it died before. */
  readonly listening: Promise<{ url: string; holdsLeft: number; bootMs: number } | null>
  kill(signal?: NodeJS.Signals): void
  /** Exit code or signal, after its last line was read. */
  readonly died: Promise<string>
}

export function startMortal(world: World, round: number, env: Record<string, string> = {}): Mortal {
  const { dataDir, granteeIds } = world
  const start: Start = { dataDir, baseUrl: BASE_URL, round, wordMs: 4, granteeIds }
  const startedMs = performance.now()
  const child = Bun.spawn([...bundled("test/crash/server.ts"), JSON.stringify(start)], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdout: "pipe",
    stderr: "pipe",
  })
  const granted: Granted[] = []
  let holdsFound = -1
  let listens: (line: Awaited<Mortal["listening"]>) => void
  const listening = new Promise<Awaited<Mortal["listening"]>>((resolve) => {
    listens = resolve
  })
  const take = (line: ChildLine) => {
    if (line.kind === "granted") granted.push(line)
    else if (line.kind === "opened") holdsFound = line.holdsLeft
    else listens({ url: line.url, holdsLeft: line.holdsLeft, bootMs: performance.now() - startedMs })
  }
  const read = async () => {
    let rest = ""
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split("\n")
      rest = lines.pop() ?? ""
      for (const line of lines) take(JSON.parse(line) as ChildLine)
    }
    listens(null)
  }
  const words = new Response(child.stderr).text()
  const died = Promise.all([read(), child.exited]).then(async ([, code]) => {
    const said = await words
    if (said) console.error(said)
    return String(child.signalCode ?? code)
  })
  return {
    pid: child.pid,
    granted,
    get holdsFound() {
      return holdsFound
    },
    listening,
    kill: (signal = "SIGKILL") => child.kill(signal),
    died,
  }
}

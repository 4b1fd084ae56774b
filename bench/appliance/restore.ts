// An empty disk filled from the replica: from the start of the process to its first answer, against Litestream alone with the same replica.
import { cpSync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { readConfig } from "../../src/app/index.ts"
import { litestreamEnv, writeLitestreamConfig } from "../../src/replica/litestream-config.ts"
import { median, two } from "../measure.ts"
import { startPurser } from "./executable.ts"
import type { replicated } from "./variants.ts"

export interface Restore {
  /** To the first answer, of Litestream alone. */
  ratio: number
  readyMs: number
  litestreamMs: number
  /** Until the database was in its place, Litestream's part and the look at it. */
  restoredMs: number
}

type Replicated = ReturnType<typeof replicated>[number]

/** @param dataDir is replicated by this first, and left as it was otherwise */
export async function restoreOf(
  of: { purser: string; dataDir: string; folder: string; times: number },
  variant: Replicated,
): Promise<Restore> {
  const { purser, dataDir, folder, times } = of
  const first = await startPurser(purser, dataDir, variant.env)
  await untilWhole(first.said)
  await first.stop()
  const ready: number[] = []
  const alone: number[] = []
  const steps: number[] = []
  for (let n = 0; n < times; n++) {
    const epoch = n + 1
    const litestreamMs = await litestreamAlone(variant, dataDir, join(folder, "alone"), epoch)
    const disk = join(folder, "disk")
    mkdirSync(disk)
    cpSync(join(dataDir, "secret.key"), join(disk, "secret.key"))
    const back = await startPurser(purser, disk, variant.env, 600_000)
    const told = /"event":"replica\.restored".*?"tookMs":(\d+)/.exec(back.said())
    if (!told) throw new Error(`it was not restored: ${back.said()}`)
    // A folder of the replica for each holder: the next round restores from this one's.
    await untilWhole(back.said)
    await back.stop()
    ready.push(back.ms)
    alone.push(litestreamMs)
    steps.push(Number(told[1]))
    rmSync(disk, { recursive: true, force: true })
  }
  return {
    ratio: two(median(ready.map((ms, n) => ms / alone[n]!))),
    readyMs: Math.round(median(ready)),
    litestreamMs: Math.round(median(alone)),
    restoredMs: Math.round(median(steps)),
  }
}

async function untilWhole(said: () => string): Promise<void> {
  const endMs = performance.now() + 600_000
  while (!/"event":"replica\.whole"/.test(said())) {
    if (performance.now() > endMs) throw new Error(`the replica never became whole: ${said()}`)
    await Bun.sleep(50)
  }
}

/** `litestream restore` with the very settings that the product writes. @returns ms */
async function litestreamAlone(variant: Replicated, dataDir: string, folder: string, epoch: number): Promise<number> {
  const flags = { port: "0", "data-dir": dataDir, "base-url": "http://localhost:8080" }
  const config = readConfig(flags, variant.env, true)
  mkdirSync(folder)
  const databasePath = join(dataDir, "purser.db")
  const { target } = config.replica!
  const task = {
    family: variant.tried.version,
    databasePath,
    target,
    epoch,
    socketPath: join(folder, "s"),
    metricsPort: 0,
  }
  const settings = writeLitestreamConfig(folder, "restore.yml", task)
  const output = join(folder, "restored.db")
  const startedMs = performance.now()
  const command = [variant.tried.path, "restore", "-config", settings, "-no-expand-env", "-o", output, databasePath]
  const child = Bun.spawn(command, { env: litestreamEnv(config), stdout: "ignore", stderr: "pipe" })
  const said = await new Response(child.stderr).text()
  if ((await child.exited) !== 0) throw new Error(`${variant.name}: ${said}`)
  const ms = performance.now() - startedMs
  rmSync(folder, { recursive: true, force: true })
  return ms
}

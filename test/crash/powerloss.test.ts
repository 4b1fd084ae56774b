// Power loss: a preloaded library (powerloss.c) puts back the bytes of unsynced writes and ends the process. What was acknowledged
// had been synced, so all of it must be there. A control without full durability shows that the test can fail.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createRandom, type Random } from "./random.ts"
import { Ward } from "./rounds.ts"
import { createWorld, type World } from "./world.ts"

const ROUNDS = 8
setDefaultTimeout(120_000)

const hasCompiler = process.platform === "linux" && Bun.which("cc") !== null
if (!hasCompiler && !process.env.PURSER_CI)
  console.log(
    "\n*** no C compiler (cc) found: the power-loss tests are SKIPPED. Install Debian's gcc and libc6-dev. ***\n",
  )

let folder = ""
let library = ""
let world: World | undefined
const random: Random = createRandom()

describe.skipIf(!hasCompiler && !process.env.PURSER_CI)("power loss", () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "purser-power-"))
    library = join(folder, "powerloss.so")
    const source = join(import.meta.dir, "powerloss.c")
    const made = Bun.spawnSync(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"])
    expect(made.stderr.toString()).toBe("")
    expect(made.exitCode).toBe(0)
  })
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true })
    world?.remove()
  })

  test("control: a database that does not sync each commit loses acknowledged rows, one that does loses none", async () => {
    const normal = await acknowledgeUntilCut("NORMAL")
    expect(normal.acknowledged).toBeGreaterThan(20)
    expect(normal.kept).toBeLessThan(normal.acknowledged)
    const full = await acknowledgeUntilCut("FULL")
    expect(full.acknowledged).toBeGreaterThan(20)
    expect(full.kept).toBeGreaterThanOrEqual(full.acknowledged)
  })

  test("power cuts at random syncs and moments under load lose nothing that was acknowledged", async () => {
    world = await createWorld()
    const ward = new Ward(world)
    try {
      for (let round = 0; round < ROUNDS; round++) await cutOnce(ward, round)
      await ward.proveAll(ROUNDS)
    } catch (error) {
      console.error(`failed with PURSER_TEST_SEED=${random.seed}`)
      throw error
    }
    console.log(`power cut ${ROUNDS} times: ${ward.report()}`)
    expect(ward.totals.answered).toBeGreaterThan(20)
    expect(ward.totals.granted).toBeGreaterThan(50)
    expect(ward.totals.holdsRecovered).toBeGreaterThan(5)
  })
})

/** In turn: at a commit's sync, by the clock, at a sync of the boot, and while a checkpoint's pages are on their way. */
async function cutOnce(ward: Ward, round: number): Promise<void> {
  const kind = (["commit", "clock", "boot", "checkpoint"] as const)[round % 4]!
  const when = {
    commit: { POWERLOSS_AFTER_SYNCS: String(random.between(40, 400)) },
    clock: {},
    boot: { POWERLOSS_AFTER_SYNCS: String(random.between(0, 4)) },
    checkpoint: { POWERLOSS_AT_CHECKPOINT: String(random.between(1, 3)) },
  }[kind]
  const env = { LD_PRELOAD: library, POWERLOSS_SEED: String(random.seed + round), ...when }
  // A server that outlives its boot here dies at its next sync, under the eyes of a proof; the final proof covers it too.
  const { mortal, url } = await ward.start(round, env, kind !== "boot")
  const giveUpMs = kind === "clock" ? random.between(100, 700) : 15_000
  const cut = async () => {
    await Bun.sleep(giveUpMs)
    mortal.kill("SIGUSR2")
  }
  if (url) await ward.load(mortal, url, cut)
  expect(await mortal.died).toBe("137")
}

async function acknowledgeUntilCut(synchronous: "NORMAL" | "FULL"): Promise<{ acknowledged: number; kept: number }> {
  const data = mkdtempSync(join(folder, "control-"))
  const path = join(data, "purser.db")
  const child = Bun.spawn([process.execPath, join(import.meta.dir, "control.ts"), path, synchronous], {
    env: { PATH: process.env.PATH ?? "", LD_PRELOAD: library, POWERLOSS_SEED: String(random.seed) },
    stdout: "pipe",
    stderr: "inherit",
  })
  let told = ""
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    told += text
    if (told.split("\n").length > 100) child.kill("SIGUSR2")
  }
  expect(await child.exited).toBe(137)
  const acknowledged = told.split("\n").length - 1
  const db = new Database(path)
  const { kept } = db.query<{ kept: number }, []>("SELECT COUNT(*) AS kept FROM kept").get()!
  db.close()
  return { acknowledged, kept }
}

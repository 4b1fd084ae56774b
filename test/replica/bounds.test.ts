// Neither the log nor what waits for the replica fills the disk: whatever Litestream or the store do, copying is given up first, and begun anew.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { LIMITS, readConfig, silentLog } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import { giveCredits, makeUser } from "../build.ts"
import { eventually } from "../eventually.ts"
import { BUCKET, createHouse, litestreams, settings, startS3 } from "./kit.ts"

setDefaultTimeout(90_000)

/** Those of a disk a thousandth as large. */
const SMALL = {
  replicaLogPagesMax: 600,
  checkpointPages: 100,
  checkpointEveryCommits: 4,
  replicaLagBadMs: 1_000,
  replicaLagWarnMs: 500,
  replicaLookMs: 200,
}
const USUAL = { ...LIMITS }
const tried = litestreams().at(-1)!
const s3 = startS3()
let house: Awaited<ReturnType<typeof createHouse>>
let app: App

beforeAll(async () => {
  Object.assign(LIMITS, SMALL)
  house = await createHouse()
  const flags = { port: "0", "data-dir": house.dataDir, "base-url": "http://localhost:9" }
  const config = readConfig(flags, settings(s3, tried), true)
  config.replica!.backlogBytesMax = 200_000
  app = await compose(config, { log: silentLog })
  expect(await app.replica.holds()).toBe("held")
})
afterAll(async () => {
  await app.stop()
  Object.assign(LIMITS, USUAL)
  house.remove()
  await s3.down()
})

const pid = () => Number(readFileSync(join(house.dataDir, "litestream.pid"), "utf8"))
const mark = () => JSON.parse(new TextDecoder().decode(s3.objects.get(`${BUCKET}/purser/one/purser.json`)!.body))
/** Commits until it is so. @returns the most pages that the log had */
async function writeUntil(isSo: () => boolean, pauseMs = 0): Promise<number> {
  const user = await makeUser(app)
  const endMs = performance.now() + 60_000
  let most = 0
  while (!isSo()) {
    if (performance.now() > endMs) throw new Error(`not in time: ${JSON.stringify(app.replica.health())}`)
    await giveCredits(app, user, 1_000)
    if (pauseMs > 0) await Bun.sleep(pauseMs)
    most = Math.max(most, app.store.logPages())
  }
  return most
}

test("a Litestream that hangs is ended before the log fills the disk, and all is sent after that", async () => {
  const hung = pid()
  process.kill(hung, "SIGSTOP")
  await writeUntil(() => !existsSync(`/proc/${hung}`))
  await eventually("a new one runs", () => existsSync(join(house.dataDir, "litestream.pid")) && pid() !== hung)
  await eventually("it holds all", () => app.replica.health()!.lagMs === 0 && app.replica.health()!.cause === null)
  expect(await app.replica.holds()).toBe("held")
  // The log is used from its beginning again.
  await writeUntil(() => app.store.logPages() < SMALL.replicaLogPagesMax)
})

test("while the store is away what waits is bounded: it is given up, and a whole copy sent when it is back", async () => {
  const before = mark()
  await s3.down()
  const meta = join(house.dataDir, ".purser.db-litestream")
  // By the log or by what waits, whichever is too much first.
  await writeUntil(() => !existsSync(meta), 5)
  await eventually("it says so", () => app.replica.health()!.state === "bad")
  // Our own copying of the log goes on.
  await writeUntil(() => app.store.logPages() < SMALL.replicaLogPagesMax)
  s3.up()
  await eventually("it is whole again", () => app.replica.health()!.text.startsWith("up to date"))
  // On a slow machine it may be given up again before it is whole.
  const { epoch, whole } = mark()
  expect(epoch).toBeGreaterThan(before.epoch)
  expect(whole).toMatchObject({ epoch })
})

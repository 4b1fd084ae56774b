// The replica is away, slow, throttling, refuses, was emptied: the service goes on, health says why, and all is well again by itself.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { createLog, readConfig } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import { giveCredits, makeUser } from "../build.ts"
import { eventually } from "../eventually.ts"
import { BUCKET, createHouse, litestreams, settings, startS3 } from "./kit.ts"

setDefaultTimeout(180_000)

const tried = litestreams().at(-1)!
const s3 = startS3()
let house: Awaited<ReturnType<typeof createHouse>>
const lines: string[] = []
let app: App | null = null

beforeAll(async () => {
  house = await createHouse()
})
afterAll(async () => {
  await app?.stop()
  house.remove()
  await s3.down()
})

async function start(more: Record<string, string> = {}): Promise<App> {
  const flags = { port: "0", "data-dir": house.dataDir, "base-url": "http://localhost:9" }
  const log = createLog({ level: "info", format: "json", write: (line) => void lines.push(line) })
  const env = settings(s3, tried, { PURSER_REPLICA_WAIT_SECONDS: "3", ...more })
  app = await compose(readConfig(flags, env, true), { log })
  return app
}
async function stop(): Promise<void> {
  await app?.stop()
  app = null
}
const state = () => app!.replica.health()!
const isWell = () => state().state !== "bad" && state().cause === null && state().lagMs < 5_000
const wellAgain = async () => {
  await eventually("the replica holds everything", isWell)
  await eventually("and says so", () => state().text.startsWith("up to date"))
  await untilHeld()
}
async function untilHeld(): Promise<void> {
  const endMs = performance.now() + 120_000
  while ((await app!.replica.holds()) !== "held")
    if (performance.now() > endMs) throw new Error(`not held: ${JSON.stringify(state())}`)
}
/** Service goes on: somebody is made and paid. */
const serve = async () => giveCredits(app!, await makeUser(app!), 1_000)

test("with data on the disk, a wrong bucket, wrong keys or a store that is away stop nothing and are named", async () => {
  const wrong: [Record<string, string>, string][] = [
    [{ PURSER_REPLICA_URL: "s3://nowhere/purser" }, "NoSuchBucket"],
    [{ PURSER_REPLICA_ACCESS_KEY_ID: "AKIAWRONG" }, "InvalidAccessKeyId"],
    [{ PURSER_REPLICA_SECRET_ACCESS_KEY: "wrong" }, "SignatureDoesNotMatch"],
  ]
  for (const [more, cause] of wrong) {
    await start(more)
    expect(state()).toMatchObject({ state: "bad", cause: expect.stringContaining(cause) })
    await serve()
    expect(await app!.replica.holds(100)).toBe("late")
    await stop()
  }
  expect(s3.objects.size).toBe(0)
})

test("a store that is away at the start is taken up when it comes", async () => {
  await s3.down()
  await start()
  expect(state().state).toBe("bad")
  await serve()
  s3.up()
  await wellAgain()
})

test("a store that goes away under load: service goes on, red with the cause, few lines of log, green by itself", async () => {
  const before = lines.length
  await s3.down()
  const endMs = performance.now() + 2_500
  let served = 0
  while (performance.now() < endMs) {
    await serve()
    served++
  }
  expect(served).toBeGreaterThan(3)
  await eventually("red", () => state().state === "bad")
  expect(state().cause).toMatch(/bucket books at http:\/\/127\.0\.0\.1/)
  expect(await app!.replica.holds(100)).toBe("late")
  const isSaid = (event: string) => lines.slice(before).some((line) => line.includes(`"event":"${event}"`))
  await eventually("the log says so", () => isSaid("replica.red"))
  expect(lines.length - before).toBeLessThan(20)
  s3.up()
  await wellAgain()
  await eventually("and that it is over", () => isSaid("replica.green"))
})

test("slow and throttling stores delay what waits for them, nothing else", async () => {
  s3.slowMs = 400
  const startedMs = performance.now()
  await serve()
  await untilHeld()
  expect(performance.now() - startedMs).toBeGreaterThan(400)
  s3.slowMs = 0
  s3.throttleEvery = 3
  for (let n = 0; n < 5; n++) await serve()
  await untilHeld()
  s3.throttleEvery = 0
  await wellAgain()
})

test("a first with the fence that is cut off runs no job while another may be the first, and goes on when it is back", async () => {
  await stop()
  await start({ PURSER_REPLICA_FENCE: "on" })
  await app!.listen()
  await untilHeld()
  const waiting = () => app!.jobs.list().filter(({ isPaused }) => isPaused).length
  expect(waiting()).toBe(0)
  await s3.down()
  await eventually("it answers nobody", () => !app!.replica.mayAnswer)
  expect(waiting()).toBe(app!.jobs.list().length)
  s3.up()
  await eventually("it answers again", () => app!.replica.mayAnswer)
  expect(waiting()).toBe(0)
  await stop()
  await start()
  await wellAgain()
})

test("a replica that somebody emptied is begun anew, whole", async () => {
  s3.objects.clear()
  await eventually("its mark is missed", () => s3.objects.has(`${BUCKET}/purser/one/purser.json`))
  await wellAgain()
  const mark = JSON.parse(new TextDecoder().decode(s3.objects.get(`${BUCKET}/purser/one/purser.json`)!.body))
  expect(mark.whole.epoch).toBe(mark.epoch)
})

test("Litestream that dies is started again, and what was written meanwhile is sent", async () => {
  const pid = Number(await Bun.file(`${house.dataDir}/litestream.pid`).text())
  process.kill(pid, "SIGKILL")
  await serve()
  await wellAgain()
  expect(Number(await Bun.file(`${house.dataDir}/litestream.pid`).text())).not.toBe(pid)
})

test("after all of it, the database comes back from the replica as it was, sent to the end by the stop", async () => {
  const count = () => app!.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM transactions")!.n
  await serve()
  const before = count()
  await stop()
  house.loseDisk()
  await start()
  expect(app!.replica.restored).not.toBeNull()
  expect(count()).toBe(before)
  expect(await app!.reads.ask("ledger.verify")).toMatchObject({ ok: true })
})

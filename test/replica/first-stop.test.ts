// A server that is stopped before its first whole copy is in the replica: the stop waits for it, so that the disk may be thrown away.
import { afterAll, afterEach, expect, setDefaultTimeout, test } from "bun:test"
import { createLog, LIMITS, readConfig } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import { eventually } from "../eventually.ts"
import { BUCKET, createHouse, litestreams, settings, startS3, type Tried } from "./kit.ts"

setDefaultTimeout(60_000)
const s3 = startS3()
afterEach(() => s3.objects.clear())
afterAll(() => s3.down())

const mark = () => JSON.parse(new TextDecoder().decode(s3.objects.get(`${BUCKET}/purser/one/purser.json`)!.body))

async function begin(tried: Tried) {
  const house = await createHouse()
  const lines: string[] = []
  const log = createLog({ level: "info", format: "json", write: (line) => void lines.push(line) })
  const start = (): Promise<App> => {
    const flags = { port: "0", "data-dir": house.dataDir, "base-url": "http://localhost:9" }
    return compose(readConfig(flags, settings(s3, tried), true), { log })
  }
  return { house, start, said: (event: string) => lines.some((line) => line.includes(`"event":"${event}"`)) }
}

for (const tried of litestreams()) {
  test(`${tried.version}: stopped at once, all of it is there, and an empty disk comes back`, async () => {
    const { house, start, said } = await begin(tried)
    s3.slowMs = 40
    const app = await start()
    expect(app.replica.health()!.text).toContain("the first whole copy is being sent")
    const people = app.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM users")!.n
    await app.stop()
    s3.slowMs = 0
    expect(said("replica.stop_behind")).toBe(false)
    expect(mark()).toMatchObject({ released: true, sent: true, whole: { epoch: 1 } })
    house.loseDisk()
    const again = await start()
    expect(again.replica.restored).not.toBeNull()
    expect(again.store.read.get<{ n: number }>("SELECT COUNT(*) AS n FROM users")!.n).toBe(people)
    await again.stop()
    house.remove()
  })
}

test("with a store that went away meanwhile it ends in its time, and says that nothing can be restored", async () => {
  const usual = { ...LIMITS }
  Object.assign(LIMITS, { replicaStopMs: 1_000, replicaFirstStopMs: 40_000 })
  const { house, start, said } = await begin(litestreams().at(-1)!)
  const app = await start()
  await s3.down()
  await eventually("it is known to be away", () => /ECONNREFUSED/.test(app.replica.health()!.cause ?? ""))
  const startedMs = performance.now()
  await app.stop()
  s3.up()
  Object.assign(LIMITS, usual)
  // Not for as long as a copy that is on its way.
  expect(performance.now() - startedMs).toBeLessThan(20_000)
  expect(said("replica.stop_behind")).toBe(true)
  house.remove()
})

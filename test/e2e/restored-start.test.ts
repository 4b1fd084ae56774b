// The first start of a restored house gives nothing away: what became due while it was off waits with the jobs, until somebody has looked.
import { expect, setDefaultTimeout, test } from "bun:test"
import { rmSync } from "node:fs"
import { DAY_MS, readConfig, silentLog, VirtualClock } from "../../src/app/index.ts"
import { type App, compose } from "../../src/compose.ts"
import { writeRestoreNote } from "../../src/replica/index.ts"
import { testFolder } from "../../src/store/index.ts"
import { CTX, makeUser } from "../build.ts"

setDefaultTimeout(30_000)

test("monthly credits that are due are granted before anybody looks, but not by a restored house that waits", async () => {
  const dataDir = testFolder("purser-restored-")
  const clock = new VirtualClock(Date.UTC(2026, 2, 1, 12))
  const config = readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, {}, true)
  const start = async (): Promise<App> => {
    const app = await compose(config, { log: silentLog, clock })
    await app.listen()
    return app
  }
  const first = await start()
  const ada = await makeUser(first)
  await first.plans.assign(CTX, { user: ada, planCode: "starter" })
  const given = (app: App) => app.plans.historyOf(ada.id).length
  expect(given(first)).toBe(1)
  const { path } = first.store
  await first.stop()

  clock.advance(31 * DAY_MS)
  const usual = await start()
  expect(given(usual)).toBe(2)
  await usual.stop()

  clock.advance(31 * DAY_MS)
  const lastMs = clock.now() - DAY_MS
  const note = {
    atMs: clock.now(),
    source: "s3://b/p",
    lastMs,
    aliveMs: lastMs,
    epoch: 3,
    asked: null,
    complete: false,
  }
  writeRestoreNote(path, note)
  for (const which of ["the first", "the next, while nobody has looked"]) {
    const restored = await start()
    expect([which, given(restored), restored.backup.lastRestore()?.lookedMs]).toEqual([which, 2, null])
    await restored.stop()
  }
  const looked = await start()
  await looked.backup.goOnFromConsole(CTX)
  await looked.jobs.runNow(CTX, "allocate-plans")
  expect(given(looked)).toBe(3)
  await looked.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

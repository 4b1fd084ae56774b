// After `purser migrate back` the database is another one under the same name and the same replica: what is sent from then on is whole again,
// and what an empty disk gets is never a mixture of the two.
import { afterAll, expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { readConfig, silentLog } from "../../src/app/index.ts"
import { cli } from "../../src/cli/testing.ts"
import { type App, compose } from "../../src/compose.ts"
import { copyDatabase } from "../../src/store/index.ts"
import { giveCredits, makeUser } from "../build.ts"
import { BUCKET, createHouse, litestreams, settings, startS3 } from "./kit.ts"

setDefaultTimeout(60_000)
const s3 = startS3()
afterAll(() => s3.down())

const mark = () => JSON.parse(new TextDecoder().decode(s3.objects.get(`${BUCKET}/purser/one/purser.json`)!.body))

for (const tried of litestreams())
  test(`${tried.version}: the claim after the way back begins anew, and is the one that is restored`, async () => {
    s3.objects.clear()
    const house = await createHouse()
    const path = join(house.dataDir, "purser.db")
    const start = (): Promise<App> => {
      const flags = { port: "0", "data-dir": house.dataDir, "base-url": "http://localhost:9" }
      return compose(readConfig(flags, settings(s3, tried), true), { log: silentLog })
    }
    const names = (app: App) =>
      app.store.read
        .all<{ name: string }>("SELECT name FROM users WHERE name LIKE 'n%' ORDER BY name")
        .map(({ name }) => name)
    const add = async (app: App, name: string) => {
      await giveCredits(app, await makeUser(app, { name }), 1_000)
      expect(await app.replica.holds()).toBe("held")
    }
    const before = await start()
    await add(before, "n1 before the upgrade")
    const copy = join(house.dataDir, "copy.db")
    copyDatabase(path, copy)
    await add(before, "n2 after the upgrade")
    await before.stop()
    const was = mark()

    const back = await cli("migrate", "back", "--to", copy, "--yes", "--data-dir", house.dataDir)
    expect([back.err, back.code]).toEqual(["", 0])
    const after = await start()
    expect(names(after)).toEqual(["n1 before the upgrade"])
    // Until it is whole, the folder from before is what would be restored; from then on the new one is.
    expect(after.replica.health()!.text).toContain("the first whole copy is being sent")
    expect(mark()).toMatchObject({ epoch: was.epoch + 1, whole: { epoch: was.epoch } })
    await add(after, "n3 after the way back")
    expect(mark().whole.epoch).toBe(was.epoch + 1)
    await after.stop()

    house.loseDisk()
    const restored = await start()
    expect(restored.replica.restored).not.toBeNull()
    expect(names(restored)).toEqual(["n1 before the upgrade", "n3 after the way back"])
    expect(restored.ledger.verify().ok).toBe(true)
    await restored.stop()
    house.remove()
  })

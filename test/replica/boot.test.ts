// What must never start: an empty disk whose replica cannot be asked, is empty, another's, damaged or short of its end; a second server on one
// replica; the first one, after it was replaced.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { eventually } from "../eventually.ts"
import { BUCKET, createHouse, litestreams, Mortal, settings, startS3 } from "./kit.ts"

setDefaultTimeout(90_000)

const tried = litestreams().at(-1)!
const s3 = startS3()
const folders = mkdtempSync(join(tmpdir(), "purser-boot-"))
let house: Awaited<ReturnType<typeof createHouse>>
/** Of the replica, whole; each test begins with it. */
let whole: typeof s3.objects
const MARK = `${BUCKET}/purser/one/purser.json`

beforeAll(async () => {
  house = await createHouse()
  const app = await compose(configOf(house.dataDir), { log: silentLog })
  expect(await app.replica.holds()).toBe("held")
  await app.stop()
  whole = new Map(s3.objects)
})
afterAll(async () => {
  house.remove()
  rmSync(folders, { recursive: true, force: true })
  await s3.down()
})

const configOf = (dataDir: string, more: Record<string, string> = {}) =>
  readConfig({ port: "0", "data-dir": dataDir, "base-url": "http://localhost:9" }, settings(s3, tried, more), true)

let count = 0
function emptyDisk(): string {
  const folder = join(folders, `disk${++count}`)
  mkdirSync(folder)
  cpSync(join(house.dataDir, "secret.key"), join(folder, "secret.key"))
  return folder
}

async function refusal(more: Record<string, string> = {}, dataDir = emptyDisk()): Promise<string> {
  try {
    const app = await compose(configOf(dataDir, more), { log: silentLog })
    expect(app.replica.restored?.lastMs).toBeGreaterThanOrEqual(heldMs())
    await app.stop()
    return "it started"
  } catch (error) {
    expect(existsSync(join(dataDir, "purser.db"))).toBe(false)
    return (error as Error).message
  }
}
const restoreStore = () => {
  s3.objects.clear()
  for (const [name, object] of whole) s3.objects.set(name, object)
}
/** What the whole replica was known to hold. */
const heldMs = (): number => JSON.parse(new TextDecoder().decode(whole.get(MARK)!.body)).whole.heldMs
const marker = () => JSON.parse(new TextDecoder().decode(s3.objects.get(MARK)!.body))
const put = (name: string, text: string | Uint8Array) => {
  const body = typeof text === "string" ? new TextEncoder().encode(text) : text
  s3.objects.set(name, { body, etag: `"${Math.random()}"`, atMs: Date.now() })
}

test("an empty disk starts nothing while the replica cannot be asked, and says why", async () => {
  expect(await refusal({ PURSER_REPLICA_URL: "s3://nowhere/one" })).toContain("NoSuchBucket")
  expect(await refusal({ PURSER_REPLICA_ACCESS_KEY_ID: "AKIAWRONG" })).toContain("InvalidAccessKeyId")
  await s3.down()
  expect(await refusal()).toContain("cannot be asked whether there is data")
  s3.up()
})

test("an empty path is no first run: not by itself, not with an old word, never with a name", async () => {
  const elsewhere = { PURSER_REPLICA_URL: `s3://${BUCKET}/purser/oen` }
  expect(await refusal(elsewhere)).toContain("are both empty")
  expect(await refusal({ ...elsewhere, PURSER_REPLICA_NEW: "2020-01-01" })).toContain("are both empty")
  const named = {
    ...elsewhere,
    PURSER_INSTANCE_ID: marker().instance,
    PURSER_REPLICA_NEW: new Date().toISOString().slice(0, 10),
  }
  expect(await refusal(named)).toContain("the replica was emptied")
})

test("a damaged mark, a missing mark and another's replica start nothing", async () => {
  put(MARK, "{")
  expect(await refusal()).toContain("damaged")
  s3.objects.delete(MARK)
  expect(await refusal()).toContain("purser.json")
  restoreStore()
  expect(await refusal({ PURSER_INSTANCE_ID: `ins_${"9".repeat(26)}` })).toContain("belongs to")
  restoreStore()
  put(MARK, JSON.stringify({ ...marker(), instance: `ins_${"9".repeat(26)}` }))
  expect(await refusal()).toContain("calls itself")
  restoreStore()
})

test("a replica that lost a file, half a file, or its end starts nothing", async () => {
  const data = s3.names(`${BUCKET}/purser/one/e`)
  // Not every file is read by a restore: one that is not may be damaged. Never is less restored than was held.
  const refused: string[] = []
  for (const name of data) {
    const { body } = s3.objects.get(name)!
    put(name, body.slice(0, body.length / 2))
    const why = await refusal()
    if (why !== "it started") refused.push(why)
    restoreStore()
  }
  expect(refused.length).toBeGreaterThan(0)
  for (const why of refused) expect(why).toMatch(/cannot be restored|is damaged|its end is missing/)
  for (const name of data) s3.objects.delete(name)
  expect(await refusal()).toContain("cannot be restored")
  restoreStore()
  put(MARK, JSON.stringify({ ...marker(), whole: { ...marker().whole, heldMs: marker().whole.heldMs + 1 } }))
  const why = await refusal()
  expect(why).toContain("its end is missing")
  // An operator who looked for it in vain may say so: for this end alone.
  const word = /PURSER_REPLICA_ACCEPT=(\S+Z);/.exec(why)![1]!
  expect(await refusal({ PURSER_REPLICA_ACCEPT: "2026-01-01T00:00:00.000Z" })).toContain("its end is missing")
  const app = await compose(configOf(emptyDisk(), { PURSER_REPLICA_ACCEPT: word }), { log: silentLog })
  expect(app.replica.restored).toMatchObject({ lastMs: Date.parse(word), heldMs: Date.parse(word) + 1 })
  await app.stop()
  restoreStore()
})

test("a replica that could not be restored is given back: the server that wrote it starts again from its own disk", async () => {
  const data = s3.names(`${BUCKET}/purser/one/e`)
  for (const name of data) s3.objects.delete(name)
  expect(await refusal()).toContain("cannot be restored")
  expect(marker()).toMatchObject({ epoch: 1, released: true })
  const app = await compose(configOf(house.dataDir), { log: silentLog })
  expect(await app.replica.holds()).toBe("held")
  await app.stop()
  whole = new Map(s3.objects)
})

test("one server at a time: a second is refused, a copy of the folder too; who was replaced never comes back", async () => {
  const first = new Mortal(house, 0, settings(s3, tried))
  expect(await first.listening).not.toBeNull()
  await eventually("the replica holds something", () => first.held > 0)
  const empty = new Mortal({ ...house, dataDir: emptyDisk() }, 1, settings(s3, tried))
  expect(await empty.listening).toBeNull()
  expect(empty.why).toContain("is running on the replica")
  // Its machine stops in the middle: nobody can say whether it is dead.
  first.signal("SIGSTOP")
  const second = new Mortal({ ...house, dataDir: emptyDisk() }, 2, settings(s3, tried), "rest")
  const up = await second.listening
  expect(up?.restored).not.toBeNull()
  await eventually("the second holds all", () => second.health?.text.startsWith("up to date") === true)
  first.signal("SIGCONT")
  await eventually("the first ends by itself", () => first.why !== null)
  expect(await first.died).toBe("1")
  expect(first.why).toContain("has taken over")
  const again = new Mortal(house, 3, settings(s3, tried))
  expect(await again.listening).toBeNull()
  expect(again.why).toContain("has taken over")
  expect(await second.stop()).toBe("0")
})

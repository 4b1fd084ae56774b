// Copies in files: made beside a running server, tried, brought back; each fault leaves everything as it was and says why.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { giveCredits, makeUser, startTestServer, type TestServer } from "../../test/build.ts"
import { type Config, readConfig, silentLog } from "../app/index.ts"
import { lockFolder } from "../store/index.ts"
import { type BringBack, bringBack } from "./bring-back.ts"
import { copyTo } from "./copy-to.ts"
import { prove } from "./prove.ts"
import { sweepScratch, withScratch } from "./scratch.ts"

setDefaultTimeout(60_000)

const root = mkdtempSync(join(tmpdir(), "purser-backup-"))
let server: TestServer
let copy: string
let key: string
let lastMs: number

beforeAll(async () => {
  server = await startTestServer()
  const { app, dataDir } = server
  await giveCredits(app, await makeUser(app), 5_000)
  // Beside the server, which goes on.
  copy = join(root, "copy.db")
  const copied = copyTo(join(dataDir, "purser.db"), copy)
  lastMs = copied.lastMs
  await giveCredits(app, await makeUser(app), 7_000)
  expect(copied.bytes).toBeGreaterThan(100_000)
  key = readFileSync(join(dataDir, "secret.key"), "utf8")
})
afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

let folders = 0
/** A data folder with the key alone. */
function folder(withKey: string | null = key): Config {
  const dataDir = join(root, `data${++folders}`)
  mkdirSync(dataDir)
  if (withKey) writeFileSync(join(dataDir, "secret.key"), withKey, { mode: 0o600 })
  return readConfig({ port: "0", "data-dir": dataDir, "base-url": server.url }, {})
}
/** The copy, changed. */
function changed(change: (bytes: Buffer) => Buffer): string {
  const path = join(root, `changed${++folders}.db`)
  writeFileSync(path, change(readFileSync(copy)))
  return path
}
const left = ({ dataDir }: Config) => readdirSync(dataDir).filter((name) => !["secret.key", "lock.db"].includes(name))
const proof = (config: Config, file: string, more: { free?: () => number } = {}) =>
  prove({ config, log: silentLog, file, ...more })
const asks = (config: Config, file: string, more: Partial<BringBack> = {}): BringBack => ({
  config,
  log: silentLog,
  place: { kind: "here", keepIn: null },
  until: { kind: "latest" },
  epoch: null,
  file,
  ...more,
})
const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return "nothing was refused"
  } catch (error) {
    return (error as Error).message
  }
}

const FAULTS: [string, () => string, string][] = [
  ["truncated", () => changed((bytes) => bytes.subarray(0, bytes.length / 2)), "cannot be read"],
  ["empty", () => changed(() => Buffer.alloc(0)), "cannot be read"],
  ["no database", () => changed(() => Buffer.from("words".repeat(1_000))), "cannot be read"],
  [
    "corrupted",
    () =>
      changed((bytes) => {
        for (let at = 40_960; at < 61_440; at++) bytes[at] = 0xa5
        return bytes
      }),
    "restored from",
  ],
  [
    "with books that somebody changed",
    () => {
      const path = changed((bytes) => bytes)
      const db = new Database(path)
      db.run("DROP TRIGGER transactions_no_update")
      db.run("UPDATE transactions SET at_ms = at_ms - 1 WHERE id = (SELECT MIN(id) FROM transactions)")
      db.close(true)
      return path
    },
    "do not balance",
  ],
  ["not there", () => join(root, "nothing.db"), "there is no file"],
]

test("a copy made beside a running server holds everything up to its moment, opens with the key, and proves well", async () => {
  const config = folder()
  expect(await proof(config, copy)).toMatchObject({ ok: true, lastMs, why: null, source: copy })
  expect(left(config)).toEqual([])
  expect(() => copyTo(join(server.dataDir, "purser.db"), copy)).toThrow("is there already")
  expect(() => copyTo(join(server.dataDir, "purser.db"), join(root, "b.db"), () => 1_000)).toThrow("no room for a copy")
  expect(existsSync(join(root, "b.db"))).toBe(false)
})

for (const [what, make, why] of FAULTS)
  test(`a copy that is ${what} is found out, and never takes a place`, async () => {
    const file = make()
    const config = folder()
    const found = await proof(config, file)
    expect(found).toMatchObject({ ok: false })
    expect(found.why).toContain(why)
    expect(await refusal(bringBack(asks(config, file)))).toContain(why)
    expect(
      await refusal(bringBack(asks(config, file, { place: { kind: "apart", folder: join(root, "apart") } }))),
    ).toContain(why)
    expect(existsSync(join(root, "apart", "purser.db"))).toBe(false)
    expect(left(config)).toEqual([])
  })

test("the wrong key and no key are found out before anything is put in place", async () => {
  const wrong = folder("ab".repeat(32))
  expect((await proof(wrong, copy)).why).toContain("the key at hand does not open")
  expect(await refusal(bringBack(asks(wrong, copy)))).toContain("the key at hand does not open")
  const none = folder(null)
  expect((await proof(none, copy)).why).toContain("there is no secret key here")
  expect(await refusal(bringBack(asks(none, copy)))).toContain("there is no secret.key")
  expect([...left(wrong), ...left(none)]).toEqual([])
})

test("without room nothing is begun, and the server's own room stays free", async () => {
  const config = folder()
  expect((await proof(config, copy, { free: () => 300 * 1024 * 1024 })).why).toContain("no room for a copy")
  expect(await refusal(bringBack(asks(config, copy, { free: () => 1_000_000 })))).toContain("no room for a copy")
  // A restore in place of everything needs no room for a server beside it.
  expect((await bringBack(asks(config, copy, { free: () => 300 * 1024 * 1024 }))).lastMs).toBe(lastMs)
})

test("into another folder only that file is written: nobody is signed out by it, and it is not replaced", async () => {
  const config = folder()
  const place = { kind: "apart", folder: join(root, "look") } as const
  const { path, transactions, keyOpens } = await bringBack(asks(config, copy, { place }))
  expect([keyOpens, transactions > 0]).toEqual([true, true])
  expect(readdirSync(join(root, "look"))).toEqual(["purser.db"])
  const db = new Database(path, { readonly: true })
  expect(db.query("SELECT value FROM meta WHERE key = 'restored'").get()).toBeNull()
  db.close()
  expect(left(config)).toEqual([])
  expect(await refusal(bringBack(asks(config, copy, { place })))).toContain("a database in")
})

test("what stands in the data folder is never deleted: refused, or moved where it was told", async () => {
  const config = folder()
  const path = join(config.dataDir, "purser.db")
  await bringBack(asks(config, copy))
  const before = readFileSync(path)
  expect(await refusal(bringBack(asks(config, copy)))).toContain("--move-old-to")
  const keepIn = join(config.dataDir, "old")
  mkdirSync(keepIn)
  writeFileSync(join(keepIn, "purser.db"), "something else")
  const asked = asks(config, copy, { place: { kind: "here", keepIn } })
  expect(await refusal(bringBack(asked))).toContain("is there already")
  expect(readFileSync(join(keepIn, "purser.db"), "utf8")).toBe("something else")
  rmSync(join(keepIn, "purser.db"))
  await bringBack(asked)
  expect(readFileSync(join(keepIn, "purser.db")).equals(before)).toBe(true)
  // A damaged one is kept with its log, as it is.
  writeFileSync(path, before.subarray(0, 50_000))
  writeFileSync(`${path}-wal`, "its log")
  const damagedIn = join(config.dataDir, "damaged")
  await bringBack(asks(config, copy, { place: { kind: "here", keepIn: damagedIn } }))
  expect(readFileSync(join(damagedIn, "purser.db")).length).toBe(50_000)
  expect(readdirSync(config.dataDir).filter((name) => name.startsWith("purser.db"))).toEqual(["purser.db"])
})

test("another house's copy is refused, and so is a folder that a server uses", async () => {
  const other = await startTestServer()
  await other.app.stop()
  const config = readConfig({ port: "0", "data-dir": other.dataDir, "base-url": other.url }, {})
  writeFileSync(join(other.dataDir, "secret.key"), key, { mode: 0o600 })
  const asked = asks(config, copy, { place: { kind: "here", keepIn: join(other.dataDir, "old") } })
  expect(await refusal(bringBack(asked))).toContain("another Purser's")
  expect(existsSync(join(other.dataDir, "old"))).toBe(false)
  const used = readConfig({ port: "0", "data-dir": server.dataDir, "base-url": server.url }, {})
  const lock = lockFolder(server.dataDir)
  expect(await refusal(bringBack(asks(used, copy, { place: { kind: "here", keepIn: join(root, "x") } })))).toContain(
    "already running",
  )
  lock.release()
  rmSync(other.dataDir, { recursive: true })
})

test("one copy is tried at a time; what a killed one left is removed, and what one needs now stays", async () => {
  const config = folder()
  await withScratch(config.dataDir, async (scratch) => {
    writeFileSync(join(scratch, "purser.db"), "half")
    await sweepScratch(config.dataDir)
    expect(existsSync(join(scratch, "purser.db"))).toBe(true)
    expect((await proof(config, copy)).why).toContain("another copy is being tried")
  })
  expect(left(config)).toEqual([])
  // Killed in the middle: the lock is free, the files are there.
  mkdirSync(join(config.dataDir, "proof"))
  copyFileSync(copy, join(config.dataDir, "proof", "purser.db"))
  await sweepScratch(config.dataDir)
  expect(left(config)).toEqual([])
})

test("whoever stops it in the middle leaves nothing", async () => {
  const config = folder()
  const stopping = new AbortController()
  stopping.abort(new Error("stopped"))
  expect(await refusal(prove({ config, log: silentLog, file: copy, signal: stopping.signal }))).toBe("stopped")
  expect(await refusal(bringBack(asks(config, copy, { signal: stopping.signal })))).toBe("stopped")
  expect(left(config)).toEqual([])
})

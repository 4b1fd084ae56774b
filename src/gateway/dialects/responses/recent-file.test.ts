// Names of items over a restart: what a stop in order wrote is known to the next process, once, and says nothing to who has not the names.
import { afterAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { ClientId, MINUTE_MS, silentLog, UserId } from "../../../app/index.ts"
import type { Caller } from "../../caller.ts"
import { RecentItems } from "./recent.ts"
import { loadRecent, saveRecent } from "./recent-file.ts"

const folder = mkdtempSync(join(tmpdir(), "purser-recent-"))
const path = join(folder, "recent-items")
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const caller = { userId: UserId(1), clientId: ClientId(2), keyId: null, mode: "live" } as Caller
let now = 1_000 * MINUTE_MS
const clock = { now: () => now }
const item = (id: string) => ({ id, type: "message", text: "a private word" })
const saved = (...ids: string[]) => {
  const items = new RecentItems(clock)
  items.remember(caller, ids.map(item))
  saveRecent(items, path, silentLog)
}

test("the next process knows them, for what is left of their time, and the file is gone", () => {
  saved("msg_1", "msg_2")
  const bytes = readFileSync(path)
  for (const words of ["a private word", "msg_1"]) expect(bytes.includes(words)).toBe(false)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  now += 20 * MINUTE_MS
  const next = new RecentItems(clock)
  loadRecent(next, path, silentLog)
  expect(existsSync(path)).toBe(false)
  expect([next.find(caller, "msg_1"), next.find(caller, "msg_2")]).toEqual([item("msg_1"), item("msg_2")])
  expect(next.find({ ...caller, userId: UserId(2) } as Caller, "msg_1")).toBeNull()
  // Named once more in between, it goes over the next restart as well.
  saveRecent(next, path, silentLog)
  now += 35 * MINUTE_MS
  const third = new RecentItems(clock)
  loadRecent(third, path, silentLog)
  expect(third.find(caller, "msg_1")).toEqual(item("msg_1"))
})

test("what is too old, from another version or cut off is nothing, and goes", () => {
  saved("msg_1")
  now += 61 * MINUTE_MS
  const late = new RecentItems(clock)
  loadRecent(late, path, silentLog)
  expect([late.bytes, existsSync(path)]).toEqual([0, false])
  const harms = [
    () => truncateSync(path, statSync(path).size - 3),
    () => writeFileSync(path, "a letter"),
    () => writeFileSync(path, '{"version":9,"turnedMs":1,"young":[],"old":[]}\n'),
  ]
  for (const harm of harms) {
    saved("msg_1")
    harm()
    const next = new RecentItems(clock)
    loadRecent(next, path, silentLog)
    expect([next.bytes, existsSync(path)]).toEqual([0, false])
  }
})

test("a server that knows nothing writes no file; a folder that cannot be written keeps nobody from stopping", () => {
  saveRecent(new RecentItems(clock), path, silentLog)
  expect(existsSync(path)).toBe(false)
  const items = new RecentItems(clock)
  items.remember(caller, [item("msg_1")])
  saveRecent(items, join(folder, "nowhere", "file"), silentLog)
})

test("a clock that was set back in between takes nothing away", () => {
  saved("msg_1")
  now -= 500 * MINUTE_MS
  const next = new RecentItems(clock)
  loadRecent(next, path, silentLog)
  expect(next.find(caller, "msg_1")).toEqual(item("msg_1"))
})

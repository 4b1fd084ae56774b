// Around a copy of the whole folder: the copy of one moment, and which of the two is taken when the folder comes back.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { addSandbox, makeUser, startTestServer } from "../../test/build.ts"
import { readSchema } from "../store/index.ts"
import { cli } from "./testing.ts"

setDefaultTimeout(60_000)
const folders = mkdtempSync(join(tmpdir(), "purser-hook-"))
const inside = (folder: string, name = "purser.db") => join(folders, folder, name)
const people = (folder: string) => readSchema(inside(folder)).rows.people
afterAll(() => rmSync(folders, { recursive: true, force: true }))

/** A folder with the copy of a moment when there was one person; there are two in the database. */
beforeAll(async () => {
  mkdirSync(join(folders, "served"))
  const server = await startTestServer({ dataDir: join(folders, "served") })
  await addSandbox(server.app)
  await makeUser(server.app)
  const before = people("served")
  expect(await cli("hook", "pre-backup", "--data-dir", join(folders, "served"))).toMatchObject({ code: 0 })
  await makeUser(server.app)
  expect(before).toBe(1)
  await server.app.stop()
})

let count = 0
function restored(harm: (path: string, copy: string) => void): string {
  const name = `restored${++count}`
  cpSync(join(folders, "served"), join(folders, name), { recursive: true })
  harm(inside(name), inside(name, "volume-copy.db"))
  return name
}
const mend = (name: string) => cli("hook", "post-restore", "--data-dir", join(folders, name))

test("a database that came over whole stays, for it is newer; the copy goes", async () => {
  const name = restored(() => {})
  expect(await mend(name)).toMatchObject({ code: 0, out: "The database came over whole.\n" })
  expect(people(name)).toBe(2)
  expect(existsSync(inside(name, "volume-copy.db"))).toBe(false)
})

test.each<{ what: string; harm(path: string): void }>([
  { what: "torn", harm: (path) => writeFileSync(path, readFileSync(path).fill(7, 2_048 * 3, 2_048 * 60)) },
  { what: "cut off", harm: (path) => truncateSync(path, statSync(path).size / 2) },
  { what: "not there", harm: (path) => rmSync(path) },
  { what: "empty, because its log did not come", harm: (path) => writeFileSync(path, "") },
])("one that is $what: the copy takes its place, with the key that opens it", async ({ harm }) => {
  const name = restored(harm)
  expect(await mend(name)).toMatchObject({ code: 0, out: expect.stringContaining("is the copy that was made") })
  expect(people(name)).toBe(1)
  expect(statSync(inside(name)).mode & 0o777).toBe(0o600)
  expect(await cli("ledger", "verify", "--data-dir", join(folders, name))).toMatchObject({ code: 0 })
})

test("neither of them whole: nothing is changed", async () => {
  const name = restored((path, copy) => {
    writeFileSync(path, "a letter ".repeat(1_000))
    writeFileSync(copy, "another ".repeat(1_000))
  })
  expect(await mend(name)).toMatchObject({ code: 1, err: expect.stringContaining("is not a database") })
  expect(readFileSync(inside(name), "utf8")).toStartWith("a letter")
  expect(readFileSync(inside(name, "volume-copy.db"), "utf8")).toStartWith("another")
})

test("a key that opens neither: nothing is changed, and the key is named", async () => {
  const name = restored((path) => writeFileSync(join(path, "..", "secret.key"), "ab".repeat(32)))
  expect(await mend(name)).toMatchObject({ code: 1, err: expect.stringContaining("the key at hand does not open") })
  expect(people(name)).toBe(2)
  expect(existsSync(inside(name, "volume-copy.db"))).toBe(true)
})

test("a copy of an earlier backup is removed even when a new one cannot be made", async () => {
  const name = restored((path) => writeFileSync(path, "a letter ".repeat(1_000)))
  expect(await cli("hook", "pre-backup", "--data-dir", join(folders, name))).toMatchObject({ code: 1 })
  expect(existsSync(inside(name, "volume-copy.db"))).toBe(false)
})

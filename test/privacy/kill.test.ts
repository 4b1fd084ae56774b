// kill −9 while a person is erased, and while their copy is made: a real process on the real files, at another place each time. The next one
// goes on where it stopped, once.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { appendFileSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { strFromU8, unzipSync } from "fflate"
import { verify } from "../../src/ledger/index.ts"
import { CTX, startTestServer } from "../build.ts"
import { bundled } from "../bundle.ts"
import { eventually } from "../eventually.ts"
import type { RouteWorld } from "../routes.ts"
import { openFullWorld, WORDS } from "./full-person.ts"
import { findWords } from "./scan.ts"

let world: RouteWorld
let dataDir: string
beforeAll(async () => {
  world = await openFullWorld()
  dataDir = world.server.dataDir
}, 60_000)

/** Works in a process of its own until it has said so many words, and is killed there. @returns what it said */
async function killedAfter(act: "erase" | "copy", steps: number): Promise<string[]> {
  const child = Bun.spawn([...bundled("test/privacy/mortal.ts"), dataDir, port(), act, String(steps)], {
    stdout: "pipe",
    stderr: "inherit",
  })
  const said: string[] = []
  let rest = ""
  for await (const piece of child.stdout) {
    const lines = (rest + new TextDecoder().decode(piece)).split("\n")
    rest = lines.pop()!
    said.push(...lines)
    if ((act === "copy" && said.length >= steps) || said.includes("done")) break
  }
  child.kill("SIGKILL")
  await child.exited
  return said
}
const folder = () => readdirSync(join(dataDir, "exports")).toSorted()
const state = () => {
  const { privacy } = app()
  return privacy.copyOf(world.person.id)?.state
}
const port = () => new URL(world.server.url).port
const app = () => world.server.app
/** The same data in this process again. */
async function open(): Promise<void> {
  world.server = await startTestServer({ dataDir, port: Number(port()) })
}
afterAll(() => world.server.close())

test("a copy: no file that nobody knows, and it is made by the next one", async () => {
  await app().store.write(CTX, (tx) => app().privacy.askCopyIn(tx, world.person.id))
  await app().stop()
  expect(await killedAfter("copy", 1)).toEqual(["begun"])
  await open()
  // The job of the new process makes it.
  await eventually("the copy", () => state() !== "waiting")
  await app().privacy.sweepCopies()
  expect([state(), folder().length]).toEqual(["ready", 1])
  const zip = unzipSync(readFileSync(join(dataDir, "exports", folder()[0]!)))
  expect(strFromU8(zip["account.json"]!)).toContain(world.person.email)
}, 60_000)

test("an erasure: killed after each of its steps, it ends all the same, without a word left and with whole books", async () => {
  const { person } = world
  await app().store.emptyLog()
  await app().stop()
  // As after a restore: who has payments on the way is not asked, and each start begins with the list.
  appendFileSync(join(dataDir, "erased"), `${person.publicId}\n`)
  let deaths = 0
  for (let at = 1; deaths < 40; at = (at % 3) + 1) {
    const said = await killedAfter("erase", at)
    deaths++
    if (said.includes("done")) break
  }
  expect(deaths).toBeGreaterThan(3)
  await open()
  const { store, privacy, identity } = app()
  for (let left = 500; await privacy.eraseNext(); left--) if (left === 0) throw new Error("it does not end")
  expect(privacy.erasureOf(person.id)).toMatchObject({ state: "done" })
  expect(identity.userById(person.id)).toBeNull()
  expect(readFileSync(join(dataDir, "erased"), "utf8").split(person.publicId)).toHaveLength(2)
  await app().outbox.flush()
  // An invoice is a document that was issued: it is kept as it was (`erase.test.ts`).
  const found = findWords(store.read, [person.email, ...Object.values(WORDS)])
  expect(found.filter((find) => !find.startsWith("invoices.document:"))).toEqual([])
  const books = verify(store.read)
  expect(books.checks.filter(({ violations }) => violations > 0)).toEqual([])
}, 120_000)

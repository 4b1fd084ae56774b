// `purser ledger export`, `import` and `verify` as commands: files, pipes, folders that may not be written to, and what they say.
import { afterAll, beforeAll, expect, test } from "bun:test"
import {
  chmodSync,
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
import { nano, PrincipalId, VirtualClock } from "../../src/app/index.ts"
import { createLedger, exportBooks, importBooksIn } from "../../src/ledger/index.ts"
import { openStore, testCtx } from "../../src/store/index.ts"
import { canDropRights, type Executable, openExecutable } from "../binary/binary.ts"
import { bundled } from "../bundle.ts"
import { randomBooks } from "./random-books.ts"

let folder: string
let books: string
let file: string
let executable: Executable | undefined
const root = join(import.meta.dir, "../..")

interface Ran {
  code: number
  out: string
  err: string
}

async function purser(words: string[]): Promise<Ran> {
  const child = Bun.spawn([...bundled("src/main.ts"), ...words], {
    stdout: "pipe",
    stderr: "pipe",
    cwd: root,
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { code, out, err }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "purser-books-"))
  chmodSync(folder, 0o755)
  books = join(folder, "books")
  file = join(folder, "books.jsonl")
  mkdirSync(books, { mode: 0o755 })
  const machine = await randomBooks(11, 400)
  const store = openStore(join(books, "purser.db"), { clock: new VirtualClock(machine.clock.now() + 1) })
  const lines = [...exportBooks(machine.store.read)].map((line) => line.trimEnd())
  await store.write(testCtx, (tx) => importBooksIn(tx, lines))
  await store.close()
  await machine.stop()
})
afterAll(async () => {
  await executable?.remove()
  rmSync(folder, { recursive: true, force: true })
})

test("export to a file and to a pipe are the same; a file that is there stays", async () => {
  const written = await purser(["ledger", "export", "--data-dir", books, "--out", file])
  expect([written.code, written.out]).toEqual([0, ""])
  const piped = await purser(["ledger", "export", "--data-dir", books])
  expect(piped.code).toBe(0)
  expect(piped.out).toBe(readFileSync(file, "utf8"))
  const again = await purser(["ledger", "export", "--data-dir", books, "--out", file])
  expect(again.code).toBe(1)
  expect(again.err).toContain("is there already")
  expect(readdirSync(folder).filter((name) => name.endsWith(".part"))).toEqual([])
})

test("import into an empty folder ends with the same file, once", async () => {
  const into = join(folder, "into")
  const first = await purser(["ledger", "import", file, "--data-dir", into])
  expect([first.code, first.err]).toEqual([0, ""])
  expect(first.out).toMatch(/\d+ transactions imported, and the books balance\. head [0-9a-f]{64}/)
  const out = await purser(["ledger", "export", "--data-dir", into])
  expect(out.out).toBe(readFileSync(file, "utf8"))
  expect((await purser(["ledger", "verify", "--data-dir", into])).code).toBe(0)
  const second = await purser(["ledger", "import", file, "--data-dir", into])
  expect(second.code).toBe(1)
  expect(second.err).toContain("There are books in this database already.")
  // Whoever signs up afterwards is nobody of the books.
  const store = openStore(join(into, "purser.db"))
  const owners = store.read.all<{ id: number }>("SELECT DISTINCT owner_id AS id FROM accounts WHERE owner_id > 0")
  const reserved = store.read.all<{ id: number }>("SELECT id FROM principals")
  expect(reserved.map(({ id }) => id).sort()).toEqual(owners.map(({ id }) => id).sort())
  await store.close()
})

test("a cut file says where, and leaves nothing", async () => {
  const cut = join(folder, "cut.jsonl")
  const text = readFileSync(file, "utf8")
  writeFileSync(cut, text.slice(0, Math.floor(text.length / 2)))
  const lines = readFileSync(cut, "utf8").split("\n").length
  const into = join(folder, "cut")
  const ran = await purser(["ledger", "import", cut, "--data-dir", into])
  expect(ran.code).toBe(1)
  expect(ran.err).toContain(`line ${lines}: `)
  expect(ran.err).toContain("nothing was imported")
  const verified = await purser(["ledger", "verify", "--json", "--data-dir", into])
  expect(JSON.parse(verified.out)).toMatchObject({ ok: true, transactions: 0, head: null })
})

test("what is missing is said in words", async () => {
  expect(await purser(["ledger", "import"])).toMatchObject({ code: 2, err: expect.stringContaining("needs FILE") })
  const nowhere = await purser(["ledger", "import", join(folder, "nothing"), "--data-dir", join(folder, "new")])
  expect([nowhere.code, nowhere.err]).toEqual([1, expect.stringContaining("cannot read")])
  const noBooks = await purser(["ledger", "export", "--data-dir", join(folder, "nothing")])
  expect([noBooks.code, noBooks.err]).toEqual([1, expect.stringContaining("there is no database")])
  expect((await purser(["ledger", "verify", "stray"])).code).toBe(2)
})

test.skipIf(!canDropRights)(
  "a folder that cannot be written to is verified and exported, unless its log is needed",
  async () => {
    // Without root's rights neither this checkout nor the Bun that runs it may be readable: the executable brings both along.
    executable = await openExecutable()
    const unprivileged = (words: string[]) => executable!.run(words, { unprivileged: true })
    const locked = join(folder, "read-only")
    mkdirSync(locked)
    writeFileSync(join(locked, "purser.db"), readFileSync(join(books, "purser.db")), { mode: 0o444 })
    chmodSync(locked, 0o555)
    const verified = await unprivileged(["ledger", "verify", "--data-dir", locked])
    expect([verified.code, verified.err]).toEqual([0, ""])
    expect(verified.out).toContain("The books balance.")
    const out = await unprivileged(["ledger", "export", "--data-dir", locked])
    expect(out.out).toBe(readFileSync(file, "utf8"))
    expect(readdirSync(locked)).toEqual(["purser.db"])
    chmodSync(locked, 0o755)
    writeFileSync(join(locked, "purser.db-wal"), "committed, but not in the file")
    chmodSync(locked, 0o555)
    const refused = await unprivileged(["ledger", "verify", "--data-dir", locked])
    expect([refused.code, refused.err]).toEqual([1, expect.stringContaining("has changes in its log")])
    chmodSync(locked, 0o755)
  },
)

test("an export beside a writer is of one moment", async () => {
  const store = openStore(join(books, "purser.db"))
  const clock = { now: () => Date.now() }
  let made = 0
  const ids = { next: (prefix: string) => `${prefix}_beside${++made}` }
  const ledger = createLedger({ store, clock, ids, bootId: "beside" })
  let going = true
  const writing = (async () => {
    const terms = { mode: "live", type: "bonus", bucket: "bonus", paid: false, amountNano: nano(1_000) } as const
    const owner = { kind: "principal", id: PrincipalId(1) } as const
    while (going) {
      const key = `beside:${++made}`
      await store.write(testCtx, (tx) => ledger.grantIn(tx, { owner, ...terms, key }))
    }
  })()
  const out = await purser(["ledger", "export", "--data-dir", books])
  going = false
  await writing
  await store.close()
  const copy = join(folder, "beside.jsonl")
  writeFileSync(copy, out.out)
  const ran = await purser(["ledger", "import", copy, "--data-dir", join(folder, "beside")])
  expect([ran.code, ran.err]).toEqual([0, ""])
  expect(existsSync(join(folder, "beside", "purser.db"))).toBe(true)
}, 30_000)

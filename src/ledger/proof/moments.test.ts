// The proof while the books grow: each check sees one moment, the log is let go between them, and the end is whole.
import { expect, test } from "bun:test"
import { openReadOnly } from "../../store/index.ts"
import { ANN, chargeOf, DEV, type Kit, kit, openRaw, person } from "../testing.ts"
import type { VerifyReport } from "./types.ts"
import { verifySteps } from "./verify.ts"

/** Ids of the books that the walk reads as one page. */
const PAGE = 2_000

async function call(k: Kit, owner = ANN): Promise<void> {
  const hold = await k.hold(40, { owner })
  await k.write.settle({ hold, charge: chargeOf(40), developer: DEV })
}

/** Somebody who was not there when the proof began, and a sale and a call of theirs. */
async function newcomer(k: Kit, id: number): Promise<void> {
  await k.grant(100, { owner: person(id) })
  await call(k, person(id))
}

/** Runs the proof as the read Worker does, on a connection of its own, with something done after each of its pieces. */
async function proved(k: Kit, between: (piece: number, name: string) => Promise<void>): Promise<VerifyReport> {
  const reader = openReadOnly(k.path)
  try {
    reader.get("BEGIN")
    const steps = verifySteps(reader, {
      renew() {
        reader.get("COMMIT")
        reader.get("BEGIN")
      },
    })
    for (let piece = 0; ; piece++) {
      const step = steps.next()
      if (step.done) return step.value
      await between(piece, step.value.name)
    }
  } finally {
    reader.close()
  }
}

const rowsOf = (k: Kit): number =>
  k.store.read.get<{ n: number }>("SELECT (SELECT COUNT(*) FROM charges) + (SELECT COUNT(*) FROM transactions) AS n")!.n

const wrong = ({ checks }: VerifyReport) => checks.filter(({ violations }) => violations > 0)

test("calls, people and days that come meanwhile are in it, and nothing is found wrong", async () => {
  const k = await kit()
  await k.grant(1_000_000)
  for (let n = 0; n < PAGE + 300; n++) await call(k)
  let people = 100
  const counts: number[] = []
  const report = await proved(k, async (_, name) => {
    counts.push(rowsOf(k))
    // A new day for some of the pages: days that are over are held against the days of developers.
    if (name === "chain") k.clock.advance(6 * 3_600_000)
    for (let n = 0; n < 5; n++) await newcomer(k, people++)
    for (let n = 0; n < 40; n++) await call(k)
  })
  expect(wrong(report)).toEqual([])
  // All that stood there at one of these moments, after the walk had begun.
  expect(counts).toContain(report.transactions)
  expect(report.transactions).toBeGreaterThan(PAGE + 1_000)
}, 60_000)

test("pages that fill while they are read miss nothing: the books end in the middle of one, and go on", async () => {
  const k = await kit()
  await k.grant(1_000_000)
  // One id is the grant: the page is full but for a few.
  for (let n = 0; n < PAGE - 4; n++) await call(k)
  const report = await proved(k, async (_, name) => {
    if (name === "chain") for (let n = 0; n < 6; n++) await call(k)
  })
  expect(wrong(report)).toEqual([])
  expect(report.transactions).toBeGreaterThanOrEqual(PAGE - 3)
}, 60_000)

test("the log is copied back while it runs, but for what came since its last piece", async () => {
  const k = await kit()
  await k.grant(1_000_000)
  for (let n = 0; n < 2 * PAGE; n++) await call(k)
  const db = openRaw(k.path)
  const copied = () => db.query<{ log: number; checkpointed: number }, []>("PRAGMA wal_checkpoint(PASSIVE)").get()!
  copied()
  let held = 0
  let pieces = 0
  await proved(k, async () => {
    await call(k)
    const { log, checkpointed } = copied()
    // What this very call wrote may wait: the proof still reads the moment before it.
    if (log - checkpointed > 40) held++
    pieces++
  })
  db.close()
  expect(pieces).toBeGreaterThan(20)
  expect(held).toBe(0)
}, 60_000)

test("what was changed behind its back is found, in whatever moment it is read", async () => {
  const k = await kit()
  await k.grant(1_000_000)
  for (let n = 0; n < PAGE + 10; n++) await call(k)
  const db = openRaw(k.path)
  db.run("DROP TRIGGER IF EXISTS charges_no_update")
  for (const { name } of db
    .query<{ name: string }, []>("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'charges'")
    .all())
    db.run(`DROP TRIGGER ${name}`)
  db.run("UPDATE charges SET balance_after_nano = balance_after_nano + 1 WHERE id = (SELECT MAX(id) FROM charges)")
  db.close()
  const report = await proved(k, () => call(k).catch(() => {}))
  expect(report.ok).toBe(false)
  expect(wrong(report).map(({ name }) => name)).toContain("running_balance")
}, 60_000)

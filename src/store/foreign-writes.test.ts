// What counts as a write of somebody else, against a second connection to the same file.
import { Database } from "bun:sqlite"
import { describe, expect, onTestFinished, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openWriter, Statements } from "./connection.ts"
import { ForeignWrites } from "./foreign-writes.ts"

function opened() {
  const folder = mkdtempSync(join(tmpdir(), "purser-test-"))
  const path = join(folder, "purser.db")
  const mine = new Statements(openWriter(path, () => {}))
  mine.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT")
  mine.run("INSERT INTO t VALUES (1, 0)")
  const foreign = new ForeignWrites(mine, path)
  const theirs = new Database(path)
  onTestFinished(() => {
    theirs.close(true)
    mine.close()
    foreign.close()
    rmSync(folder, { recursive: true, force: true })
  })
  /** A batch as the writer runs it. @returns whether it noticed somebody */
  const batch = (...statements: string[]): boolean => {
    mine.run("BEGIN IMMEDIATE")
    const noticed = foreign.happened()
    const before = mine.writes
    for (const sql of statements) mine.run(sql)
    mine.run("COMMIT")
    if (mine.writes !== before) foreign.ours()
    return noticed
  }
  return { batch, theirs }
}

const WRITE = "UPDATE t SET n = n + 1"
const NOTHING = "UPDATE t SET n = n"

describe("a foreign write", () => {
  test("is noticed once, however often we wrote before and after", () => {
    const { batch, theirs } = opened()
    expect([batch(), batch(WRITE), batch(WRITE, WRITE), batch()]).toEqual([false, false, false, false])
    theirs.run(WRITE)
    expect([batch(), batch(WRITE), batch()]).toEqual([true, false, false])
    theirs.run(WRITE)
    theirs.run(WRITE)
    expect([batch(WRITE), batch(WRITE), batch()]).toEqual([true, false, false])
  })

  test("that came to nothing is none", () => {
    const { batch, theirs } = opened()
    theirs.run("BEGIN IMMEDIATE")
    theirs.run(WRITE)
    theirs.run("ROLLBACK")
    theirs.run("BEGIN IMMEDIATE")
    theirs.run("COMMIT")
    expect([batch(WRITE), batch()]).toEqual([false, false])
  })

  test("is not hidden by a commit of ours that wrote no page", () => {
    const { batch, theirs } = opened()
    batch(WRITE)
    expect(batch(NOTHING)).toBe(false)
    theirs.run(WRITE)
    expect(batch()).toBe(true)
    for (const undone of [WRITE, NOTHING, "INSERT INTO t VALUES (2, 2)"]) {
      expect(batch("SAVEPOINT mutation", undone, "ROLLBACK TO mutation", "RELEASE mutation")).toBe(false)
      theirs.run(WRITE)
      expect(batch()).toBe(true)
    }
  })

  for (const kind of ["PASSIVE", "FULL", "RESTART", "TRUNCATE"]) {
    test(`is not what a checkpoint of another connection is (${kind}); behind one it is still seen`, () => {
      const { batch, theirs } = opened()
      for (let turn = 0; turn < 3; turn++) {
        expect(batch(WRITE)).toBe(false)
        theirs.run(`PRAGMA wal_checkpoint(${kind})`)
        expect(batch()).toBe(false)
        // The log starts over with this one.
        expect(batch(WRITE)).toBe(false)
        expect(batch()).toBe(false)
        theirs.run(WRITE)
        theirs.run(`PRAGMA wal_checkpoint(${kind})`)
        expect(batch(WRITE)).toBe(true)
      }
    })
  }

  test("also when it starts the log over", () => {
    const { batch, theirs } = opened()
    batch(WRITE)
    theirs.run("PRAGMA wal_checkpoint(RESTART)")
    theirs.run(WRITE)
    expect([batch(WRITE), batch()]).toEqual([true, false])
  })
})

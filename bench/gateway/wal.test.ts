import { Database } from "bun:sqlite"
import { expect, test } from "bun:test"
import { join } from "node:path"
import { inFolder } from "../measure.ts"
import { WalMeter } from "./wal.ts"

const FRAME_BYTES = 4_096 + 24
const LOG_HEADER = 32

test("the log is counted to the frame, however often it began anew between two looks", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.db")
    const db = new Database(path, { create: true })
    for (const pragma of ["page_size = 4096", "journal_mode = WAL", "wal_autocheckpoint = 0"])
      db.run(`PRAGMA ${pragma}`)
    db.run("CREATE TABLE t (a BLOB)")
    const frames = () => (db.query("PRAGMA wal_checkpoint(NOOP)").values() as number[][])[0]![1]!
    const write = (bytes: number) => db.run("INSERT INTO t VALUES (zeroblob(?))", [bytes])
    const copyBack = () => db.run("PRAGMA wal_checkpoint(PASSIVE)")
    const meter = new WalMeter(path)
    const before = frames()

    write(100_000)
    let expected = frames() - before
    expect(meter.total()).toBe(expected * FRAME_BYTES)

    // Written on after the last look, then one short log that is over before the next.
    write(50_000)
    expected = frames() - before
    copyBack()
    write(10_000)
    expected += frames()
    copyBack()
    write(10)
    expected += frames()
    expect(meter.total()).toBe(expected * FRAME_BYTES + 2 * LOG_HEADER)
    expect(meter.missed).toBe(0)
    meter.close()
    db.close(true)
  }))

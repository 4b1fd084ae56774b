// The control of the power-loss test: acknowledges rows after COMMIT, with the durability it is told. Under the same library
// `NORMAL` must lose acknowledged rows and `FULL` must not, or the test proves nothing.
import { Database } from "bun:sqlite"
import { writeSync } from "node:fs"

const [path, synchronous] = process.argv.slice(2)
const db = new Database(path!, { create: true })
db.run("PRAGMA journal_mode = WAL")
db.run("PRAGMA synchronous = FULL")
db.run("CREATE TABLE kept (id INTEGER PRIMARY KEY) STRICT")
db.run(`PRAGMA synchronous = ${synchronous === "FULL" ? "FULL" : "NORMAL"}`)
const insert = db.prepare("INSERT INTO kept (id) VALUES (?)")
for (let id = 1; id < 100_000; id++) {
  insert.run(id)
  writeSync(1, `${id}\n`)
}

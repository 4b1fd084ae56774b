// Makes a file large quickly: copies of its own charged calls, with ids moved on. The copies weigh what real rows weigh in every
// table and index; their hash chain and balances are not proven, so `verify` is timed on a file that the ledger itself filled.
import { Database } from "bun:sqlite"

/** Calls a statement copies. */
const STEP = 200_000

/** Copies charges until the file holds `size` rows of the books. The file must not be open. */
export function growTo(path: string, size: number): void {
  const db = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ["journal_mode = WAL", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -2000000"]) {
    db.run(`PRAGMA ${pragma}`)
  }
  const one = <T>(sql: string) => db.query<T, []>(sql).get()!
  const first = one<{ id: number }>("SELECT id FROM charges ORDER BY id LIMIT 1").id
  const last = one<{ id: number }>("SELECT MAX(id) AS id FROM charges").id
  const columns = db.query<{ name: string }, []>("SELECT name FROM pragma_table_info('charges')").all()
  const names = columns.map(({ name }) => name)
  const values = (moved: number) =>
    names.map((name) =>
      name === "id" ? `id + ${moved}` : name === "call_id" ? `printf('req_%026d', id + ${moved})` : name,
    )
  for (let top = last; top < size; ) {
    const moved = top - first + 1
    const calls = Math.min(STEP, last - first + 1, size - top)
    db.run(
      `INSERT INTO charges (${names.join(", ")}) SELECT ${values(moved).join(", ")} FROM charges
       WHERE id BETWEEN ${first} AND ${first + calls - 1}`,
    )
    top += calls
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }
  // Days stay as they are: the next fold goes on behind the copies.
  db.run(`UPDATE charge_fold SET through = ${one<{ id: number }>("SELECT MAX(id) AS id FROM charges").id}`)
  db.close()
}

// Makes a file large quickly: copies of its own charged calls, with ids moved on. The copies weigh what real rows weigh in every
// table and index; their hash chain and balances are not proven, so `verify` is timed on a file that the ledger itself filled.
import { Database } from "bun:sqlite"

const COPIES = ["holds", "hold_lots", "transactions", "entries"] as const
/** Calls a statement copies. */
const STEP = 200_000

/** Copies charged calls until the file holds `size` transactions. The file must not be open. */
export function growTo(path: string, size: number): void {
  const db = new Database(path, { readwrite: true, strict: true })
  for (const pragma of ["journal_mode = WAL", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -2000000"]) {
    db.run(`PRAGMA ${pragma}`)
  }
  // Copying every row by its id keeps the pairs (hold, transaction) together.
  const one = <T>(sql: string) => db.query<T, []>(sql).get()!
  const first = one<{ id: number; hold: number }>(
    "SELECT id, hold_id AS hold FROM transactions WHERE type = 'usage' ORDER BY id LIMIT 1",
  )
  const from = { ...first, ...one<{ top: number }>("SELECT MAX(id) AS top FROM transactions") }
  const columns = (table: string, moved: Record<string, string>) => {
    const names = db.query<{ name: string }, [string]>("SELECT name FROM pragma_table_info(?)").all(table)
    const list = names.map(({ name }) => name)
    return { into: list.join(", "), values: list.map((name) => moved[name] ?? name).join(", ") }
  }
  const move = (table: (typeof COPIES)[number], ids: number, holds: number, calls: number) => {
    const moved: Record<string, string> = {
      holds: { id: `id + ${holds}`, transaction_id: `transaction_id + ${ids}` },
      hold_lots: { hold_id: `hold_id + ${holds}` },
      transactions: {
        id: `id + ${ids}`,
        hold_id: `hold_id + ${holds}`,
        public_id: `printf('txn_%026d', id + ${ids})`,
      },
      entries: { transaction_id: `transaction_id + ${ids}` },
    }[table]
    const { into, values } = columns(table, moved)
    const key = { holds: "id", hold_lots: "hold_id", transactions: "id", entries: "transaction_id" }[table]
    const least = table === "holds" || table === "hold_lots" ? from.hold : from.id
    db.run(
      `INSERT INTO ${table} (${into}) SELECT ${values} FROM ${table} WHERE ${key} BETWEEN ${least} AND ${least + calls - 1}`,
    )
  }
  for (let top = from.top; top < size; ) {
    const calls = Math.min(STEP, from.top - from.id + 1, size - top)
    const ids = top - from.id + 1
    const holds = one<{ top: number }>("SELECT MAX(id) AS top FROM holds").top - from.hold + 1
    db.transaction(() => {
      for (const table of COPIES) move(table, ids, holds, calls)
    })()
    top += calls
    db.run("PRAGMA wal_checkpoint(TRUNCATE)")
  }
  db.close()
}

// The floor: the very rows that the webhooks wrote, written raw in groups into a copy of the file as it was before: no signature, no
// question, no decision, no hash. Measuring code.
import { Database, type SQLQueryBindings, type Statement } from "bun:sqlite"

type Row = SQLQueryBindings[]
interface Table {
  name: string
  insert: Statement
  /** By rowid, those that are new, in order. */
  rows: Row[]
}

/** Tables that only grow with what a webhook writes; `billing_orders` changes and is written as a whole row. */
export class Floor {
  private readonly db: Database
  private readonly seen = new Map<string, number>()

  constructor(
    path: string,
    private readonly from: string,
  ) {
    this.db = new Database(path, { readwrite: true, strict: true })
    for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"])
      this.db.run(`PRAGMA ${pragma}`)
    for (const name of tablesOf(this.db)) this.seen.set(name, newest(this.db, name))
  }

  /** Writes what so many webhooks have written since the last time, `group` of them a commit. @returns webhooks a second */
  replay(webhooks: number, group: number): { perSecond: number; rows: number } {
    const tables = this.news(webhooks)
    const orders = this.orders(webhooks)
    const save = this.db.prepare(
      "UPDATE billing_orders SET state = 'paid', paid_ms = ?, transaction_id = ? WHERE id = ?",
    )
    const each = tables.map(({ rows }) => rows.length / webhooks)
    const started = performance.now()
    for (let at = 0; at < webhooks; at += group) {
      const end = Math.min(webhooks, at + group)
      this.db.run("BEGIN IMMEDIATE")
      for (let one = at; one < end; one++) {
        tables.forEach(({ insert, rows }, table) => {
          const count = each[table]!
          for (let row = one * count; row < (one + 1) * count; row++) insert.run(...rows[row]!)
        })
        save.run(...orders[one]!)
      }
      this.db.run("UPDATE accounts SET balance_nano = balance_nano - 1 WHERE id <= 2")
      this.db.run("COMMIT")
    }
    const perSecond = (webhooks / (performance.now() - started)) * 1_000
    for (const { insert } of tables) insert.finalize()
    save.finalize()
    return { perSecond, rows: each.reduce((sum, count) => sum + count, 1) }
  }

  /** Whole rows of each table that grew with every webhook. */
  private news(webhooks: number): Table[] {
    const source = new Database(this.from, { readonly: true })
    const tables = [...this.seen].flatMap(([name, after]): Table[] => {
      const rows = source.query(`SELECT * FROM "${name}" WHERE rowid > ? ORDER BY rowid`).values(after) as Row[]
      this.seen.set(name, newest(source, name))
      if (rows.length === 0 || rows.length % webhooks !== 0) return []
      const insert = this.db.prepare(`INSERT INTO "${name}" VALUES (${rows[0]!.map(() => "?").join(", ")})`)
      return [{ name, insert, rows }]
    })
    source.close()
    return tables
  }

  private orders(webhooks: number): Row[] {
    const source = new Database(this.from, { readonly: true })
    const rows = source
      .query(
        "SELECT paid_ms, transaction_id, id FROM billing_orders WHERE state = 'paid' ORDER BY paid_ms DESC LIMIT ?",
      )
      .values(webhooks) as Row[]
    source.close()
    return rows
  }

  close(): void {
    this.db.close()
  }
}

const tablesOf = (db: Database): string[] =>
  db
    .query<{ name: string; sql: string }, []>("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
    .all()
    .filter(({ name, sql }) => !name.startsWith("sqlite_") && !/WITHOUT ROWID/.test(sql))
    .map(({ name }) => name)

const newest = (db: Database, table: string): number =>
  db.query<{ id: number | null }, []>(`SELECT MAX(rowid) AS id FROM "${table}"`).get()?.id ?? 0

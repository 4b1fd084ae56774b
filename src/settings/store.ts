// Rows of settings. Read by calls while their credits are held, and so without drizzle.
import type { Reader, Tx } from "../store/index.ts"

interface Row {
  key: string
  value: unknown
  changedMs: number
}
type Stored = Omit<Row, "value"> & { value: string }

const parsed = (row: Stored): Row => ({ ...row, value: JSON.parse(row.value) })

export function settingRow(reader: Reader, key: string): Row | null {
  const row = reader.get<Stored>("SELECT key, value, changed_ms AS changedMs FROM settings WHERE key = ?", key)
  return row && parsed(row)
}

export const settingRows = (reader: Reader): Row[] =>
  reader.all<Stored>("SELECT key, value, changed_ms AS changedMs FROM settings").map(parsed)

export function saveRow(tx: Tx, key: string, value: unknown): void {
  tx.run(
    `INSERT INTO settings (key, value, changed_ms) VALUES (?1, ?2, ?3)
     ON CONFLICT (key) DO UPDATE SET value = ?2, changed_ms = ?3`,
    key,
    JSON.stringify(value),
    tx.now,
  )
}

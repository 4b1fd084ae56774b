// Rows of settings. Read by calls while their credits are held, and so without drizzle.
import { columnsOf, findRow, insertRow, type Reader, remember, type Tx } from "../store/index.ts"
import { settings } from "./tables.ts"

type Stored = typeof settings.$inferSelect
type Row = Omit<Stored, "value"> & { value: unknown }

const parsed = (row: Stored): Row => ({ ...row, value: JSON.parse(row.value) })

export const settingRow = (reader: Reader, key: string): Row | null => known.get(reader, key)

/** Most settings are at their default and have no row. */
const known = remember({
  of: [settings],
  absence: true,
  load(reader, key: string): Row | null {
    const row = findRow(reader, settings, "key = ?", key)
    return row && parsed(row)
  },
})

export const settingRows = (reader: Reader): Row[] =>
  reader.all<Stored>(`SELECT ${columnsOf(settings)} FROM settings`).map(parsed)

export function saveRow(tx: Tx, key: string, value: unknown): void {
  insertRow(
    tx,
    settings,
    { key, value: JSON.stringify(value), changedMs: tx.now },
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value, changed_ms = excluded.changed_ms",
  )
}

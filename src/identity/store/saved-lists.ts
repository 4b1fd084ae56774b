// SQL of the lists that people keep.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { savedLists } from "../tables.ts"

/** A list with its filters and order, as a person keeps it. */
export interface SavedList {
  id: number
  name: string
  /** Of the page's address, without "?". */
  query: string
}

const byName = new Intl.Collator("en", { sensitivity: "base", numeric: true })

export const savedListsOf = (reader: Reader, userId: number, page: string): SavedList[] =>
  reader
    .all<SavedList>("SELECT id, name, query FROM saved_lists WHERE user_id = ? AND page = ? ORDER BY id", userId, page)
    .toSorted((a, b) => byName.compare(a.name, b.name))

/** The same name again takes the new query. */
export function saveList(tx: Tx, list: { userId: number; page: string; name: string; query: string }): void {
  const tail = "ON CONFLICT (user_id, page, name) DO UPDATE SET query = excluded.query"
  insertRow(tx, savedLists, { ...list, createdMs: tx.now }, tail)
}

export const ownList = (reader: Reader, userId: number, id: number): (SavedList & { page: string }) | null =>
  reader.get("SELECT id, name, query, page FROM saved_lists WHERE user_id = ? AND id = ?", userId, id)

export const removeList = (tx: Tx, userId: number, id: number): number =>
  tx.run("DELETE FROM saved_lists WHERE user_id = ? AND id = ?", userId, id).changes

// SQL of the catalogue of tool servers. Decides nothing.
import { columnsOf, findRow, insertRow, type Reader, type Tx } from "../../store/index.ts"
import { mcpCatalogue } from "./tables.ts"
import type { Recommended } from "./types.ts"

type Row = typeof mcpCatalogue.$inferSelect

const shown = ({ position: _, ...row }: Row): Recommended => ({ ...row, active: Boolean(row.active) })

export const recommended = (sql: Reader): Recommended[] =>
  sql.all<Row>(`SELECT ${columnsOf(mcpCatalogue)} FROM mcp_catalogue ORDER BY position, id`).map(shown)
export const recommendedBySlug = (sql: Reader, slug: string): Recommended | null => {
  const row = findRow(sql, mcpCatalogue, "slug = ?", slug)
  return row && shown(row)
}
export const insertRecommended = (tx: Tx, row: Omit<Row, "id" | "position" | "createdMs" | "updatedMs">): number =>
  insertRow(tx, mcpCatalogue, {
    ...row,
    position: tx.get<{ next: number }>("SELECT coalesce(max(position), 0) + 1 AS next FROM mcp_catalogue")!.next,
    createdMs: tx.now,
    updatedMs: tx.now,
  })
export function saveRecommended(tx: Tx, one: Omit<Recommended, "slug" | "createdMs" | "updatedMs">): void {
  tx.run(
    `UPDATE mcp_catalogue SET title = ?, words = ?, url = ?, auth = ?, key_in = ?, key_name = ?, active = ?, updated_ms = ? WHERE id = ?`,
    one.title,
    one.words,
    one.url,
    one.auth,
    one.keyIn,
    one.keyName,
    Number(one.active),
    tx.now,
    one.id,
  )
}
export const placeRecommended = (tx: Tx, id: number, position: number): void =>
  void tx.run("UPDATE mcp_catalogue SET position = ? WHERE id = ?", position, id)
export const deleteRecommended = (tx: Tx, id: number): void => void tx.run("DELETE FROM mcp_catalogue WHERE id = ?", id)

// What steps of the property test share: keys, refusals, lots by their names in the model.
import type { ModelLot } from "./model.testing.ts"
import type { Run } from "./property.test.ts"

let keys = 0
export const nextKey = () => `correct:${++keys}`

export const codeOf = (result: { code: string } | { value: unknown }) => ("code" in result ? result.code : null)

export function given(run: Run, wallet: string, id: number, amount: number): void {
  run.model.lots.push({
    id, wallet, granted: amount, left: amount, paid: false, priority: 50, from: run.now,
    until: Number.MAX_SAFE_INTEGER, created: run.now,
  }) // biome-ignore format: one lot
}

export const newestLot = (run: Run) => run.k.store.read.get<{ id: number }>("SELECT MAX(id) AS id FROM lots")!.id

/** Any lot; null for a rollover that is not posted yet. */
export function lotOf(run: Run): { lot: ModelLot; publicId: string; key: string } | null {
  const lot = run.pick(run.model.lots)
  if (!lot) return null
  const row = run.k.store.read.get<{ publicId: string; key: string }>(
    lot.parent
      ? "SELECT public_id AS publicId, key FROM lots WHERE rolled_from = ? ORDER BY id LIMIT 1 OFFSET ?"
      : "SELECT public_id AS publicId, key FROM lots WHERE id = ? AND 0 = ?",
    lot.parent ? lot.parent.id : lot.id,
    lot.parent ? lot.id % 100 : 0,
  )
  return row && { lot, ...row }
}

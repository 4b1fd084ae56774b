// SQL of pools. Decides nothing.
import type { ClientId, Nano, PrincipalId, UserId } from "../app/index.ts"
import { columnsOf, findRow, insertRow, type Reader, remember, type Tx } from "../store/index.ts"
import { sponsorPools } from "./tables.ts"

export type PoolRow = typeof sponsorPools.$inferSelect

/** Asked with every call through an app; remembered while no pool is written. */
export const poolFor = (reader: Reader, clientId: ClientId): PoolRow[] => poolsKnown.get(reader, clientId)

const poolsKnown = remember({
  of: [sponsorPools],
  absence: true,
  load: (reader, clientId: ClientId): PoolRow[] =>
    reader.all<PoolRow>(`SELECT ${columnsOf(sponsorPools)} FROM sponsor_pools WHERE client_id = ?`, clientId),
})

export const poolOfDeveloper = (reader: Reader, clientId: ClientId, developerId: UserId): PoolRow | null =>
  findRow(reader, sponsorPools, "client_id = ? AND developer_id = ?", clientId, developerId)

export const insertPool = (tx: Tx, row: Omit<PoolRow, "createdMs" | "updatedMs">): void =>
  void insertRow(tx, sponsorPools, { ...row, createdMs: tx.now, updatedMs: tx.now })

export const updatePool = (tx: Tx, id: PrincipalId, { capNano, isOn }: { capNano: Nano; isOn: 0 | 1 }): void =>
  void tx.run(
    "UPDATE sponsor_pools SET cap_nano = ?, is_on = ?, updated_ms = ? WHERE pool_id = ?",
    capNano,
    isOn,
    tx.now,
    id,
  )

export const poolsAfter = (reader: Reader, after: number, rows: number): PoolRow[] =>
  reader.all<PoolRow>(
    `SELECT ${columnsOf(sponsorPools)} FROM sponsor_pools WHERE pool_id > ? ORDER BY pool_id LIMIT ?`,
    after,
    rows,
  )

export const poolsOfDeveloper = (reader: Reader, developerId: number): PoolRow[] =>
  reader.all<PoolRow>(
    `SELECT ${columnsOf(sponsorPools)} FROM sponsor_pools WHERE developer_id = ? ORDER BY pool_id`,
    developerId,
  )

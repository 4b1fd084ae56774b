// SQL of what the memory is held against and nobody else asks for.
import type { AccountId } from "../../app/index.ts"
import type { Sql } from "../books/types.ts"

/** @param key `mode:kind:owner`, as the memory names a principal's account */
export function accountOf(sql: Sql, key: string): AccountId | null {
  const [mode, kind, owner] = key.split(":") as [string, string, string]
  const row = sql.get<{ id: AccountId }>(
    `SELECT id FROM accounts
     WHERE owner_kind = 'principal' AND owner_id = ? AND mode = ? AND kind = ? AND asset = 'usd_nano'`,
    Number(owner),
    mode,
    kind,
  )
  return row?.id ?? null
}

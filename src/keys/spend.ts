// What was spent with each key, exact to the last commit: sums of the past, written now and then, and the charges since.
import { type AccountId, type KeyId, type Nano, nano } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { KEY_LIMITS as L } from "./limits.ts"
import { addSpent, saveThrough, spentAfter, spentOnDay, summed, throughOf, walletOf } from "./store-spend.ts"
import type { ApiKey } from "./types.ts"

export interface KeySpend {
  /** Calls that something was paid for. */
  calls: number
  spentNano: Nano
}

type Paying = Pick<ApiKey, "payerId" | "mode">

/** Wallets that these keys spend from, each once. */
export function spendWalletsOf(reader: Reader, keys: readonly Paying[]): Set<AccountId> {
  const wallets = keys.map(({ payerId, mode }) => walletOf(reader, payerId, mode))
  return new Set(wallets.filter((id) => id !== null))
}

/** Of all keys of the wallets that these keys spend from. */
export function spendOf(reader: Reader, keys: readonly Paying[]): Map<KeyId, KeySpend> {
  const spend = new Map<KeyId, KeySpend>()
  for (const accountId of spendWalletsOf(reader, keys)) {
    const fresh = spentAfter(reader, accountId, throughOf(reader, accountId), L.spendRowsMax)
    for (const { keyId, calls, spentNano } of [...summed(reader, accountId), ...fresh]) {
      if (keyId === null) continue
      const known = spend.get(keyId) ?? { calls: 0, spentNano: nano(0) }
      spend.set(keyId, { calls: known.calls + calls, spentNano: nano(known.spentNano + spentNano) })
    }
  }
  return spend
}

/** What was spent with one key on one UTC day, exact, also when its calls have forgotten it. */
export function spentOn(reader: Reader, { id, payerId, mode }: Paying & Pick<ApiKey, "id">, day: number): Nano {
  const accountId = walletOf(reader, payerId, mode)
  return nano(accountId === null ? 0 : spentOnDay(reader, accountId, id, day))
}

/** Sums a slice of what is not summed yet. @returns whether more may be left */
export function foldSpendIn(tx: Tx, accountId: AccountId): boolean {
  const rows = spentAfter(tx, accountId, throughOf(tx, accountId), L.spendFoldRows)
  if (rows.length === 0) return false
  for (const { keyId, day, calls, spentNano } of rows)
    if (keyId !== null) addSpent(tx, accountId, { keyId, day, calls, spentNano })
  saveThrough(tx, accountId, Math.max(...rows.map(({ through }) => through)))
  return rows.reduce((sum, { calls }) => sum + calls, 0) === L.spendFoldRows
}

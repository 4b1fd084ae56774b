// SQL of what was spent with keys: charges of a wallet without an app, in their order, through the views that the ledger publishes. What
// is summed already is never read again.
import type { AccountId, KeyId, PrincipalId } from "../app/index.ts"
import type { Mode } from "../oauth/index.ts"
import { insertRow, type Reader, type Tx } from "../store/index.ts"
import { apiKeyDays, apiKeyFolds, apiKeySpend } from "./tables.ts"

export interface Spent {
  keyId: KeyId
  /** That something was paid for. */
  calls: number
  spentNano: number
}

/** From the first credits or the first call on. */
export const walletOf = (reader: Reader, payerId: PrincipalId, mode: Mode): AccountId | null =>
  reader.get<{ id: AccountId }>(
    `SELECT account_id AS id FROM v_ledger_accounts
     WHERE owner_kind = 'principal' AND owner_id = ? AND mode = ? AND kind = 'wallet'`,
    payerId,
    mode,
  )?.id ?? null

/** Wallets of people with keys that have charges which are in no sum yet. */
export const unsummedWallets = (reader: Reader): AccountId[] =>
  reader
    .all<{ id: AccountId }>(
      `SELECT a.account_id AS id FROM (SELECT DISTINCT payer_id FROM api_keys) k CROSS JOIN v_ledger_accounts a
         ON a.owner_kind = 'principal' AND a.owner_id = k.payer_id AND a.kind = 'wallet'
       WHERE EXISTS (SELECT 1 FROM v_charges c WHERE c.account_id = a.account_id AND c.client_id IS NULL AND (c.collected_nano > 0) = 1
         AND c.id > COALESCE((SELECT through FROM api_key_folds WHERE account_id = a.account_id), 0))`,
    )
    .map(({ id }) => id)

export const throughOf = (reader: Reader, accountId: AccountId): number =>
  reader.get<{ through: number }>("SELECT through FROM api_key_folds WHERE account_id = ?", accountId)?.through ?? 0

export const summed = (reader: Reader, accountId: AccountId): Spent[] =>
  reader.all(
    "SELECT key_id AS keyId, calls, spent_nano AS spentNano FROM api_key_spend WHERE account_id = ?",
    accountId,
  )

/** The next charges after `through`, by key and UTC day; calls of a person without a key have none. */
export const spentAfter = (
  reader: Reader,
  accountId: AccountId,
  through: number,
  limit: number,
): (Omit<Spent, "keyId"> & { keyId: KeyId | null; day: number; through: number })[] =>
  reader.all(
    `SELECT key_id AS keyId, day, count(*) AS calls, SUM(collected_nano) AS spentNano, MAX(id) AS through FROM (
       SELECT id, key_id, day, collected_nano FROM v_charges
       WHERE account_id = ? AND client_id IS NULL AND (collected_nano > 0) = 1 AND id > ? ORDER BY id LIMIT ?)
     GROUP BY key_id, day`,
    accountId,
    through,
    limit,
  )

/** Of one key on one UTC day, summed or not; in one statement, so that no sum comes between. */
export const spentOnDay = (reader: Reader, accountId: AccountId, keyId: KeyId, day: number): number =>
  reader.get<{ nano: number }>(
    `SELECT COALESCE((SELECT spent_nano FROM api_key_days WHERE key_id = ?2 AND day = ?3), 0) + COALESCE((
       SELECT SUM(collected_nano) FROM v_charges WHERE account_id = ?1 AND (collected_nano > 0) = 1 AND key_id = ?2 AND day = ?3
         AND id > COALESCE((SELECT through FROM api_key_folds WHERE account_id = ?1), 0)), 0) AS nano`,
    accountId,
    keyId,
    day,
  )!.nano

export function addSpent(
  tx: Tx,
  accountId: AccountId,
  { keyId, day, calls, spentNano }: Spent & { day: number },
): void {
  const addDay = "ON CONFLICT (key_id, day) DO UPDATE SET spent_nano = spent_nano + excluded.spent_nano"
  insertRow(tx, apiKeyDays, { keyId, day, spentNano }, addDay)
  const add = `ON CONFLICT (account_id, key_id) DO UPDATE SET calls = calls + excluded.calls,
    spent_nano = spent_nano + excluded.spent_nano`
  insertRow(tx, apiKeySpend, { accountId, keyId, calls, spentNano }, add)
}

export function saveThrough(tx: Tx, accountId: AccountId, through: number): void {
  insertRow(
    tx,
    apiKeyFolds,
    { accountId, through },
    "ON CONFLICT (account_id) DO UPDATE SET through = excluded.through",
  )
}

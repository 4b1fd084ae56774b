// SQL of what people used of wallets that are not theirs. Decides nothing.
import type { AccountId, PrincipalId, TransactionId } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"

export const addCallerUse = (tx: Tx, accountId: AccountId, callerId: PrincipalId, amountNano: number): void =>
  void tx.run(
    `INSERT INTO wallet_callers (account_id, caller_id, used_nano) VALUES (?1, ?2, ?3)
     ON CONFLICT DO UPDATE SET used_nano = used_nano + excluded.used_nano`,
    accountId,
    callerId,
    amountNano,
  )

/** Where the charge was for somebody else's wallet; whoever has no row called from their own. */
export const addCallerBack = (tx: Tx, chargeId: TransactionId, amountNano: number): void =>
  void tx.run(
    `UPDATE wallet_callers SET used_nano = used_nano - ?1
     WHERE (account_id, caller_id) = (SELECT account_id, caller_id FROM charges WHERE id = ?2)`,
    amountNano,
    chargeId,
  )

export const usedOfCaller = (sql: Reader, accountId: AccountId, callerId: PrincipalId): number =>
  sql.get<{ nano: number }>(
    "SELECT used_nano AS nano FROM wallet_callers WHERE account_id = ? AND caller_id = ?",
    accountId,
    callerId,
  )?.nano ?? 0

/** Of all who used this wallet, by its key: at a million people a join over the wallets' owners takes 90 ms. */
export const usedOfAll = (sql: Reader, accountId: AccountId): { usedNano: number; people: number } =>
  sql.get<{ usedNano: number; people: number }>(
    "SELECT COALESCE(SUM(used_nano), 0) AS usedNano, COUNT(*) AS people FROM wallet_callers WHERE account_id = ? AND used_nano > 0",
    accountId,
  )!

export const heldOfCaller = (sql: Reader, accountId: AccountId, callerId: PrincipalId): number =>
  sql.get<{ nano: number }>(
    "SELECT COALESCE(SUM(amount_nano), 0) AS nano FROM open_holds WHERE account_id = ? AND caller_id = ?",
    accountId,
    callerId,
  )!.nano

// SQL of what was called with a person's own key, as far as charges still name it: ranges of an index of their own.
import type { AccountId, KeyId } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Direction, Span } from "./store-history.ts"

/** Charges of one key that moved something, in the order of their ids. */
const OF_KEY = `FROM charges INDEXED BY charges_of_key
  WHERE account_id = ? AND (collected_nano > 0) = 1 AND key_id = ? AND id > ? AND id < ?`

export const chargeIdsOfKey = (
  sql: Reader,
  accountId: AccountId,
  keyId: KeyId,
  span: Span,
  direction: Direction,
  limit: number,
): number[] =>
  sql
    .all<{ id: number }>(
      `SELECT id ${OF_KEY} ORDER BY id ${direction} LIMIT ?`,
      accountId,
      keyId,
      span.above,
      span.below,
      limit,
    )
    .map((row) => row.id)

/** No more than `limit` are looked at. */
export const countChargesOfKey = (sql: Reader, accountId: AccountId, keyId: KeyId, span: Span, limit: number): number =>
  sql.get<{ n: number }>(
    `SELECT COUNT(*) AS n FROM (SELECT 1 ${OF_KEY} LIMIT ?)`,
    accountId,
    keyId,
    span.above,
    span.below,
    limit,
  )!.n

const NEXT_KEY = (below: string) =>
  `(SELECT key_id FROM charges INDEXED BY charges_of_key
    WHERE account_id = ?1 AND (collected_nano > 0) = 1 AND key_id IS NOT NULL ${below} ORDER BY key_id DESC LIMIT 1)`

/** Keys that charges of a wallet name, by steps from one to the next: those made last first. */
export const keysOfWallet = (sql: Reader, accountId: AccountId, limit: number): KeyId[] =>
  sql
    .all<{ id: KeyId }>(
      `WITH RECURSIVE used (id) AS (
         SELECT ${NEXT_KEY("")}
         UNION ALL
         SELECT ${NEXT_KEY("AND key_id < used.id")} FROM used WHERE used.id IS NOT NULL)
       SELECT id FROM used WHERE id IS NOT NULL LIMIT ?2`,
      accountId,
      limit,
    )
    .map((row) => row.id)

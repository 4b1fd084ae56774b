// SQL of who paid for calls, where that is not the person who made them: an app's pool, noted with the call, or a team, whose wallet it was.
import type { ClientId, PrincipalId, UserId } from "../app/index.ts"
import { insertRow, type Reader, type Tx } from "../store/index.ts"
import { sponsoredCalls } from "./tables.ts"

/** Of these calls, those that an app paid for. */
export const sponsoredOf = (reader: Reader, userId: UserId, publicIds: readonly string[]): string[] =>
  reader
    .all<{ id: string }>(
      `SELECT s.call_id AS id FROM json_each(?1) j CROSS JOIN sponsored_calls s ON s.user_id = ?2 AND s.call_id = j.value`,
      JSON.stringify(publicIds),
      userId,
    )
    .map(({ id }) => id)

export const noteSponsored = (tx: Tx, row: { userId: UserId; callId: string; clientId: ClientId }): void =>
  void insertRow(tx, sponsoredCalls, { ...row, atMs: tx.now }, "ON CONFLICT DO NOTHING")

/** @returns rows deleted */
export const deleteSponsoredBefore = (tx: Tx, ms: number, rows: number): number =>
  tx.run(
    `DELETE FROM sponsored_calls WHERE (user_id, call_id) IN (
       SELECT user_id, call_id FROM sponsored_calls INDEXED BY sponsored_calls_time WHERE at_ms < ? LIMIT ?)`,
    ms,
    rows,
  ).changes

/** Whose wallet paid for these calls of a person, where that is not theirs. */
export const othersWhoPaid = (
  reader: Reader,
  userId: UserId,
  publicIds: readonly string[],
): { publicId: string; payerId: PrincipalId }[] =>
  reader.all(
    `SELECT c.call_id AS publicId, a.owner_id AS payerId FROM v_charges c JOIN v_ledger_accounts a ON a.account_id = c.account_id
     WHERE c.call_id IN (SELECT value FROM json_each(?1)) AND c.caller_id = ?2 AND a.owner_id <> ?2`,
    JSON.stringify(publicIds),
    userId,
  )

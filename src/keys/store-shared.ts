// SQL that every kind of key has: keys, their secrets, their uses, in three tables of the same columns. Which tables, their domains say.
import type { Reader, Tx } from "../store/index.ts"

export interface KeyTables {
  keys: string
  secrets: string
  uses: string
}

/** What stands beside the columns of a key that is shown. */
export interface ShownBeside {
  prefix: string
  lastUsedMs: number | null
  endingPrefix: string | null
  endingMs: number | null
}

/** The secret before, while it still works. */
export const endingOf = ({ endingPrefix: prefix, endingMs: endsMs }: Pick<ShownBeside, "endingPrefix" | "endingMs">) =>
  prefix === null || endsMs === null ? null : { prefix, endsMs }

/** Lists in one column, with a space between. */
export const listOf = (text: string): string[] => (text === "" ? [] : text.split(" "))

/** @typeParam Id of a key @typeParam Because why one was revoked */
export function keyStore<Id extends number, Because extends string>({ keys, secrets, uses }: KeyTables) {
  return {
    /** Keys `k`, each with its newest secret, the one before while it lives at ?1, and its last use `u`. */
    shown: (columns: string): string => `SELECT ${columns}, s.prefix, u.last_used_ms AS lastUsedMs,
      e.prefix AS endingPrefix, e.ends_ms AS endingMs
      FROM ${keys} k
      JOIN ${secrets} s ON s.id = (SELECT MAX(id) FROM ${secrets} WHERE key_id = k.id)
      LEFT JOIN ${secrets} e ON e.id = (SELECT MAX(id) FROM ${secrets} WHERE key_id = k.id AND ends_ms > ?1)
      LEFT JOIN ${uses} u ON u.key_id = k.id`,

    secretsSince: (reader: Reader, userId: number, sinceMs: number): number =>
      reader.get<{ n: number }>(
        `SELECT count(*) AS n FROM ${keys} k JOIN ${secrets} s ON s.key_id = k.id
         WHERE k.user_id = ? AND s.created_ms > ?`,
        userId,
        sinceMs,
      )!.n,

    revokeKey(tx: Tx, id: Id, because: Because): void {
      tx.run(
        `UPDATE ${keys} SET revoked_ms = ?, revoked_because = ?, updated_ms = ? WHERE id = ? AND revoked_ms IS NULL`,
        tx.now,
        because,
        tx.now,
        id,
      )
    },

    /** Every secret of a key ends by then; those that end earlier keep their end. */
    endSecrets(tx: Tx, keyId: Id, endsMs: number): void {
      tx.run(
        `UPDATE ${secrets} SET ends_ms = ? WHERE key_id = ? AND (ends_ms IS NULL OR ends_ms > ?)`,
        endsMs,
        keyId,
        endsMs,
      )
    },
  }
}

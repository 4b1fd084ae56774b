// SQL of what this domain limits by network and person.
import type { limiter } from "../app/index.ts"
import { insertRow, type Tx } from "../store/index.ts"
import { throttles } from "./tables.ts"

const REPLACE = `ON CONFLICT (rule, key_hash) DO UPDATE SET start_ms = excluded.start_ms, used = excluded.used,
  at_ms = excluded.at_ms, tat = excluded.tat, forget_at_ms = excluded.forget_at_ms`

export const throttleRows = (tx: Tx): limiter.LimitRows => ({
  find: (keyHash, rule) =>
    tx.get<limiter.LimitRow>(
      `SELECT start_ms AS startMs, used, at_ms AS atMs, tat, forget_at_ms AS forgetAtMs FROM oauth_throttles
       WHERE rule = ? AND key_hash = ?`,
      rule,
      keyHash,
    ),
  save(keyHash, rule, row) {
    insertRow(
      tx,
      throttles,
      {
        rule,
        keyHash,
        startMs: row.startMs,
        used: row.used,
        atMs: row.atMs,
        tat: row.tat,
        forgetAtMs: row.forgetAtMs,
      },
      REPLACE,
    )
  },
})

/** @returns rows deleted */
export const deleteThrottles = (tx: Tx, nowMs: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM oauth_throttles WHERE (rule, key_hash) IN
       (SELECT rule, key_hash FROM oauth_throttles WHERE forget_at_ms <= ? ORDER BY forget_at_ms LIMIT ?)`,
    nowMs,
    rowsMax,
  ).changes

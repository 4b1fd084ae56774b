// SQL of what identity limits: how many tries and mails, by HMAC of the address, the browser or the network.
import type { limiter } from "../../app/index.ts"
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { throttles } from "../tables.ts"

function find(reader: Reader, keyHash: string, rule: string): limiter.LimitRow | null {
  return reader.get<limiter.LimitRow>(
    `SELECT start_ms AS startMs, used, at_ms AS atMs, tat, forget_at_ms AS forgetAtMs FROM throttles
     WHERE rule = ? AND key_hash = ?`,
    rule,
    keyHash,
  )
}

const REPLACE = `ON CONFLICT (rule, key_hash) DO UPDATE SET start_ms = excluded.start_ms, used = excluded.used,
  at_ms = excluded.at_ms, tat = excluded.tat, forget_at_ms = excluded.forget_at_ms`

/** Rows to decide on inside a body. */
export const throttleRows = (tx: Tx): limiter.LimitRows => ({
  find: (keyHash, rule) => find(tx, keyHash, rule),
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

/** Rows for a look that takes nothing. */
export const throttleView = (reader: Reader): limiter.LimitRows => ({
  find: (keyHash, rule) => find(reader, keyHash, rule),
  save() {},
})

export function deleteThrottle(tx: Tx, keyHash: string, rule: string): void {
  tx.run("DELETE FROM throttles WHERE rule = ? AND key_hash = ?", rule, keyHash)
}

/** What is over decides like what was never there. */
export const purgeThrottles = (tx: Tx, nowMs: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM throttles WHERE (rule, key_hash) IN
       (SELECT rule, key_hash FROM throttles WHERE forget_at_ms <= ? ORDER BY forget_at_ms LIMIT ?)`,
    nowMs,
    rowsMax,
  ).changes

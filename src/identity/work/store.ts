// SQL of calculations that were used.
import type { Tx } from "../../store/index.ts"

/** Of several in one commit, or ever, only one gets true. */
export const takeWork = (tx: Tx, workHash: string, forgetAtMs: number): boolean =>
  tx.run(
    "INSERT INTO sign_up_works (work_hash, forget_at_ms) VALUES (?, ?) ON CONFLICT DO NOTHING",
    workHash,
    forgetAtMs,
  ).changes === 1

export const purgeWorks = (tx: Tx, nowMs: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM sign_up_works WHERE work_hash IN
       (SELECT work_hash FROM sign_up_works WHERE forget_at_ms <= ? ORDER BY forget_at_ms LIMIT ?)`,
    nowMs,
    rowsMax,
  ).changes

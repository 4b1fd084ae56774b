// SQL of nonces that were used.
import { insertRow, type Tx } from "../../store/index.ts"
import { marketNonces } from "./tables.ts"

/** @returns false when it was used before */
export function useNonce(tx: Tx, keyId: number, nonce: string, untilMs: number): boolean {
  if (tx.get("SELECT 1 FROM market_nonces WHERE key_id = ? AND nonce = ?", keyId, nonce)) return false
  insertRow(tx, marketNonces, { keyId, nonce, untilMs })
  return true
}

/** @returns rows deleted */
export const forgetNonces = (tx: Tx, rows: number): number =>
  tx.run(
    `DELETE FROM market_nonces WHERE (key_id, nonce) IN (SELECT key_id, nonce FROM market_nonces WHERE until_ms < ? LIMIT ?)`,
    tx.now,
    rows,
  ).changes

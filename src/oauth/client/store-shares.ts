// SQL of developers' own shares.
import type { Reader, Tx } from "../../store/index.ts"
import type { Share } from "./share.ts"

export const sharesSet = (reader: Reader): (Share & { id: number })[] =>
  reader.all(
    `SELECT id, share_bp AS bp, share_raised_ms AS raisedMs, share_before_bp AS beforeBp FROM oauth_clients
     WHERE share_bp IS NOT NULL OR share_raised_ms IS NOT NULL`,
  )

export function saveShare(tx: Tx, clientId: number, { bp, raisedMs, beforeBp }: Share): void {
  tx.run(
    "UPDATE oauth_clients SET share_bp = ?, share_raised_ms = ?, share_before_bp = ?, updated_ms = ? WHERE id = ?",
    bp,
    raisedMs,
    beforeBp,
    tx.now,
    clientId,
  )
}

export const consentGrantedMs = (reader: Reader, consentId: number): number | null =>
  reader.get<{ ms: number }>("SELECT granted_ms AS ms FROM oauth_consents WHERE id = ?", consentId)?.ms ?? null

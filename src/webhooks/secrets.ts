// What signs: 32 random bytes, sealed in their row, shown once. A new one takes over at once, and the one before signs along for a while,
// so that receivers can be changed in their own time.
import type { Keyring } from "../app/index.ts"
import { idAt } from "../app/index.ts"
import { type SealedColumn, sealIn } from "../part/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { WEBHOOK_LIMITS as L } from "./limits.ts"
import { newSecret } from "./rules.ts"
import { endSecrets, insertSecret, secretsOf } from "./store.ts"

export const SEALED_WEBHOOKS: SealedColumn = {
  what: "secrets that sign webhooks",
  table: "webhook_secrets",
  blob: "sealed",
  assign: "sealed = ?",
  purpose: "webhook",
  columns: ["public_id"],
  place: (publicId) => `webhook_secrets:sealed:${publicId}`,
}

/** @returns `whsec_…`, in this answer alone */
export function addSecretIn(tx: Tx, keyring: Keyring, endpointId: number): string {
  const secret = newSecret()
  const publicId = idAt("sec", tx.now)
  endSecrets(tx, endpointId, tx.now + L.overlapMs)
  insertSecret(tx, { publicId, endpointId, sealed: sealIn(tx, keyring, SEALED_WEBHOOKS, [publicId], secret) })
  return secret
}

/** Those that sign at a moment, newest first. */
export const signing = (reader: Reader, keyring: Keyring, endpointId: number, nowMs: number): string[] =>
  secretsOf(reader, endpointId)
    .filter(({ endsMs }) => endsMs === null || endsMs > nowMs)
    .map(({ publicId, sealed }) => keyring.open(SEALED_WEBHOOKS.purpose, SEALED_WEBHOOKS.place(publicId), sealed))

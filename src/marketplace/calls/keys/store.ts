// SQL of product keys, their secrets and their uses. Secrets are found by SHA-256 only.
import { endingOf, keyStore, listOf, type ShownBeside } from "../../../keys/index.ts"
import { columnsOf, findRow, insertRow, type Reader, remember, type Tx } from "../../../store/index.ts"
import { marketKeySecrets, marketKeys, marketKeyUses } from "../../tables.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import type { KeyRow, ProductKey } from "../types.ts"

const shared = keyStore<number, string>({
  keys: "market_keys",
  secrets: "market_key_secrets",
  uses: "market_key_uses",
})
export const { secretsSince, revokeKey, endSecrets } = shared

type ShownRow = KeyRow & ShownBeside & { calls: number | null }

const SHOWN = shared.shown(`${columnsOf(marketKeys, "k")}, u.calls`)

const toShown = (row: ShownRow): ProductKey => {
  const { prefix, lastUsedMs, calls, endingPrefix, endingMs, hmacSecret, allowedIps, deniedIps, ...key } = row
  return {
    ...key,
    allowedIps: listOf(allowedIps),
    deniedIps: listOf(deniedIps),
    isSigned: hmacSecret !== null,
    prefix,
    lastUsedMs,
    calls: calls ?? 0,
    ending: endingOf({ endingPrefix, endingMs }),
  }
}

/** Those that are alive first, each newest first. */
export const keysOf = (reader: Reader, subscriptionId: number, nowMs: number): ProductKey[] =>
  reader
    .all<ShownRow>(
      `${SHOWN} WHERE k.subscription_id = ?2 ORDER BY k.revoked_ms IS NOT NULL, k.id DESC LIMIT ?3`,
      nowMs,
      subscriptionId,
      L.keysShownMax,
    )
    .map(toShown)

/** Of a subscription of this person or team. */
export function keyOf(reader: Reader, ownerId: number, publicId: string, nowMs: number): ProductKey | null {
  const row = reader.get<ShownRow>(
    `${SHOWN} WHERE k.public_id = ?2 AND k.subscription_id IN (SELECT id FROM market_subscriptions WHERE user_id = ?3)`,
    nowMs,
    publicId,
    ownerId,
  )
  return row && toShown(row)
}

/** Those that somebody made for the subscriptions of somebody else, and that live. */
export const liveKeysBy = (reader: Reader, { userId, ownerId }: { userId: number; ownerId: number }): string[] =>
  reader
    .all<{ id: string }>(
      `SELECT k.public_id AS id FROM market_subscriptions s JOIN market_keys k ON k.subscription_id = s.id
       WHERE s.user_id = ? AND k.user_id = ? AND k.revoked_ms IS NULL`,
      ownerId,
      userId,
    )
    .map(({ id }) => id)

export const keyByPublicId = (reader: Reader, publicId: string): KeyRow | null =>
  findRow(reader, marketKeys, "public_id = ?", publicId)

export const keyById = (reader: Reader, id: number): KeyRow | null => findRow(reader, marketKeys, "id = ?", id)

export const keyPrefix = (reader: Reader, keyId: number): string | null =>
  reader.get<{ prefix: string }>(
    "SELECT prefix FROM market_key_secrets WHERE key_id = ? ORDER BY id DESC LIMIT 1",
    keyId,
  )?.prefix ?? null

export const countLive = (reader: Reader, subscriptionId: number): number =>
  reader.get<{ n: number }>(
    "SELECT count(*) AS n FROM market_keys WHERE subscription_id = ? AND revoked_ms IS NULL",
    subscriptionId,
  )!.n

export const liveKeyIds = (reader: Reader, subscriptionId: number): string[] =>
  reader
    .all<{ id: string }>(
      "SELECT public_id AS id FROM market_keys WHERE subscription_id = ? AND revoked_ms IS NULL",
      subscriptionId,
    )
    .map(({ id }) => id)

type NewKey = Omit<KeyRow, "id" | "revokedMs" | "revokedBecause" | "createdMs" | "updatedMs">

export const insertKey = (tx: Tx, key: NewKey): number =>
  insertRow(tx, marketKeys, { ...key, createdMs: tx.now, updatedMs: tx.now })

export function updateKey(
  tx: Tx,
  id: number,
  set: Pick<KeyRow, "name" | "access" | "allowedIps" | "deniedIps" | "expiresMs">,
): void {
  tx.run(
    `UPDATE market_keys SET name = ?, access = ?, allowed_ips = ?, denied_ips = ?, expires_ms = ?, updated_ms = ? WHERE id = ?`,
    set.name,
    set.access,
    set.allowedIps,
    set.deniedIps,
    set.expiresMs,
    tx.now,
    id,
  )
}

export const setHmac = (tx: Tx, id: number, sealed: string | null): void =>
  void tx.run("UPDATE market_keys SET hmac_secret = ?, updated_ms = ? WHERE id = ?", sealed, tx.now, id)

// ---- secrets -----------------------------------------------------------------------------------------------------

export const insertSecret = (tx: Tx, secret: { keyId: number; hash: string; prefix: string }): void =>
  void insertRow(tx, marketKeySecrets, { ...secret, createdMs: tx.now })

export interface FoundSecret {
  keyId: number
  endsMs: number | null
}

const FOUND = "SELECT key_id AS keyId, ends_ms AS endsMs FROM market_key_secrets WHERE hash = ?"
export const secretByHash = (reader: Reader, hash: string): FoundSecret | null => reader.get(FOUND, hash)

/** Inside mutations both are remembered until their table is written. */
export const knownSecrets = remember({
  of: [marketKeySecrets],
  load: (reader, hash: string): FoundSecret | null => secretByHash(reader, hash),
})
export const knownKeys = remember({
  of: [marketKeys],
  load: (reader, id: number): KeyRow | null => keyById(reader, id),
})

// ---- uses --------------------------------------------------------------------------------------------------------

/** Of a key that went meanwhile nothing is noted. */
export function saveUse(tx: Tx, keyId: number, lastUsedMs: number, calls: number): void {
  if (!keyById(tx, keyId)) return
  const add = `ON CONFLICT (key_id) DO UPDATE SET last_used_ms = max(last_used_ms, excluded.last_used_ms),
    calls = calls + excluded.calls`
  insertRow(tx, marketKeyUses, { keyId, lastUsedMs, calls }, add)
}

// SQL of API keys, their secrets and their uses. Secrets are found by SHA-256 only.
import type { KeyId, PrincipalId, UserId } from "../app/index.ts"
import { insertRow, type Reader, remember, type Tx } from "../store/index.ts"
import { KEY_LIMITS as L } from "./limits.ts"
import { keyScopes } from "./rules.ts"
import { endingOf, keyStore, listOf, type ShownBeside } from "./store-shared.ts"
import { apiKeySecrets, apiKeys, apiKeyUses } from "./tables.ts"
import type { ApiKey, ApiKeyShown, KeyChoice, RevokedBecause } from "./types.ts"

const shared = keyStore<KeyId, RevokedBecause>({
  keys: "api_keys",
  secrets: "api_key_secrets",
  uses: "api_key_uses",
})
export const { secretsSince, revokeKey, endSecrets } = shared

type KeyRow = typeof apiKeys.$inferSelect

const KEY = `k.id, k.public_id AS publicId, k.user_id AS userId, k.payer_id AS payerId, k.mode, k.name, k.scopes,
  k.allowed_ips AS allowedIps, k.expires_ms AS expiresMs, k.disabled_ms AS disabledMs, k.revoked_ms AS revokedMs,
  k.revoked_because AS revokedBecause, k.created_ms AS createdMs, k.updated_ms AS updatedMs`

const toKey = ({ scopes, allowedIps, ...row }: KeyRow): ApiKey => ({
  ...row,
  scopes: keyScopes(scopes.split(" ")),
  allowedIps: listOf(allowedIps),
})

type ShownRow = KeyRow & ShownBeside

const SHOWN = shared.shown(KEY)

const toShown = ({ prefix, lastUsedMs, endingPrefix, endingMs, ...row }: ShownRow): ApiKeyShown => ({
  ...toKey(row),
  prefix,
  lastUsedMs,
  ending: endingOf({ endingPrefix, endingMs }),
})

/** Of a wallet's owner: a person, or a team. At most `keysPerPersonMax` that are alive, and what was revoked. */
export const keysOf = (reader: Reader, userId: UserId, nowMs: number): ApiKeyShown[] =>
  reader
    .all<ShownRow>(
      `${SHOWN} WHERE k.payer_id = ?2 ORDER BY k.revoked_ms IS NOT NULL, k.id DESC LIMIT ?3`,
      nowMs,
      userId,
      L.keysShownMax,
    )
    .map(toShown)

/** Of one mode, by name: those that are alive, and of those that are over the ones among `used`. */
export const keysToChoose = (
  reader: Reader,
  { userId, mode }: Pick<ApiKey, "userId" | "mode">,
  used: readonly KeyId[],
): KeyChoice[] =>
  reader.all(
    `SELECT k.id, k.public_id AS publicId, k.payer_id AS payerId, k.mode, k.name, k.revoked_ms AS revokedMs, s.prefix
     FROM api_keys k JOIN api_key_secrets s ON s.id = (SELECT MAX(id) FROM api_key_secrets WHERE key_id = k.id)
     WHERE k.payer_id = ? AND k.mode = ? AND (k.revoked_ms IS NULL OR k.id IN (SELECT value FROM json_each(?)))
     ORDER BY k.name COLLATE NOCASE, k.id`,
    userId,
    mode,
    JSON.stringify(used),
  )

export function keyByPublicId(reader: Reader, userId: UserId, publicId: string, nowMs: number): ApiKeyShown | null {
  const row = reader.get<ShownRow>(`${SHOWN} WHERE k.public_id = ?2 AND k.payer_id = ?3`, nowMs, publicId, userId)
  return row && toShown(row)
}

/** Those that one person made for somebody else's wallet and that are alive. */
export const keysFor = (reader: Reader, userId: UserId, payerId: UserId): Pick<ApiKey, "publicId">[] =>
  reader.all(
    "SELECT public_id AS publicId FROM api_keys WHERE payer_id = ? AND user_id = ? AND revoked_ms IS NULL",
    payerId,
    userId,
  )

export function keyById(reader: Reader, id: KeyId): ApiKey | null {
  const row = reader.get<KeyRow>(`SELECT ${KEY} FROM api_keys k WHERE k.id = ?`, id)
  return row && toKey(row)
}

export const keysByIds = (
  reader: Reader,
  ids: readonly KeyId[],
): Pick<ApiKey, "id" | "publicId" | "name" | "userId">[] =>
  reader.all(
    `SELECT k.id, k.public_id AS publicId, k.name, k.user_id AS userId
     FROM json_each(?) j CROSS JOIN api_keys k ON k.id = j.value`,
    JSON.stringify([...new Set(ids)]),
  )

export const anyKey = (reader: Reader, publicId: string): Pick<ApiKey, "id" | "publicId" | "name" | "userId"> | null =>
  reader.get("SELECT id, public_id AS publicId, name, user_id AS userId FROM api_keys WHERE public_id = ?", publicId)

export const countLive = (reader: Reader, userId: UserId): number =>
  reader.get<{ n: number }>("SELECT count(*) AS n FROM api_keys WHERE payer_id = ? AND revoked_ms IS NULL", userId)!.n

export const insertKey = (
  tx: Tx,
  key: Pick<ApiKey, "publicId" | "userId" | "mode" | "name" | "scopes" | "allowedIps" | "expiresMs"> & {
    payerId: PrincipalId
  },
): KeyId =>
  insertRow(tx, apiKeys, {
    publicId: key.publicId,
    userId: key.userId,
    payerId: key.payerId,
    mode: key.mode,
    name: key.name,
    scopes: key.scopes.join(" "),
    allowedIps: key.allowedIps.join(" "),
    expiresMs: key.expiresMs,
    createdMs: tx.now,
    updatedMs: tx.now,
  })

export function updateKey(
  tx: Tx,
  id: KeyId,
  set: Pick<ApiKey, "name" | "scopes" | "allowedIps" | "expiresMs" | "disabledMs">,
): void {
  tx.run(
    `UPDATE api_keys SET name = ?, scopes = ?, allowed_ips = ?, expires_ms = ?, disabled_ms = ?, updated_ms = ? WHERE id = ?`,
    set.name,
    set.scopes.join(" "),
    set.allowedIps.join(" "),
    set.expiresMs,
    set.disabledMs,
    tx.now,
    id,
  )
}

// ---- secrets -----------------------------------------------------------------------------------------------------

export function insertSecret(tx: Tx, secret: { keyId: KeyId; hash: string; prefix: string }): void {
  insertRow(tx, apiKeySecrets, { ...secret, createdMs: tx.now })
}

export function endSecret(tx: Tx, secretId: number): void {
  tx.run("UPDATE api_key_secrets SET ends_ms = ? WHERE id = ?", tx.now, secretId)
}

export interface FoundRow {
  secretId: number
  keyId: KeyId
  endsMs: number | null
  /** No later secret took its place. */
  isNewest: 0 | 1
}

export const secretByHash = (reader: Reader, hash: string): FoundRow | null =>
  reader.get<FoundRow>(
    `SELECT id AS secretId, key_id AS keyId, ends_ms AS endsMs,
       id = (SELECT MAX(id) FROM api_key_secrets o WHERE o.key_id = s.key_id) AS isNewest
     FROM api_key_secrets s WHERE hash = ?`,
    hash,
  )

/** What a hold asks of a key and of the secret that was sent: two reads by key, remembered until their tables are written. */
export function liveKeyRows(
  reader: Reader,
  keyId: KeyId,
  secretId: number,
): { key: ApiKey; endsMs: number | null } | null {
  const key = keysKnown.get(reader, keyId)
  const secret = key && secretsKnown.get(reader, secretId)
  return key && secret ? { key, endsMs: secret.endsMs } : null
}

const keysKnown = remember({ of: [apiKeys], load: (reader, id: KeyId): ApiKey | null => keyById(reader, id) })
const secretsKnown = remember({
  of: [apiKeySecrets],
  load: (reader, id: number) =>
    reader.get<{ endsMs: number | null }>("SELECT ends_ms AS endsMs FROM api_key_secrets WHERE id = ?", id),
})

// ---- uses --------------------------------------------------------------------------------------------------------

/** Of a key that went meanwhile, with its person, nothing is noted. */
export function saveUse(tx: Tx, keyId: KeyId, lastUsedMs: number): void {
  if (!keyById(tx, keyId)) return
  const later = "ON CONFLICT (key_id) DO UPDATE SET last_used_ms = max(last_used_ms, excluded.last_used_ms)"
  insertRow(tx, apiKeyUses, { keyId, lastUsedMs }, later)
}

// Making product keys, new secrets for them, and their end. A secret is in the answer alone; quotas hang on the subscription, so that
// nothing that is done to keys changes what is used.
import { AppError, DAY_MS, ensure, mintSecret, sha256Hex, type UserId } from "../../../app/index.ts"
import { auditIn } from "../../../audit/index.ts"
import { type SealedColumn, sealIn } from "../../../part/index.ts"
import type { Tx } from "../../../store/index.ts"
import type { CallsCore } from "../core.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import type { EditKey, IssuedKey, IssueKey, KeyEnd, KeyMode, ProductKey, ProductKeyRef } from "../types.ts"
import { productKeyCreated } from "./mails.ts"
import { cleanTerms, PRODUCT_KEY, SIGNING_KEY } from "./rules.ts"
import * as rows from "./store.ts"

export const SEALED_SIGNING: SealedColumn = {
  what: "secrets that sign calls of products",
  table: "market_keys",
  blob: "hmac_secret",
  assign: "hmac_secret = ?",
  purpose: "product-signing",
  columns: ["public_id"],
  place: (publicId) => `market_keys:hmac_secret:${publicId}`,
}

/** @throws AppError validation_failed, conflict */
export function issueKeyIn(core: CallsCore, tx: Tx, input: IssueKey): IssuedKey {
  const { subscriptionId, userId, mode = "live", signed = false } = input
  const terms = cleanTerms(input, tx.now)
  const most = L.keysPerSubscriptionMax
  ensure(
    rows.countLive(tx, subscriptionId) < most,
    "conflict",
    `This subscription has ${most} keys, the most there may be. Revoke one first.`,
  )
  const publicId = core.ids.next("mky")
  const signingSecret = signed ? mintSecret(SIGNING_KEY, mode) : null
  const hmacSecret = signingSecret === null ? null : sealIn(tx, core.keyring, SEALED_SIGNING, [publicId], signingSecret)
  const id = rows.insertKey(tx, { publicId, subscriptionId, userId, mode, ...terms, hmacSecret })
  const secret = newSecretIn(tx, id, userId, mode)
  auditIn(tx, { action: "product_key.created", subject: publicId, after: { ...terms, mode, signed } })
  mailIn(core, tx, userId, { name: terms.name, prefix: secret.slice(0, L.prefixChars) })
  return { publicId, secret, signingSecret }
}

/** A new secret; the one before works on for `keepMs`, never past its own end. @throws AppError not_found, conflict */
export function rotateKeyIn(
  core: CallsCore,
  tx: Tx,
  { keepMs, ...ref }: ProductKeyRef & { keepMs: number },
): IssuedKey {
  const key = aliveIn(tx, ref)
  const keptMs = Math.min(Math.max(0, keepMs), L.rotateKeepMsMax)
  rows.endSecrets(tx, key.id, tx.now + keptMs)
  const secret = newSecretIn(tx, key.id, key.userId, key.mode)
  const prefix = secret.slice(0, L.prefixChars)
  auditIn(tx, {
    action: "product_key.rotated",
    subject: key.publicId,
    before: { prefix: key.prefix },
    after: { name: key.name, prefix, keptMs },
  })
  mailIn(core, tx, key.userId, { name: key.name, prefix })
  return { publicId: key.publicId, secret, signingSecret: null }
}

/** @throws AppError not_found, conflict, validation_failed */
export function editKeyIn(tx: Tx, { userId, keyPublicId, ...terms }: EditKey): ProductKey {
  const before = aliveIn(tx, { userId, keyPublicId })
  const { name, access, allowedIps, deniedIps, expiresMs } = { ...before, ...terms }
  // An end that has passed may stay: the key is edited for another reason.
  const stays = terms.expiresMs === undefined || terms.expiresMs === before.expiresMs
  const clean = cleanTerms({ name, access, allowedIps, deniedIps, expiresMs: stays ? null : expiresMs }, tx.now)
  rows.updateKey(tx, before.id, { ...clean, expiresMs: stays ? before.expiresMs : clean.expiresMs })
  const after = mineIn(tx, { userId, keyPublicId })
  auditIn(tx, { action: "product_key.updated", subject: keyPublicId, before: summary(before), after: summary(after) })
  return after
}

/** Whether its calls have to be signed from now on; switched on again it is another secret. @returns the secret, shown once */
export function setSigningIn(
  core: CallsCore,
  tx: Tx,
  { signed, ...ref }: ProductKeyRef & { signed: boolean },
): string | null {
  const key = aliveIn(tx, ref)
  const secret = signed ? mintSecret(SIGNING_KEY, key.mode) : null
  rows.setHmac(tx, key.id, secret === null ? null : sealIn(tx, core.keyring, SEALED_SIGNING, [key.publicId], secret))
  auditIn(tx, { action: "product_key.updated", subject: key.publicId, after: { name: key.name, signed } })
  return secret
}

/** @param by whose key it is is looked at for owners; publishers and admins have looked themselves */
export function revokeKeyIn(
  tx: Tx,
  { userId, keyPublicId, because = "owner" }: { userId?: UserId; keyPublicId: string; because?: KeyEnd },
): void {
  const isTheirs = userId === undefined || rows.keyOf(tx, userId, keyPublicId, tx.now) !== null
  const key = rows.keyByPublicId(tx, keyPublicId)
  if (!key || !isTheirs) throw notThere()
  if (key.revokedMs !== null) return
  rows.revokeKey(tx, key.id, because)
  auditIn(tx, { action: "product_key.revoked", subject: keyPublicId, before: { name: key.name }, after: { because } })
}

/** All that a subscription has: it ended for good. */
export function revokeKeysIn(tx: Tx, subscriptionId: number, because: KeyEnd): void {
  for (const keyPublicId of rows.liveKeyIds(tx, subscriptionId)) revokeKeyIn(tx, { keyPublicId, because })
}

/** All that somebody made for a team's subscriptions: they may not spend its credits any more. */
export function revokeKeysByIn(tx: Tx, of: { userId: UserId; ownerId: UserId }): void {
  for (const keyPublicId of rows.liveKeysBy(tx, of)) revokeKeyIn(tx, { keyPublicId, because: "left" })
}

function newSecretIn(tx: Tx, keyId: number, userId: UserId, mode: KeyMode): string {
  const most = L.secretsPerDayMax
  ensure(
    rows.secretsSince(tx, userId, tx.now - DAY_MS) < most,
    "conflict",
    `You made ${most} keys and secrets within a day, the most there may be. Try again tomorrow.`,
  )
  const secret = mintSecret(PRODUCT_KEY, mode)
  rows.insertSecret(tx, { keyId, hash: sha256Hex(secret), prefix: secret.slice(0, L.prefixChars) })
  return secret
}

function mailIn(core: CallsCore, tx: Tx, userId: UserId, data: { name: string; prefix: string }): void {
  const person = core.identity.userById(userId)
  if (person) core.mails.queueIn(tx, productKeyCreated, { to: person.email, data, uselessAfterMs: null })
}

/** Another person's key is not there. */
function mineIn(tx: Tx, { userId, keyPublicId }: ProductKeyRef): ProductKey {
  const key = rows.keyOf(tx, userId, keyPublicId, tx.now)
  if (!key) throw notThere()
  return key
}

function aliveIn(tx: Tx, ref: ProductKeyRef): ProductKey {
  const key = mineIn(tx, ref)
  ensure(key.revokedMs === null, "conflict", "This key was revoked. Make a new one.")
  return key
}

const notThere = (): AppError =>
  new AppError("not_found", "There is no such key. The keys of a subscription are listed with it.")

const summary = ({ name, access, allowedIps, deniedIps, expiresMs }: ProductKey) => ({
  name,
  access,
  allowedIps,
  deniedIps,
  expiresMs,
})

// Making a key, and a new secret for one. The secret is in the answer alone.
import { DAY_MS, ensure, invariant, mintSecret, PrincipalId, sha256Hex } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { emitIn } from "../webhooks/index.ts"
import { aliveIn, type Core, changedIn, mineIn } from "./core.ts"
import { KEY_LIMITS as L } from "./limits.ts"
import { keyCreated } from "./mails.ts"
import { cleanTerms, KEY_PREFIX } from "./rules.ts"
import { countLive, endSecrets, insertKey, insertSecret, secretsSince } from "./store.ts"
import type { ApiKey, CreateKey, KeyRef, MadeKey } from "./types.ts"

/** @see Keys.createIn */
export function createIn(core: Core, tx: Tx, input: CreateKey): MadeKey {
  const { userId, mode = "live", payerId: payer = userId } = input
  core.identity.requireActiveIn(tx, userId)
  const person = core.identity.userById(userId)
  invariant(person, "keys are made by people who exist")
  // A team's key spends and nothing else: an account and an admin's role are one person's.
  const terms = cleanTerms(input, payer === userId ? person.isAdmin : "spends", tx.now)
  const most = L.keysPerPersonMax
  ensure(countLive(tx, payer) < most, "conflict", `There are ${most} keys, the most there may be. Revoke one first.`)
  const publicId = core.ids.next("key")
  const payerId = PrincipalId(payer)
  const id = insertKey(tx, { publicId, userId, payerId, mode, ...terms })
  const secret = newSecretIn(tx, { id, mode, userId })
  const key = mineIn(tx, { userId: payer, keyPublicId: publicId }, tx.now)
  auditIn(tx, { action: "key.created", subject: publicId, after: summary(key) })
  const made = { key: publicId, name: key.name, scopes: [...key.scopes] }
  emitIn(tx, { type: "key.created", person: userId, mode, subject: publicId, data: made })
  const data = { name: key.name, prefix: key.prefix }
  core.mails.queueIn(tx, keyCreated, { to: person.email, data, uselessAfterMs: null })
  return { secret, key }
}

/** @see Keys.rollIn */
export function rollIn(core: Core, tx: Tx, { keepMs, ...ref }: KeyRef & { keepMs: number }): MadeKey {
  const before = aliveIn(tx, ref)
  const kept = Math.min(Math.max(0, keepMs), L.rollKeepMsMax)
  endSecrets(tx, before.id, tx.now + kept)
  const secret = newSecretIn(tx, before)
  const key = mineIn(tx, ref, tx.now)
  auditIn(tx, {
    action: "key.rolled",
    subject: key.publicId,
    before: { prefix: before.prefix },
    after: { name: key.name, prefix: key.prefix, keptMs: kept },
  })
  changedIn(core, tx, key.id)
  return { secret, key }
}

function newSecretIn(tx: Tx, { id, mode, userId }: Pick<ApiKey, "id" | "mode" | "userId">): string {
  ensure(
    secretsSince(tx, userId, tx.now - DAY_MS) < L.secretsPerDayMax,
    "conflict",
    `You made ${L.secretsPerDayMax} keys and secrets within a day, the most there may be. Try again tomorrow.`,
  )
  const secret = mintSecret(KEY_PREFIX, mode)
  insertSecret(tx, { keyId: id, hash: sha256Hex(secret), prefix: secret.slice(0, L.prefixChars) })
  return secret
}

/** What the audit log keeps of a key. */
export const summary = ({ name, mode, scopes, allowedIps, expiresMs }: ApiKey) => ({
  name,
  mode,
  scopes,
  allowedIps,
  expiresMs,
})

export const emitRevokedIn = (
  tx: Tx,
  { publicId, name, userId, mode }: Pick<ApiKey, "publicId" | "name" | "userId" | "mode">,
  because: "owner" | "reported",
): void =>
  void emitIn(tx, {
    type: "key.revoked",
    person: userId,
    mode,
    subject: publicId,
    data: { key: publicId, name, because },
  })

// Changing a key: its terms, off and on again, its end. In force when the change is answered.
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { aliveIn, type Core, changedIn, mineIn } from "./core.ts"
import { emitRevokedIn, summary } from "./create.ts"
import { keyRevoked } from "./mails.ts"
import { cleanTerms } from "./rules.ts"
import { keysFor, revokeKey, updateKey } from "./store.ts"
import type { ApiKeyShown, EditKey, KeyRef, Keys } from "./types.ts"

/** @see Keys.editIn */
export function editIn(core: Core, tx: Tx, { userId, keyPublicId, ...terms }: EditKey): ApiKeyShown {
  const ref = { userId, keyPublicId }
  const before = aliveIn(tx, ref)
  const reach = before.userId === userId ? (core.identity.userById(userId)?.isAdmin ?? false) : "spends"
  const { name, scopes, allowedIps, expiresMs } = { ...before, ...terms }
  // An end that has passed may stay: the key is edited for another reason.
  const isPast = terms.expiresMs === undefined || terms.expiresMs === before.expiresMs
  const clean = cleanTerms({ name, scopes, allowedIps, expiresMs: isPast ? null : expiresMs }, reach, tx.now)
  updateKey(tx, before.id, {
    ...clean,
    expiresMs: isPast ? before.expiresMs : clean.expiresMs,
    disabledMs: before.disabledMs,
  })
  const after = mineIn(tx, ref, tx.now)
  auditIn(tx, { action: "key.updated", subject: after.publicId, before: summary(before), after: summary(after) })
  changedIn(core, tx, after.id)
  return after
}

/** @see Keys.setDisabledIn */
export function setDisabledIn(core: Core, tx: Tx, { disabled, ...ref }: KeyRef & { disabled: boolean }): ApiKeyShown {
  const before = aliveIn(tx, ref)
  if ((before.disabledMs !== null) === disabled) return before
  updateKey(tx, before.id, { ...before, disabledMs: disabled ? tx.now : null })
  const after = { name: before.name }
  auditIn(tx, { action: disabled ? "key.disabled" : "key.enabled", subject: before.publicId, after })
  changedIn(core, tx, before.id)
  return mineIn(tx, ref, tx.now)
}

/** @see Keys.revokeIn */
export function revokeIn(core: Core, tx: Tx, ref: KeyRef): ApiKeyShown {
  const before = mineIn(tx, ref, tx.now)
  if (before.revokedMs !== null) return before
  revokeKey(tx, before.id, "owner")
  auditIn(tx, { action: "key.revoked", subject: before.publicId, before: summary(before) })
  emitRevokedIn(tx, before, "owner")
  const maker = core.identity.userById(before.userId)
  const data = { name: before.name, prefix: before.prefix }
  if (maker) core.mails.queueIn(tx, keyRevoked, { to: maker.email, data, uselessAfterMs: null })
  changedIn(core, tx, before.id)
  return mineIn(tx, ref, tx.now)
}

/** @see Keys.revokeForIn */
export function revokeForIn(core: Core, tx: Tx, { userId, payerId }: Parameters<Keys["revokeForIn"]>[1]): void {
  for (const { publicId } of keysFor(tx, userId, payerId))
    revokeIn(core, tx, { userId: payerId, keyPublicId: publicId })
}

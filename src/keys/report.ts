// A secret was found where it should not be (secret scanning partner programs): what is alive of it ends, and its owner is told. The one
// who reports learns nothing: the same answer whatever was sent.
import { isSecret, sha256Hex } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { type Core, changedIn } from "./core.ts"
import { emitRevokedIn } from "./create.ts"
import { KEY_LIMITS as L } from "./limits.ts"
import { keyReported } from "./mails.ts"
import { assertUsable, KEY_PREFIX, stateOf } from "./rules.ts"
import { endSecret, keyById, revokeKey, secretByHash } from "./store.ts"
import type { FoundSecret } from "./types.ts"

/** Whether it has the form of a key, checksum included. */
export const isWhole = ({ token }: FoundSecret): boolean => token.length <= L.keyCharsMax && isSecret(token, KEY_PREFIX)

/** @param found each whole. @see Keys.report */
export function reportIn(core: Core, tx: Tx, found: readonly FoundSecret[]): void {
  for (const one of found.slice(0, L.reportTokensMax)) reportOneIn(core, tx, one)
}

function reportOneIn(core: Core, tx: Tx, { token, url }: FoundSecret): void {
  const row = secretByHash(tx, sha256Hex(token))
  const key = row && keyById(tx, row.keyId)
  if (!key || isOver(() => assertUsable({ ...stateOf(key, row.endsMs), isDisabled: false }, tx.now))) return
  // A secret that was rolled ends alone: the newer one was not found.
  const isNewest = row.isNewest === 1
  if (isNewest) revokeKey(tx, key.id, "reported")
  else endSecret(tx, row.secretId)
  const where = url?.slice(0, L.reportUrlCharsMax) ?? null
  auditIn(tx, {
    action: "key.reported",
    subject: key.publicId,
    before: { name: key.name, prefix: token.slice(0, L.prefixChars) },
    after: { url: where, revoked: isNewest ? "key" : "secret" },
  })
  if (isNewest) emitRevokedIn(tx, key, "reported")
  changedIn(core, tx, key.id)
  const person = core.identity.userById(key.userId)
  if (!person) return
  const data = { name: key.name, prefix: token.slice(0, L.prefixChars), isWhole: isNewest }
  core.mails.queueIn(tx, keyReported, { to: person.email, data, uselessAfterMs: null })
}

function isOver(check: () => void): boolean {
  try {
    check()
    return false
  } catch {
    return true
  }
}

// An app secret key was found where it should not be (secret scanning partner programs): it ends, and its developer is told. Whoever reports
// learns nothing: the same answer whatever was sent.
import { isSecret, sha256Hex } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { FoundSecret } from "../../keys/index.ts"
import type { Tx } from "../../store/index.ts"
import { appKeyReported } from "./mails.ts"
import { APP_KEY_PREFIX } from "./rules.ts"
import { keyByHash, keyNamed, revokeKey } from "./store.ts"
import type { AppKeysDeps } from "./types.ts"

/** Of a stranger's text. */
const URL_CHARS_MAX = 300

/** Whether it has the form of an app secret key, checksum included; a look-alike costs no write. */
export const isAppKey = ({ token }: FoundSecret): boolean => isSecret(token, APP_KEY_PREFIX)

/** @param found each whole */
export function reportIn(deps: AppKeysDeps, tx: Tx, found: readonly FoundSecret[]): void {
  for (const { token, url } of found) {
    const row = keyByHash(tx, sha256Hex(token))
    const client = row && deps.oauth.clientById(row.clientId)
    if (!client || row.revokedMs !== null || (row.expiresMs !== null && row.expiresMs <= tx.now)) continue
    const { publicId, name, hint } = keyNamed(tx, row.id)
    revokeKey(tx, row.id)
    auditIn(tx, {
      action: "app_key.reported",
      subject: client.publicId,
      before: { key: publicId, name },
      after: { url: url?.slice(0, URL_CHARS_MAX) ?? null },
    })
    const owner = client.ownerId === null ? null : deps.identity.userById(client.ownerId)
    if (!owner) continue
    const data = { app: client.name, clientId: client.publicId, name, hint }
    deps.mails.queueIn(tx, appKeyReported, { to: owner.email, data, uselessAfterMs: null })
  }
}

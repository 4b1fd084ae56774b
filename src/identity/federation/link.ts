// An account elsewhere that opens an account here: made and taken away, told to its owner by mail.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { connectionAdded, connectionRemoved } from "../mails.ts"
import type { User } from "../types.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"
import { deleteIdentity, type IdentityRow, identitiesOf, identityOf, insertIdentity, noteUsed } from "./store.ts"

/** Who somebody is elsewhere, as their issuer said. */
export interface Elsewhere {
  issuer: string
  issuerName: string
  slug: string
  subject: string
  email: string | null
}

/**
 * Connects, or notes the use of what is connected already.
 * @param isTold false where the account is made in this moment, and nobody has to be warned
 * @throws AppError conflict when somebody else here has it, or there are too many
 */
export function linkIn(core: Core, tx: Tx, user: User, elsewhere: Elsewhere, isTold = true): void {
  const { issuer, issuerName, slug, subject, email } = elsewhere
  const known = identityOf(tx, issuer, subject)
  if (known && known.userId !== user.id)
    throw new AppError("conflict", `That ${issuerName} account opens another account here. Disconnect it there first.`)
  if (known) {
    noteUsed(tx, known.id, email)
    return
  }
  const isFull = identitiesOf(tx, user.id).length >= L.connectionsMax
  ensure(!isFull, "conflict", `This account has ${L.connectionsMax} connections. Remove one first.`)
  insertIdentity(tx, { publicId: core.ids.next("ext"), userId: user.id, issuer, subject, email })
  auditIn(tx, { action: "connection.added", subject: user.publicId, after: { issuer: slug, name: issuerName } })
  if (!isTold) return
  core.mails.queueIn(tx, connectionAdded, { to: user.email, data: { issuer: issuerName }, uselessAfterMs: null })
}

export function unlinkIn(core: Core, tx: Tx, user: User, row: IdentityRow, issuerName: string): void {
  deleteIdentity(tx, row.id)
  auditIn(tx, { action: "connection.removed", subject: user.publicId, before: { name: issuerName } })
  core.mails.queueIn(tx, connectionRemoved, { to: user.email, data: { issuer: issuerName }, uselessAfterMs: null })
}

// What of elsewhere opens an account, and how one of them is taken away: never the last way in.
import { AppError, ensure } from "../../app/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { hasPasskeys } from "../passkeys/store.ts"
import { accountById } from "../store/users.ts"
import { requireActiveIn } from "../users.ts"
import { unlinkIn } from "./link.ts"
import { type IdentityRow, identitiesOf, issuerRows } from "./store.ts"
import type { Connection } from "./types.ts"

/** @see FederationVerbs.connectionsOf */
export function connectionsOf(reader: Reader, userId: number): Connection[] {
  const known = new Map(issuerRows(reader).map((row) => [row.issuer, row]))
  return identitiesOf(reader, userId).map((row) => {
    const issuer = known.get(row.issuer)
    return {
      publicId: row.publicId,
      name: issuer?.name ?? new URL(row.issuer).host,
      slug: issuer?.active === 1 ? issuer.slug : null,
      preset: issuer?.preset ?? "oidc",
      email: row.email,
      linkedMs: row.linkedMs,
      usedMs: row.usedMs,
    }
  })
}

/** Whether somebody could still sign in without this connection. */
function hasOtherWay(tx: Tx, userId: number, row: IdentityRow): boolean {
  if (accountById(tx, userId)?.passwordHash || hasPasskeys(tx, userId)) return true
  return connectionsOf(tx, userId).some(({ publicId, slug }) => publicId !== row.publicId && slug !== null)
}

/** @see FederationVerbs.disconnectIn */
export function disconnectIn(core: Core, tx: Tx, input: { userId: number; publicId: string }): Connection {
  const user = requireActiveIn(tx, input.userId)
  const row = identitiesOf(tx, user.id).find(({ publicId }) => publicId === input.publicId)
  const connection = connectionsOf(tx, user.id).find(({ publicId }) => publicId === input.publicId)
  ensure(row && connection, "not_found", "You have no such connection. Look at the list again.")
  if (!hasOtherWay(tx, user.id, row))
    throw new AppError("conflict", `${connection.name} is the only way into your account. Set a password first.`)
  unlinkIn(core, tx, user, row, connection.name)
  return connection
}

// The end of an account is the end of its permissions: their apps' endpoints are told, each once, before the rows go.
import type { ClientId } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { emitIn } from "../webhooks/index.ts"

interface Standing {
  id: number
  permission: string
  clientId: ClientId
  client: string
  mode: "live" | "test"
}

/** @returns how many ended, at most `rows` */
export function endPermissions(tx: Tx, userId: number, user: string, rows: number): number {
  const standing = tx.all<Standing>(
    `SELECT n.id, n.public_id AS permission, c.id AS clientId, c.public_id AS client, c.mode
     FROM oauth_consents n JOIN oauth_clients c ON c.id = n.client_id
     WHERE n.user_id = ? AND n.revoked_ms IS NULL LIMIT ?`,
    userId,
    rows,
  )
  for (const { id, permission, clientId, client, mode } of standing) {
    tx.run("UPDATE oauth_consents SET revoked_ms = ? WHERE id = ?", tx.now, id)
    const app = { id: clientId, publicId: client, mode }
    const data = { permission, user, by: "account_deleted" } as const
    emitIn(tx, { type: "permission.revoked", app, subject: permission, data })
  }
  return standing.length
}

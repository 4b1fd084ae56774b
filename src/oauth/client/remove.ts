// The end of clients that came by themselves: an admin's, their own (RFC 7592), or because nobody wants them. What somebody used keeps
// its row and name, for what was charged through it; nobody can come in by it again.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { forgetAppIn } from "../../webhooks/index.ts"
import { emitEndedIn } from "../consent/emit.ts"
import { type Core, rememberRevoked } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import { endGrants } from "../token/store.ts"
import type { Client } from "../types.ts"
import * as rows from "./store.ts"
import * as origins from "./store-origins.ts"
import { forgetIn, summary } from "./verbs.ts"

export function removeClientIn(core: Core, tx: Tx, { clientPublicId }: { clientPublicId: string }): void {
  const client = rows.clientByPublicId(tx, clientPublicId)
  if (!client || client.removedMs !== null) throw new AppError("not_found", "There is no such app.")
  ensure(
    client.source === "document" || client.source === "registration",
    "conflict",
    "Only apps that came by themselves are removed. Suspend this one.",
  )
  removeIn(core, tx, client)
}

function removeIn(core: Core, tx: Tx, client: Client): void {
  if (!origins.wasEverUsed(tx, client.id)) {
    origins.deleteClient(tx, client.id)
    auditIn(tx, { action: "client.removed", subject: client.publicId, before: summary(client) })
    // Another one may get its number.
    tx.afterCommit(() => {
      core.revoked.clients.delete(client.id)
      core.revoked.epochs.delete(client.id)
    })
    return
  }
  endIn(core, tx, client)
}

/** For good: what people allowed and every way in end, its row and name stay. */
export function endIn(core: Core, tx: Tx, client: Client): void {
  const grants = origins.activeGrantsOfClient(tx, client.id)
  endGrants(tx, grants, "client_removed")
  rememberRevoked(core, tx, grants)
  endConsentsIn(core, tx, client)
  forgetIn(core, tx, client, "removed")
  origins.markRemoved(tx, client.id)
  forgetAppIn(tx, client.id)
  auditIn(tx, { action: "client.removed", subject: client.publicId, before: summary(client) })
}

/** What people allowed, each told once to the app's endpoints. @returns how many, at most `rowsMax` */
export function endConsentsIn(core: Core, tx: Tx, client: Client, rowsMax = Number.MAX_SAFE_INTEGER): number {
  const standing = origins.consentsStanding(tx, client.id, rowsMax)
  for (const { id, publicId, userId } of standing) {
    origins.endConsent(tx, id)
    emitEndedIn(core, tx, { publicId, userId, clientId: client.id }, "app_deleted")
  }
  return standing.length
}

/** Those that nobody allowed within a day, and those that nobody is signed in to for months. @returns how many */
export function sweepClientsIn(core: Core, tx: Tx, rowsMax: number): number {
  const beforeMs = tx.now - OAUTH_LIMITS.unusedClientMs
  const unused = origins.unusedClients(tx, { beforeMs, kind: "any", rowsMax })
  for (const id of unused) origins.deleteClient(tx, id)
  const idle = origins.idleClients(tx, tx.now - OAUTH_LIMITS.idleClientMs, tx.now, rowsMax - unused.length)
  for (const publicId of idle) removeIn(core, tx, rows.clientByPublicId(tx, publicId)!)
  return unused.length + idle.length
}

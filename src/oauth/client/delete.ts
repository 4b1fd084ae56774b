// The end of an app that its developer deletes: closed at once, brought back within a week, then gone for good. Its row and name stay, for what
// was charged through it, and so that no other app ever gets its number, by which its keys are found.
import { ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx } from "../../store/index.ts"
import { isTellingIn } from "../../webhooks/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { OwnerFilter } from "../types.ts"
import { endConsentsIn, endIn } from "./remove.ts"
import { clientByPublicId, endedClients, saveEnd } from "./store.ts"
import { forgetIn, ownedIn, summary } from "./verbs.ts"

/** Read by whoever looks at the app, admins included. */
const DELETED = "Deleted by its developer"

interface Which {
  ownerId: OwnerFilter
  clientPublicId: string
}

/** @returns when it goes for good */
export function deleteClientIn(core: Core, tx: Tx, { ownerId, clientPublicId }: Which): number {
  const client = ownedIn(tx, ownerId, clientPublicId)
  ensure(client.ownerId !== null, "forbidden", "An app of this server is not deleted.")
  ensure(client.endsMs === null && client.removedMs === null, "conflict", "This app is deleted already.")
  // Who deletes what an admin suspended would open it again by bringing it back.
  ensure(client.suspendedMs === null, "conflict", "This app is suspended. Ask the people who run this service.")
  const endsMs = tx.now + OAUTH_LIMITS.deletedKeptMs
  forgetIn(core, tx, client, DELETED)
  saveEnd(tx, client.id, endsMs)
  auditIn(tx, { action: "client.deleted", subject: client.publicId, before: summary(client), after: { endsMs } })
  return endsMs
}

/** People sign in again; what they allowed, its secrets and its keys are as they were. */
export function restoreClientIn(core: Core, tx: Tx, { ownerId, clientPublicId }: Which): void {
  const client = ownedIn(tx, ownerId, clientPublicId)
  const { endsMs, removedMs } = client
  ensure(endsMs !== null && tx.now < endsMs && removedMs === null, "conflict", "This app cannot be brought back.")
  forgetIn(core, tx, client, null)
  saveEnd(tx, client.id, null)
  auditIn(tx, { action: "client.restored", subject: client.publicId })
}

/**
 * Those whose week is over: what people allowed ends a slice at a time, and its endpoints are told; when they have heard of all of it, or never
 * will, the rest goes. @returns how many rows it took
 */
export function endDeletedIn(core: Core, tx: Tx, rowsMax: number): number {
  let left = rowsMax
  for (const publicId of endedClients(tx, tx.now, rowsMax)) {
    if (left <= 0) break
    const client = clientByPublicId(tx, publicId)!
    left -= endConsentsIn(core, tx, client, left)
    const isHeard = !isTellingIn(tx, client.id) || tx.now >= client.endsMs! + OAUTH_LIMITS.endedToldMs
    if (left <= 0 || !isHeard) continue
    endIn(core, tx, client)
    left -= 1
  }
  return rowsMax - left
}

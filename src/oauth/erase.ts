// The end of whoever made apps: each goes as one that its developer deleted, so that nobody's permission, token or endpoint outlives who answered
// for it. In memory too: a token that was verified before would count until the next start otherwise.
import type { UserId } from "../app/index.ts"
import { takeSteps } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { endConsentsIn, endIn } from "./client/remove.ts"
import { clientsStandingOf } from "./client/store.ts"
import { forgetIn } from "./client/verbs.ts"
import type { Core } from "./core.ts"
import { eraseApps, GONE_REASON } from "./store-personal.ts"

/** A slice of it. @returns how many rows it took */
export const eraseAppsIn = (
  core: Core,
  tx: Tx,
  { id, publicId }: { id: UserId; publicId: string },
  rows: number,
): number => takeSteps(rows, [(left) => endAppsIn(core, tx, id, left), (left) => eraseApps(tx, id, publicId, left)])

function endAppsIn(core: Core, tx: Tx, ownerId: UserId, rows: number): number {
  let left = rows
  for (const client of clientsStandingOf(tx, ownerId)) {
    // Closed before its people are gone through, who may be many.
    if (client.suspendedReason !== GONE_REASON) forgetIn(core, tx, client, GONE_REASON)
    left -= endConsentsIn(core, tx, client, left)
    if (left <= 0) return rows
    endIn(core, tx, client)
    left -= 1
  }
  return rows - left
}

// Erasing, a slice a write: calls are forgotten place by place, then every domain takes its rows, in the end the person's row says
// nothing. Each slice can be the last of a process: the next one goes on where it stopped.
import { eachAlone, RowsFailed, type UserId } from "../app/index.ts"
import { AUDIT_NAMING } from "../audit/index.ts"
import { principal } from "../ledger/index.ts"
import type { Naming } from "../part/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { askErasureIn } from "./ask.ts"
import { PRIVACY_LIMITS as L } from "./limits.ts"
import type { ErasedList } from "./list.ts"
import { erasedLetter, leavingSoon } from "./mails.ts"
import {
  dueErasures,
  type ErasureRow,
  erasureOf,
  insertErasure,
  markDone,
  markErasing,
  markWarned,
  noteCleared,
  putOff,
  toWarn,
} from "./store.ts"
import type { PrivacyDeps } from "./types.ts"

export const CTX: WriteContext = {
  actor: "system:erase-people",
  requestId: "job_erase-people",
  reason: "the day that was said has come",
}

const MODES = ["live", "test"] as const

/** Of the person whose rows are going now: where their words stand. */
export interface Found {
  naming: (Naming & { userId: UserId }) | null
}

/** @see Privacy.eraseNext */
export async function eraseNext(deps: PrivacyDeps, list: ErasedList, found: Found): Promise<boolean> {
  const { store, clock } = deps
  await warn(deps)
  const due = dueErasures(store.read, clock.now(), L.lookedAt)
  const failures: { row: unknown; error: unknown }[] = []
  for (const row of due)
    try {
      if (await stepOf(deps, list, found, row)) return true
    } catch (error) {
      failures.push({ row: row.userId, error })
    }
  if (failures.length > 0) throw new RowsFailed(failures, due.length)
  return false
}

/** @returns false = it waits for calls that run */
async function stepOf(deps: PrivacyDeps, list: ErasedList, found: Found, row: ErasureRow): Promise<boolean> {
  if (row.state === "asked") return begin(deps, list, row)
  if (MODES.some((mode) => deps.ledger.holdsOf(principal(row.userId), mode).length > 0)) return false
  const naming = await namingOf(deps, found, row.userId)
  await deps.store.write(CTX, (tx) => sliceIn(deps, tx, row.userId, naming))
  return true
}

/** Sought once for a person, who takes many slices. @returns undefined = they are gone */
async function namingOf({ store, identity, exports }: PrivacyDeps, found: Found, userId: UserId) {
  if (found.naming?.userId === userId) return found.naming
  const user = await store.write(CTX, (tx) => identity.closedIn(tx, userId))
  if (!user) return undefined
  const { publicId, email, name } = user
  found.naming = { userId, ...(await exports.ask<Naming>(AUDIT_NAMING, { publicId, email, name })) }
  return found.naming
}

/** @see Privacy.endTestUsers */
export async function endTestUsers(deps: PrivacyDeps): Promise<void> {
  const due = deps.identity.testUsersDue(deps.clock.now())
  if (due.length === 0) return
  await deps.store.write({ ...CTX, reason: "the time of a test user is over" }, (tx) => {
    for (const userId of due) if (!erasureOf(tx, userId)) askErasureIn(deps, tx, { userId, by: "list", atOnce: true })
  })
}

/** The mail before it. */
async function warn({ store, clock, identity, mails }: PrivacyDeps): Promise<void> {
  const due = toWarn(store.read, clock.now(), L.warnMs)
  if (due.length === 0) return
  await store.write(CTX, (tx) => {
    for (const { userId, dueMs } of due) {
      markWarned(tx, userId)
      const user = identity.userById(userId)
      if (user) mails.queueIn(tx, leavingSoon, { to: user.email, data: { dueMs }, uselessAfterMs: dueMs })
    }
  })
}

/** What keeps them here may have come since. The list knows of it before the first row goes. */
async function begin(deps: PrivacyDeps, list: ErasedList, { userId }: ErasureRow): Promise<boolean> {
  const { store, identity, lifecycle } = deps
  const user = identity.userById(userId)
  if (user && lifecycle.leaving(user).first.length > 0) {
    await store.write(CTX, (tx) => putOff(tx, userId, tx.now + L.againMs))
    return true
  }
  if (user) await list.add(user.publicId)
  await store.write(CTX, (tx) => {
    if (markErasing(tx, userId) > 0) closeIn(deps, tx, userId)
  })
  return true
}

/** Nobody comes in any more, and what would hold credits for hours without them is let go. */
function closeIn({ identity, lifecycle }: PrivacyDeps, tx: Tx, userId: UserId): void {
  const user = identity.userById(userId)
  identity.closeIn(tx, userId)
  if (user) lifecycle.tellIn(tx, "closed", { id: userId, publicId: user.publicId })
}

function sliceIn(
  { identity, lifecycle, ledger, mails }: PrivacyDeps,
  tx: Tx,
  userId: UserId,
  naming: Naming | undefined,
): void {
  const row = erasureOf(tx, userId)
  const user = identity.closedIn(tx, userId)
  if (row?.state !== "erasing" || !user) return
  const cleared = ledger.clearNextIn(tx, { owner: principal(userId), after: row.cleared, places: L.clearCharges })
  noteCleared(tx, userId, cleared.through)
  if (cleared.more) return
  const { id, publicId, email, name } = user
  if (lifecycle.eraseIn(tx, { id, publicId, email, name, ...(naming && { naming }) }, L.eraseRows)) return
  identity.tombstoneIn(tx, userId)
  markDone(tx, userId)
  mails.queueIn(tx, erasedLetter, { to: email, data: null, uselessAfterMs: tx.now + L.mailMs })
}

/** @see Privacy.eraseAgain */
export async function eraseAgain(deps: PrivacyDeps, list: ErasedList): Promise<number> {
  const { store, identity } = deps
  const back = [...(await list.all())].flatMap((publicId) => {
    const id = identity.knownId(publicId)
    const row = id === null ? null : erasureOf(store.read, id)
    return id === null || row?.state === "erasing" || row?.state === "done" ? [] : [id]
  })
  await eachAlone(
    back,
    (userId) => userId,
    (userId) =>
      store.write({ ...CTX, reason: "a backup brought back who was erased" }, (tx) => {
        insertErasure(tx, { userId, state: "erasing", askedBy: "list", dueMs: tx.now })
        closeIn(deps, tx, userId)
      }),
  )
  return back.length
}

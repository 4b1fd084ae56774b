// The door of `privacy`: a copy of everything about a person, and the end of it. It knows no table of others: every domain declares its
// own (`Personal`) and takes its own rows (`Lifecycle.erased`).
import { askErasureIn, keepIn } from "./ask.ts"
import { askCopyIn, copyOf, fileOf, makeCopy, nextCopyMs, sweepCopies } from "./copy.ts"
import { endTestUsers, eraseAgain, eraseNext, type Found } from "./erase.ts"
import { ErasedList } from "./list.ts"
import { GRACE_DAYS } from "./settings.ts"
import { erasureOf } from "./store.ts"
import type { Privacy, PrivacyDeps } from "./types.ts"

export { privacyPart } from "./part.ts"
export { GRACE_DAYS } from "./settings.ts"
export type * from "./types.ts"
export { personStreams } from "./zip.ts"

export function createPrivacy(deps: PrivacyDeps): Privacy {
  const { store, identity, lifecycle, settings } = deps
  const list = new ErasedList(deps.dataDir, deps.replica, deps.log)
  const found: Found = { naming: null }
  return {
    copyOf: (userId) => copyOf(deps, userId),
    nextCopyMs: (userId) => nextCopyMs(deps, userId),
    askCopyIn: (tx, userId) => askCopyIn(deps, tx, userId),
    fileOf: (userId, publicId) => fileOf(deps, userId, publicId),
    makeCopy: (signal) => makeCopy(deps, signal),
    sweepCopies: () => sweepCopies(deps),

    leaving(userId) {
      const user = identity.userById(userId)
      return user ? lifecycle.leaving(user) : { ends: [], first: [] }
    },
    erasureOf: (userId) => erasureOf(store.read, userId),
    graceDays: () => settings.get(GRACE_DAYS),
    askErasureIn: (tx, input) => askErasureIn(deps, tx, input),
    keepIn: (tx, userId) => keepIn(deps, tx, userId),
    leavesMs(userId) {
      const row = erasureOf(store.read, userId)
      return row?.state === "asked" ? row.dueMs : null
    },
    endTestUsers: () => endTestUsers(deps),
    eraseNext: () => eraseNext(deps, list, found),
    eraseAgain: () => eraseAgain(deps, list),
  }
}

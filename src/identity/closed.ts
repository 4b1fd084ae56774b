// The end of an account, as far as identity goes: first nobody enters any more, in the end its row says nothing. What lies between, and
// when, is `privacy`'s; a public id is never given to anybody else (OIDC `sub`).
import type { UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import type { Core } from "./core.ts"
import { endSessionsIn } from "./sessions.ts"
import { voidLoginLinks } from "./store/login-links.ts"
import { voidResets } from "./store/resets.ts"
import { setAdmin, setStatus, setTombstone, userById } from "./store/users.ts"
import type { User } from "./types.ts"
import { refuseLastAdmin } from "./users.ts"

/** Part of Identity. */
export interface ClosingVerbs {
  /**
   * Nobody enters as this person any more, for good: sessions end, the lifecycle is told of it like of a suspension. What is theirs is
   * still there. Twice changes nothing. @throws AppError conflict (last admin)
   */
  closeIn(tx: Tx, userId: UserId): void
  /** The row of a person who is closed, with their address while it is known; null = nobody is closed under this number. */
  closedIn(tx: Tx, userId: UserId): User | null
  /** The last of it: the row keeps its number and its public id, without a word of the person. */
  tombstoneIn(tx: Tx, userId: UserId): void
  /** Whoever has this public id, erased or not. */
  knownId(publicId: string): UserId | null
}

/** @see Identity.closeIn */
export function closeIn(core: Core, tx: Tx, userId: number): void {
  const user = userById(tx, userId)
  if (!user || user.status === "deleted") return
  refuseLastAdmin(tx, user)
  if (user.isAdmin) setAdmin(tx, user.id, false)
  setStatus(tx, user.id, "deleted", "erased")
  voidResets(tx, user.email)
  voidLoginLinks(tx, user.id)
  endSessionsIn(core, tx, { person: user, reason: "deleted", act: "suspended" })
  auditIn(tx, { action: "user.closed", subject: user.publicId })
  tx.afterCommit(() => core.notActive.add(user.id))
}

/** @see Identity.closedIn */
export function closedIn(tx: Tx, userId: number): User | null {
  const user = userById(tx, userId)
  return user?.status === "deleted" ? user : null
}

/** @see Identity.tombstoneIn */
export function tombstoneIn(tx: Tx, userId: number): void {
  const user = closedIn(tx, userId)
  if (!user) return
  setTombstone(tx, user.id)
  auditIn(tx, { action: "user.erased", subject: user.publicId })
}

// The end of an account, as far as identity goes: first nobody enters any more, in the end its row says nothing. What lies between, and
// when, is `privacy`'s; a public id is never given to anybody else (OIDC `sub`).
import type { UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { NotPromise, Tx, WriteContext } from "../store/index.ts"
import type { Core } from "./core.ts"
import { provePassword, refused, signedOut } from "./password.ts"
import { revokeSessionsIn } from "./sessions.ts"
import { voidLoginLinks } from "./store/login-links.ts"
import { voidResets } from "./store/resets.ts"
import { accountById, setAdmin, setStatus, setTombstone, userById } from "./store/users.ts"
import { forgiveIn } from "./throttle.ts"
import type { User, Visitor } from "./types.ts"
import { refuseLastAdmin, requireActiveIn } from "./users.ts"

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

/** Does something as a person who proves their password once more; a wrong one is counted like a login. */
export async function asPerson<T>(
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  { userId, current }: { userId: number; current: string },
  act: (tx: Tx, user: User) => NotPromise<T>,
): Promise<T> {
  const account = accountById(core.store.read, userId)
  if (!account) throw signedOut()
  if (current === "") throw refused({ current: "Enter your password." })
  return core.hasher.withSlot(async (slot) => {
    const asks = await provePassword(core, slot, { ctx, visitor, account, current })
    return core.store.write(ctx, (tx) => {
      // Read again: the password it was proved with may be gone since.
      if (accountById(tx, userId)?.passwordHash !== account.passwordHash) throw signedOut()
      const user = requireActiveIn(tx, userId)
      forgiveIn(tx, asks)
      return act(tx, user)
    })
  })
}

/** @see Identity.closeIn */
export function closeIn(core: Core, tx: Tx, userId: number): void {
  const user = userById(tx, userId)
  if (!user || user.status === "deleted") return
  refuseLastAdmin(tx, user)
  if (user.isAdmin) setAdmin(tx, user.id, false)
  setStatus(tx, user.id, "deleted", "erased")
  revokeSessionsIn(tx, { userId: user.id, reason: "deleted" })
  voidResets(tx, user.email)
  voidLoginLinks(tx, user.id)
  core.lifecycle.tellIn(tx, "suspended", user)
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

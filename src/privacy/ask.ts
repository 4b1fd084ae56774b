// Asking to go, and staying after all. While something keeps a person here (money on its way, apps that others use) they are told what.
import { AppError, DAY_MS, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { PRIVACY_LIMITS as L } from "./limits.ts"
import { leavingAsked, leavingKept } from "./mails.ts"
import { GRACE_DAYS } from "./settings.ts"
import { deleteErasure, erasureOf, insertErasure } from "./store.ts"
import type { AskedBy, Erasure, PrivacyDeps } from "./types.ts"

type Deps = Pick<PrivacyDeps, "identity" | "lifecycle" | "settings" | "mails">

/** @see Privacy.askErasureIn */
export function askErasureIn(
  { identity, lifecycle, settings, mails }: Deps,
  tx: Tx,
  { userId, by, atOnce = false }: { userId: UserId; by: AskedBy; atOnce?: boolean },
): Erasure {
  const user = identity.userById(userId)
  if (!user) throw new AppError("not_found", "There is no such user.")
  const before = erasureOf(tx, userId)
  if (before && (before.state !== "asked" || !atOnce)) return before
  const [first] = lifecycle.leaving(user).first
  if (first) throw new AppError("conflict", first.text)
  const dueMs = tx.now + (atOnce ? 0 : settings.get(GRACE_DAYS, tx) * DAY_MS)
  insertErasure(tx, { userId, state: "asked", askedBy: by, dueMs })
  auditIn(tx, { action: "user.leaving", subject: user.publicId, after: { due: new Date(dueMs).toISOString() } })
  mails.queueIn(tx, leavingAsked, {
    to: user.email,
    data: { dueMs, byAdmin: by === "admin" },
    uselessAfterMs: tx.now + L.mailMs,
  })
  return erasureOf(tx, userId)!
}

/** @see Privacy.keepIn */
export function keepIn({ identity, mails }: Deps, tx: Tx, userId: UserId): void {
  const user = identity.userById(userId)
  const erasure = erasureOf(tx, userId)
  if (!erasure || erasure.state === "done") return
  if (!user || deleteErasure(tx, userId) === 0)
    throw new AppError("conflict", "It has begun: this account can no longer be kept.")
  auditIn(tx, { action: "user.kept", subject: user.publicId })
  mails.queueIn(tx, leavingKept, { to: user.email, data: null, uselessAfterMs: tx.now + L.mailMs })
}

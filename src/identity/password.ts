// A new password: by a mailed link that only a form uses up, or by the person who knows the old one. Known and unknown
// addresses take the same steps. OWASP Forgot Password and Session Management cheat sheets; research on link scanners.
import { AppError, randomSecret, sha256Hex } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { browserHashOf, type Core, visitorCtx } from "./core.ts"
import type { Slot } from "./hasher.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { passwordChanged, passwordSet, resetLink } from "./mails.ts"
import { ADDRESS_WORDS, mayReset, normaliseEmail, normalisePassword, passwordProblem } from "./rules.ts"
import { endSessionsIn, livingOfIn, startSessionIn } from "./sessions.ts"

import { insertReset, openReset, takeReset, voidResets } from "./store/resets.ts"
import { type Account, accountByEmail, accountById, setPasswordHash } from "./store/users.ts"
import { countResetIn, countTryIn, forgiveDeviceIn, type LoginAsks, loginAsks } from "./throttle.ts"
import type { StartedSession, User, Visitor } from "./types.ts"
import { requireActiveIn } from "./users.ts"

/** Links hold 256 random bits; anything else is not even hashed. */
const hashOf = (token: string): string | null => (/^[\w-]{43}$/.test(token) ? sha256Hex(token) : null)

/** @see Identity.requestPasswordReset */
export async function requestPasswordReset(
  core: Core,
  visitor: Visitor,
  input: { email: string; carry?: string | undefined },
): Promise<void> {
  const email = normaliseEmail(input.email)
  if (!email) throw refused({ email: ADDRESS_WORDS })
  await core.store.write(visitorCtx(visitor, "ask for a reset link"), (tx) => {
    const userId = accountByEmail(tx, email)?.user.id ?? null
    if (!countResetIn(core, tx, visitor, { email, userId })) return
    const token = randomSecret()
    const expiresMs = tx.now + L.resetLinkMs
    insertReset(tx, { tokenHash: sha256Hex(token), email, expiresMs })
    const query = new URLSearchParams({ token, ...(input.carry ? { interaction: input.carry } : {}) })
    // In the query, not the path: paths are logged.
    const link = `${core.baseUrl}/reset-password?${query}`
    core.mails.queueIn(tx, resetLink, { to: email, data: { link }, uselessAfterMs: expiresMs })
  })
}

/** @see Identity.passwordResetOf */
export function passwordResetOf(core: Core, token: string): { email: string; expiresMs: number } | null {
  const tokenHash = hashOf(token)
  const open = tokenHash ? openReset(core.store.read, tokenHash, core.clock.now()) : null
  return open && mayReset(accountByEmail(core.store.read, open.email)) ? open : null
}

/** @see Identity.resetPassword */
export async function resetPassword(
  core: Core,
  visitor: Visitor,
  input: { token: string; password: string },
): Promise<void> {
  // Asked again inside the body; here it spares the hash, so that forged tokens cost nothing.
  const open = passwordResetOf(core, input.token)
  if (!open) throw closed()
  const problem = passwordProblem(input.password, open.email)
  if (problem) throw refused({ password: problem })
  const passwordHash = await core.hasher.withSlot((slot) => slot.hash(normalisePassword(input.password)))
  await core.store.write(visitorCtx(visitor, "reset a password"), (tx) => {
    if (!takeReset(tx, hashOf(input.token)!, browserHashOf(core, visitor))) throw closed()
    const account = accountByEmail(tx, open.email)
    if (!account?.user.emailVerified) throw closed()
    const user = requireActiveIn(tx, account.user.id)
    setNewIn(core, tx, { user, passwordHash, action: "user.password_reset" })
    // The link made this a known browser, which strangers' guesses do not lock out; its own wrong ones are forgotten.
    forgiveDeviceIn(core, tx, { email: user.email, visitor })
  })
}

/** @see Identity.changePassword */
export async function changePassword(
  core: Core,
  visitor: Visitor,
  input: { userId: number; password: string },
): Promise<StartedSession> {
  const account = accountById(core.store.read, input.userId)
  if (!account) throw signedOut()
  const problem = passwordProblem(input.password, account.user.email)
  if (problem) throw refused({ password: problem })
  const passwordHash = await core.hasher.withSlot((slot) => slot.hash(normalisePassword(input.password)))
  const ctx = { ...visitorCtx(visitor, "change a password"), actor: `user:${account.user.publicId}` }
  return await core.store.write(ctx, (tx) => {
    const living = livingOfIn(core, tx, visitor, input.userId)
    // Read again: of two changes at once, the second was asked for by who knew a password that is gone.
    const isSame = accountById(tx, input.userId)?.passwordHash === account.passwordHash
    if (!living || !isSame) throw signedOut()
    setNewIn(core, tx, {
      user: living.user,
      passwordHash,
      action: "user.password_changed",
      exceptSessionId: living.row.id,
    })
    const { user, row } = living
    const { amr } = row
    return startSessionIn(core, tx, { user, visitor, kind: "auth", parent: null, amr, authTimeMs: tx.now, proof: row })
  })
}

/** @see Identity.setFirstPassword. Nothing was obtained with a password before, so nothing ends. */
export async function setFirstPassword(
  core: Core,
  visitor: Visitor,
  input: { userId: number; password: string },
): Promise<void> {
  const account = accountById(core.store.read, input.userId)
  if (!account) throw signedOut()
  const problem = passwordProblem(input.password, account.user.email)
  if (problem) throw refused({ password: problem })
  const passwordHash = await core.hasher.withSlot((slot) => slot.hash(normalisePassword(input.password)))
  const ctx = { ...visitorCtx(visitor, "set a first password"), actor: `user:${account.user.publicId}` }
  await core.store.write(ctx, (tx) => {
    if (!livingOfIn(core, tx, visitor, input.userId)) throw signedOut()
    const now = accountById(tx, input.userId)
    if (now?.passwordHash !== null)
      throw new AppError("conflict", "You have a password already. Change it in your settings.")
    setPasswordHash(tx, input.userId, passwordHash)
    voidResets(tx, now.user.email)
    auditIn(tx, { action: "user.password_changed", subject: now.user.publicId })
    core.mails.queueIn(tx, passwordSet, { to: now.user.email, data: null, uselessAfterMs: null })
  })
}

/**
 * Whether the person behind a session knows their password. A guess is counted like a login; the caller forgives it (`forgiveIn`) in
 * the body of what the proof was for.
 * @throws AppError validation_failed (formErrors current), rate_limit_exceeded
 */
export async function provePassword(
  core: Core,
  slot: Slot,
  proof: { ctx: WriteContext; visitor: Visitor; account: Account; current: string },
): Promise<LoginAsks> {
  const { ctx, visitor, account } = proof
  const asks = await core.store.write(ctx, (tx) => {
    const found = loginAsks(core, tx, { email: account.user.email, userId: account.user.id, visitor, nowMs: tx.now })
    countTryIn(tx, found)
    return found
  })
  const current = normalisePassword(proof.current.slice(0, L.passwordCharsMax))
  if (await slot.verify(current, account.passwordHash)) return asks
  throw refused({ current: "This is not your current password. Check it and try again." })
}

interface NewPassword {
  user: User
  passwordHash: string
  action: "user.password_reset" | "user.password_changed"
  /** The one in which it was changed. */
  exceptSessionId?: number
}

/** What every new password brings with it: no other session, no open link, no app's token of the old one, a notice to the owner. */
export function setNewIn(core: Core, tx: Tx, change: NewPassword): void {
  const { user, action } = change
  setPasswordHash(tx, user.id, change.passwordHash)
  voidResets(tx, user.email)
  endSessionsIn(core, tx, {
    person: user,
    exceptSessionId: change.exceptSessionId ?? 0,
    reason: action === "user.password_reset" ? "password_reset" : "password_changed",
    act: "passwordChanged",
  })
  auditIn(tx, { action, subject: user.publicId })
  core.mails.queueIn(tx, passwordChanged, { to: user.email, data: null, uselessAfterMs: null })
}

export const refused = (formErrors: Record<string, string>): AppError =>
  new AppError("validation_failed", "Check the marked fields.", { formErrors })

const closed = (): AppError =>
  new AppError("not_found", "This link was used or has expired. Ask for a new one: they work once, for 30 minutes.")

export const signedOut = (): AppError =>
  new AppError("unauthenticated", "You were signed out in the meantime. Sign in again, then try once more.")

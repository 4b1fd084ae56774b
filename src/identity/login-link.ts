// The rescue of an admin who cannot sign in: whoever can reach the server's console makes a one-time link for them. It signs in that
// person and nobody else, and lets them set a new password without the old one. It gives no role: `admin grant` does.
import { AppError, randomSecret, sha256Hex } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, WriteContext } from "../store/index.ts"
import { type Core, visitorCtx } from "./core.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { refused, setNewIn } from "./password.ts"
import { normaliseEmail, normalisePassword, passwordProblem } from "./rules.ts"
import { startSessionIn } from "./sessions.ts"
import { insertLoginLink, openLoginLink, takeLoginLink } from "./store/login-links.ts"
import { accountByEmail, accountById } from "./store/users.ts"
import type { StartedSession, User, Visitor } from "./types.ts"
import { requireActiveIn } from "./users.ts"

/** Links hold 256 random bits; anything else is not even hashed. */
const hashOf = (token: string): string | null => (/^[\w-]{43}$/.test(token) ? sha256Hex(token) : null)

/** @see Identity.createLoginLink */
export function createLoginLink(
  core: Core,
  ctx: WriteContext,
  email: string,
): Promise<{ url: string; expiresMs: number }> {
  const token = randomSecret()
  return core.store.write(ctx, (tx) => {
    const user = accountByEmail(tx, normaliseEmail(email) ?? "")?.user
    if (!user || user.status === "deleted") throw new AppError("not_found", `Nobody has the address ${email}.`)
    if (user.status !== "active") throw new AppError("conflict", `${user.email} is suspended.`)
    if (!user.isAdmin)
      throw new AppError("conflict", `${user.email} is no admin. First run: purser admin grant ${user.email}`)
    const expiresMs = tx.now + L.setupLinkMs
    insertLoginLink(tx, { tokenHash: sha256Hex(token), userId: user.id, expiresMs })
    auditIn(tx, { action: "login_link.created", subject: user.publicId })
    return { url: `${core.baseUrl}/login-link/${token}`, expiresMs }
  })
}

/** The admin whose open link this is. */
function ownerOf(reader: Reader, token: string, nowMs: number): User | null {
  const hash = hashOf(token)
  const link = hash && openLoginLink(reader, hash, nowMs)
  const user = link ? (accountById(reader, link.userId)?.user ?? null) : null
  return user?.isAdmin && user.status === "active" ? user : null
}

/** @see Identity.loginLinkOf */
export const loginLinkOf = (core: Core, token: string): { email: string } | null =>
  ownerOf(core.store.read, token, core.clock.now())

/** @see Identity.claimLoginLink */
export async function claimLoginLink(
  core: Core,
  visitor: Visitor,
  input: { token: string; password: string },
): Promise<StartedSession> {
  const open = ownerOf(core.store.read, input.token, core.clock.now())
  if (!open) throw closed()
  const problem = input.password === "" ? null : passwordProblem(input.password, open.email)
  if (problem) throw refused({ password: problem })
  const passwordHash =
    input.password === "" ? null : await core.hasher.withSlot((slot) => slot.hash(normalisePassword(input.password)))
  return core.store.write(visitorCtx(visitor, "use a login link"), (tx) => {
    const owner = ownerOf(tx, input.token, tx.now)
    if (!owner || !takeLoginLink(tx, hashOf(input.token)!)) throw closed()
    const user = requireActiveIn(tx, owner.id)
    auditIn(tx, { action: "login_link.used", subject: user.publicId })
    if (passwordHash !== null) setNewIn(core, tx, { user, passwordHash, action: "user.password_reset" })
    // RFC 8176: a one-time secret.
    return startSessionIn(core, tx, { user, visitor, kind: "auth", parent: null, amr: "otp", authTimeMs: tx.now })
  })
}

const closed = (): AppError =>
  new AppError(
    "not_found",
    "This link was used or has expired. Run “purser admin login-link” on the server for a new one.",
  )

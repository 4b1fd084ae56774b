// The sign-in link of a test user: made by its developer, used once, and only where nobody else would be taken for it: in a browser where
// nobody is signed in, its developer is, or other test users of theirs are. Opening it uses nothing up; the press on its page does.
import { AppError, ensure, HOUR_MS, randomSecret, sha256Hex, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, WriteContext } from "../../store/index.ts"
import { type Core, visitorCtx } from "../core.ts"
import { peopleIn, startSessionIn } from "../sessions.ts"
import { insertLoginLink, openLoginLink, takeLoginLink } from "../store/login-links.ts"
import { accountById } from "../store/users.ts"
import type { StartedSession, User, Visitor } from "../types.ts"
import { requireActiveIn } from "../users.ts"
import { TEST_USER_LIMITS as L } from "./limits.ts"
import { linksSince, testUserOf } from "./store.ts"
import type { TestUserLink } from "./types.ts"

/** Links hold 256 random bits; anything else is not even hashed. */
const hashOf = (token: string): string | null => (/^[\w-]{43}$/.test(token) ? sha256Hex(token) : null)

/** @see TestUserVerbs.makeTestUserLink */
export function makeLink(
  core: Core,
  ctx: WriteContext,
  { developerId, publicId }: { developerId: UserId; publicId: string },
): Promise<{ url: string; expiresMs: number }> {
  const token = randomSecret()
  return core.store.write(ctx, (tx) => {
    requireActiveIn(tx, developerId)
    const user = testUserOf(tx, developerId, publicId)
    ensure(user, "not_found", "You have no such test user.")
    if (linksSince(tx, developerId, tx.now - HOUR_MS) >= L.linksAnHour)
      throw new AppError("rate_limit_exceeded", `${L.linksAnHour} links can be made in an hour. Try again later.`)
    const expiresMs = tx.now + L.linkMs
    insertLoginLink(tx, { tokenHash: sha256Hex(token), userId: user.id, expiresMs })
    auditIn(tx, { action: "test_user.link_made", subject: publicId })
    return { url: `${core.baseUrl}/test-sign-in/${token}`, expiresMs }
  })
}

/** Whose open link this is; null for everybody who is no test user of an active developer. */
function openIn(reader: Reader, token: string, nowMs: number): { user: User; developerId: UserId } | null {
  const hash = hashOf(token)
  const link = hash === null ? null : openLoginLink(reader, hash, nowMs)
  const user = link && accountById(reader, link.userId)?.user
  if (user?.status !== "active" || user.testOf === null) return null
  const isKept = testUserOf(reader, user.testOf, user.publicId)!.endsMs > nowMs
  const developer = accountById(reader, user.testOf)?.user
  return isKept && developer?.status === "active" ? { user, developerId: developer.id } : null
}

/** @see TestUserVerbs.testUserLinkOf */
export function linkOf(core: Core, token: string): TestUserLink | null {
  const open = openIn(core.store.read, token, core.clock.now())
  if (!open) return null
  const { publicId, name, email } = open.user
  return { user: { publicId, name: name ?? email, email }, developerId: open.developerId }
}

/** @see TestUserVerbs.claimTestUserLink */
export const claimLink = (core: Core, visitor: Visitor, token: string): Promise<StartedSession> =>
  core.store.write(visitorCtx(visitor, "use the sign-in link of a test user"), (tx) => {
    const open = openIn(tx, token, tx.now)
    ensure(open, "not_found", "This link was used or has expired. Its developer can make another one.")
    const { user, developerId } = open
    const isStranger = peopleIn(core, tx, visitor).some((one) => one.id !== developerId && one.testOf !== developerId)
    if (isStranger)
      throw new AppError("conflict", "Somebody else is signed in here. Open the link in a private window.")
    if (!takeLoginLink(tx, hashOf(token)!)) throw new AppError("not_found", "This link was used already.")
    auditIn(tx, { action: "test_user.link_used", subject: user.publicId })
    // RFC 8176: a one-time secret.
    return startSessionIn(core, tx, { user, visitor, kind: "auth", parent: null, amr: "otp", authTimeMs: tx.now })
  })

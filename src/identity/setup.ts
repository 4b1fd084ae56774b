// The first admin: whoever can reach the server's console gets a one-time link, and the link makes an admin. Possession
// of the link counts as proof of the address. Of parallel claims one wins; the others change nothing.
import { AppError, randomSecret, sha256Hex } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { type Core, visitorCtx } from "./core.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { livingIn, startSessionIn } from "./sessions.ts"
import { insertSetupLink, openSetupLink, takeSetupLink } from "./store/guards.ts"
import type { SignUpInput, StartedSession, User, Visitor } from "./types.ts"
import { cleanSignUp, createUserIn, setAdminIn } from "./users.ts"

/** @see Identity.createSetupLink */
export function createSetupLink(
  core: Core,
  ctx: WriteContext,
): Promise<{ token: string; url: string; expiresMs: number }> {
  const token = randomSecret()
  return core.store.write(ctx, (tx) => {
    const expiresMs = tx.now + L.setupLinkMs
    insertSetupLink(tx, sha256Hex(token), expiresMs)
    auditIn(tx, { action: "setup.link_created", subject: "setup" })
    return { token, url: `${core.baseUrl}/setup/${token}`, expiresMs }
  })
}

/** @see Identity.isSetupLinkOpen */
export const isSetupLinkOpen = (core: Core, token: string): boolean =>
  openSetupLink(core.store.read, sha256Hex(token), core.clock.now()) !== null

/** @see Identity.claimSetup */
export async function claimSetup(
  core: Core,
  visitor: Visitor,
  input: SignUpInput & { token: string },
): Promise<StartedSession> {
  if (!isSetupLinkOpen(core, input.token)) throw closed()
  const { email, name, password } = cleanSignUp(core, input)
  const passwordHash = await core.hasher.withSlot((slot) => slot.hash(password))
  return core.store.write(visitorCtx(visitor, "claim the setup link"), (tx) => {
    // Before the account: whoever comes second must not learn whether an address has one.
    if (!openSetupLink(tx, sha256Hex(input.token), tx.now)) throw closed()
    const user = createUserIn(core, tx, { email, name, passwordHash, emailVerified: true })
    return claimIn(core, tx, visitor, { user, token: input.token, amr: "pwd", authTimeMs: tx.now })
  })
}

/** @see Identity.claimSetupSignedIn */
export function claimSetupSignedIn(core: Core, visitor: Visitor, input: { token: string }): Promise<StartedSession> {
  return core.store.write(visitorCtx(visitor, "claim the setup link"), (tx) => {
    const living = livingIn(core, tx, visitor)
    if (!living) throw new AppError("unauthenticated", "Sign in first, then open the link again.")
    const { user, row } = living
    return claimIn(core, tx, visitor, {
      user,
      token: input.token,
      amr: row.amr,
      authTimeMs: row.authTimeMs,
      proof: row,
    })
  })
}

/** Takes the link, gives the role, renews the session: a new privilege gets a new session id. */
function claimIn(
  core: Core,
  tx: Tx,
  visitor: Visitor,
  claim: {
    user: User
    token: string
    amr: string
    authTimeMs: number
    proof?: { provedMs: number; provedAmr: string }
  },
): StartedSession {
  if (!takeSetupLink(tx, sha256Hex(claim.token), claim.user.id)) throw closed()
  const user = setAdminIn(tx, { userId: claim.user.id, isAdmin: true })
  auditIn(tx, { action: "setup.claimed", subject: user.publicId })
  const { amr, authTimeMs, proof } = claim
  return startSessionIn(core, tx, {
    user,
    visitor,
    kind: "auth",
    parent: null,
    amr,
    authTimeMs,
    ...(proof ? { proof } : {}),
  })
}

const closed = (): AppError =>
  new AppError(
    "not_found",
    "This setup link was used or has expired. Run “purser setup-link” on the server for a new one.",
  )

// The emailed code proves the address: then, and only then, the account is made with what this browser typed.
import { AppError } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { readCode, tryCodeIn, type Wrong, wrongCode } from "./codes.ts"
import { browserHashOf, type Core, visitorCtx } from "./core.ts"
import { revokeSessionsIn, startSessionIn } from "./sessions.ts"
import type { CodeRow } from "./store/guards.ts"
import { accountByEmail, adoptUnverified } from "./store/users.ts"
import type { StartedSession, User, Visitor } from "./types.ts"
import { createUserIn, promoteConfiguredIn, requireActiveIn } from "./users.ts"

type Outcome = { is: "in"; started: StartedSession } | { is: "taken" } | Wrong

/** @see Identity.verifySignUp */
export async function verifySignUp(core: Core, visitor: Visitor, rawCode: string): Promise<StartedSession> {
  const code = readCode(rawCode)
  const outcome = await core.store.write(visitorCtx(visitor, "verify an email"), (tx): Outcome => {
    const tried = tryCodeIn(core, tx, { purpose: "signup", browserHash: browserHashOf(core, visitor), code })
    if (tried.is !== "right") return tried
    const user = provedIn(core, tx, tried.row)
    if (!user) return { is: "taken" }
    const start = { user, visitor, kind: "auth" as const, parent: null, amr: "pwd", authTimeMs: tx.now }
    return { is: "in", started: startSessionIn(core, tx, start) }
  })
  if (outcome.is === "in") return outcome.started
  if (outcome.is !== "taken") throw wrongCode(outcome)
  throw new AppError("conflict", "This address already has an account. Sign in instead.")
}

/** The account of a proved address; null when somebody verified it first and its password is not ours to change. */
function provedIn(core: Core, tx: Tx, row: CodeRow): User | null {
  const account = accountByEmail(tx, row.email)
  const { email, name, passwordHash } = row
  if (!account) return createUserIn(core, tx, { email, name, passwordHash, emailVerified: true })
  if (account.user.emailVerified) return null
  // Whoever made this account never proved the address: nothing of theirs may survive (pre-registration hijack).
  requireActiveIn(tx, account.user.id)
  adoptUnverified(tx, account.user.id, { name, passwordHash })
  revokeSessionsIn(tx, { userId: account.user.id, reason: "verified" })
  auditIn(tx, { action: "user.verified", subject: account.user.publicId })
  return promoteConfiguredIn(core, tx, requireActiveIn(tx, account.user.id))
}

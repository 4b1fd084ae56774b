// The emailed code proves the address: then, and only then, the account is made with what this browser typed.
// A wrong try is committed before it is refused, so that parallel guesses are counted exactly.
import { AppError, constantTimeEqual } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { codeHash } from "./codes.ts"
import { browserHashOf, type Kit, visitorCtx } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { normaliseCode } from "./rules.ts"
import { revokeSessionsIn, startSessionIn } from "./sessions.ts"
import { type CodeRow, codeOf, countTry, takeCode } from "./store/guards.ts"
import { accountByEmail, adoptUnverified } from "./store/users.ts"
import type { StartedSession, User, Visitor } from "./types.ts"
import { createUserIn, promoteConfiguredIn, requireActiveIn } from "./users.ts"

type Refused = { is: "expired" } | { is: "taken" } | { is: "wrong"; left: number }
type Outcome = { is: "in"; started: StartedSession } | Refused

/** @see Identity.verifySignUp */
export async function verifySignUp(kit: Kit, visitor: Visitor, rawCode: string): Promise<StartedSession> {
  const code = normaliseCode(rawCode)
  if (!/^\d{6}$/.test(code)) throw codeError("Enter the six digits from the mail.")
  const outcome = await kit.store.write(visitorCtx(visitor, "verify an email"), (tx): Outcome => {
    const browserHash = browserHashOf(kit, visitor)
    const row = codeOf(tx, "signup", browserHash)
    if (!row || tx.now >= row.expiresMs) return { is: "expired" }
    if (row.tries >= L.codeTriesMax) return { is: "wrong", left: 0 }
    const given = codeHash(kit, { purpose: "signup", browserHash, email: row.email, code })
    if (!constantTimeEqual(row.codeHash, given)) {
      countTry(tx, row.id)
      return { is: "wrong", left: L.codeTriesMax - row.tries - 1 }
    }
    takeCode(tx, row.id)
    const user = provedIn(kit, tx, row)
    if (!user) return { is: "taken" }
    const start = { user, visitor, kind: "auth" as const, parent: null, amr: "pwd", authTimeMs: tx.now }
    return { is: "in", started: startSessionIn(kit, tx, start) }
  })
  if (outcome.is === "in") return outcome.started
  throw refusal(outcome)
}

/** The account of a proved address; null when somebody verified it first and its password is not ours to change. */
function provedIn(kit: Kit, tx: Tx, row: CodeRow): User | null {
  const account = accountByEmail(tx, row.email)
  const { email, name, passwordHash } = row
  if (!account) return createUserIn(kit, tx, { email, name, passwordHash, emailVerified: true })
  if (account.user.emailVerified) return null
  // Whoever made this account never proved the address: nothing of theirs may survive (pre-registration hijack).
  requireActiveIn(tx, account.user.id)
  adoptUnverified(tx, account.user.id, { name, passwordHash })
  revokeSessionsIn(tx, { userId: account.user.id, reason: "verified" })
  auditIn(tx, { action: "user.verified", subject: account.user.publicId })
  return promoteConfiguredIn(kit, tx, requireActiveIn(tx, account.user.id))
}

const codeError = (words: string): AppError =>
  new AppError("validation_failed", words, { param: "code", formErrors: { code: words } })

function refusal(outcome: Refused): AppError {
  if (outcome.is === "taken") return new AppError("conflict", "This address already has an account. Sign in instead.")
  if (outcome.is === "expired") return codeError("This code has expired. Ask for a new one.")
  if (outcome.left === 0) return codeError("This code does not match and cannot be tried again. Ask for a new one.")
  return codeError(`This code does not match. ${outcome.left}\u00a0${outcome.left === 1 ? "try" : "tries"} left.`)
}

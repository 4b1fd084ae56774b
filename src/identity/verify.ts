// The emailed code proves the address: then, and only then, the account is made with what this browser typed. The same code sent
// again a moment later, by a second click, signs the same person in instead of asking for another code.
import { AppError } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { readCode, tryCodeIn, type Wrong, wrongCode } from "./codes.ts"
import { browserHashOf, type Core, visitorCtx } from "./core.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { endSessionsIn, livingIn, startSessionIn } from "./sessions.ts"
import type { CodeRow } from "./store/guards.ts"
import { accountByEmail, adoptUnverified } from "./store/users.ts"
import type { StartedSession, User, Visitor } from "./types.ts"
import { createUserIn, promoteConfiguredIn, requireActiveIn } from "./users.ts"

type Outcome = { is: "in"; started: StartedSession } | { is: "taken" } | Wrong

/** @see Identity.verifySignUp. The answer is repeated from memory: a restart in between costs a sign-in. */
export function createSignUpVerifier(core: Core): (visitor: Visitor, rawCode: string) => Promise<StartedSession> {
  /**
   * Browser and code → the session, while a second click may still come. Noted inside the body, because both clicks may end up in
   * one commit; a session that was ended, or that its body did not bring about, is none.
   */
  const answered = new Map<string, { started: StartedSession; untilMs: number }>()

  function enterIn(tx: Tx, visitor: Visitor, code: string): Outcome {
    const browserHash = browserHashOf(core, visitor)
    const key = `${browserHash} ${code}`
    for (const [each, { untilMs }] of answered) if (untilMs <= tx.now) answered.delete(each)
    const before = answered.get(key)?.started
    if (before && livingIn(core, tx, { previousToken: before.token })) return { is: "in", started: before }
    const tried = tryCodeIn(core, tx, { purpose: "signup", browserHash, code })
    if (tried.is !== "right") return tried
    const user = provedIn(core, tx, tried.row)
    if (!user) return { is: "taken" }
    const started = startSessionIn(core, tx, {
      user,
      visitor,
      kind: "auth",
      parent: null,
      amr: "pwd",
      authTimeMs: tx.now,
    })
    answered.set(key, { started, untilMs: tx.now + L.codeRepeatMs })
    return { is: "in", started }
  }

  return async (visitor, rawCode) => {
    const code = readCode(rawCode)
    const outcome = await core.store.write(visitorCtx(visitor, "verify an email"), (tx) => enterIn(tx, visitor, code))
    if (outcome.is === "in") return outcome.started
    if (outcome.is !== "taken") throw wrongCode(outcome)
    throw new AppError("conflict", "This address already has an account. Sign in instead.")
  }
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
  endSessionsIn(core, tx, { person: account.user, reason: "verified", act: "passwordChanged" })
  auditIn(tx, { action: "user.verified", subject: account.user.publicId })
  return promoteConfiguredIn(core, tx, requireActiveIn(tx, account.user.id))
}

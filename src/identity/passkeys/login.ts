// Signing in by passkey: at once, because it is several factors already, or as the second step after a password.
import { AppError } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { type Core, visitorCtx } from "../core.ts"
import { type Elsewhere, linkIn } from "../federation/link.ts"
import { waitingAccount } from "../second-step/index.ts"
import { startSessionIn } from "../sessions.ts"
import { accountById } from "../store/users.ts"
import { countEntryIn } from "../throttle.ts"
import type { StartedSession, Visitor } from "../types.ts"
import { promoteConfiguredIn } from "../users.ts"
import { type Assertion, ask, copied, prove, refused, takeIn } from "./assertion.ts"
import { hasPasskeys } from "./store.ts"
import type { PasskeyAnswer, PasskeyRequest } from "./types.ts"

/** @see PasskeyVerbs.signInByPasskey */
export async function signIn(core: Core, visitor: Visitor, answer: PasskeyAnswer): Promise<StartedSession> {
  const assertion = await prove(core, visitor, { purpose: "sign-in", userId: null }, answer)
  const started = await core.store.write(visitorCtx(visitor, "sign in by passkey"), (tx) =>
    enterIn(core, tx, visitor, assertion, null),
  )
  if (!started) throw copied()
  return started
}

function enterIn(
  core: Core,
  tx: Tx,
  visitor: Visitor,
  assertion: Assertion,
  before: { amr: string; link?: Elsewhere } | null,
): StartedSession | null {
  const taken = takeIn(core, tx, assertion)
  if (!taken) return null
  if (!accountById(tx, taken.user.id)?.user.emailVerified) throw refused("Confirm your email address first.")
  if (before?.link) linkIn(core, tx, taken.user, before.link)
  const user = promoteConfiguredIn(core, tx, taken.user)
  countEntryIn(core, tx, user.email)
  const amr = [...(before ? [before.amr] : []), ...taken.amr].join(" ")
  return startSessionIn(core, tx, { user, visitor, kind: "auth", parent: null, amr, authTimeMs: tx.now })
}

/** @see PasskeyVerbs.askSecond */
export function askSecond(core: Core, visitor: Visitor, step: string): PasskeyRequest | null {
  const account = waitingAccount(core, core.store.read, visitor, step, core.clock.now())
  if (!account || !hasPasskeys(core.store.read, account.user.id)) return null
  return ask(core, visitor, "second", account.user.id)
}

/** @see PasskeyVerbs.completeByPasskey */
export async function complete(
  core: Core,
  visitor: Visitor,
  { step, ...answer }: PasskeyAnswer & { step: string },
): Promise<StartedSession> {
  const over = () => new AppError("unauthenticated", "This sign-in took too long. Enter your password again.")
  const account = waitingAccount(core, core.store.read, visitor, step, core.clock.now())
  if (!account) throw over()
  const assertion = await prove(core, visitor, { purpose: "second", userId: account.user.id }, answer)
  const started = await core.store.write(visitorCtx(visitor, "sign in, second step"), (tx) => {
    // Asked again: a new password ends the sign-ins that wait.
    const now = waitingAccount(core, tx, visitor, step, tx.now)
    if (now?.user.id !== account.user.id) throw over()
    return enterIn(core, tx, visitor, assertion, now.sealed)
  })
  if (!started) throw copied()
  return started
}

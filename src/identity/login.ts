// Login with email and password. Steps: place → count the try → hash → commit the outcome. Unknown addresses take
// the same steps, the same time and get the same words (OWASP Authentication; CVE-2026-23511).
import { AppError } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { type Core, visitorCtx } from "./core.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { ADDRESS_WORDS, normaliseEmail, normalisePassword } from "./rules.ts"
import { isOn, type WaitingStep, waitForCode } from "./second-step/index.ts"
import { startSessionIn } from "./sessions.ts"
import { type Account, accountByEmail, accountById, setPasswordHash } from "./store/users.ts"
import { countEntryIn, countTryIn, forgiveIn, type LoginAsks, loginAsks, refuseBlocked } from "./throttle.ts"
import type { LoginInput, StartedSession, Visitor } from "./types.ts"
import { promoteConfiguredIn, requireActiveIn } from "./users.ts"

interface Attempt {
  account: Account | null
  asks: LoginAsks
}

/** @see Identity.login */
export async function login(core: Core, visitor: Visitor, input: LoginInput): Promise<StartedSession | WaitingStep> {
  const email = normaliseEmail(input.email)
  if (!email || input.password === "") throw incomplete(email, input.password)
  const find = (reader: Reader, nowMs: number): Attempt => {
    const account = accountByEmail(reader, email)
    return { account, asks: loginAsks(core, reader, { email, userId: account?.user.id ?? null, visitor, nowMs }) }
  }
  // Asked again inside the body; here it spares blocked callers' neighbours a place.
  const nowMs = core.clock.now()
  refuseBlocked(core.store.read, find(core.store.read, nowMs).asks, nowMs)
  return core.hasher.withSlot(async (slot) => {
    const ctx = visitorCtx(visitor, "sign in")
    const attempt = await core.store.write(ctx, (tx) => {
      const found = find(tx, tx.now)
      countTryIn(tx, found.asks)
      return found
    })
    const password = normalisePassword(input.password.slice(0, L.passwordCharsMax))
    // No password of ours is longer; a longer one is wrong, after the same work.
    const hash = input.password.length > L.passwordCharsMax ? null : (attempt.account?.passwordHash ?? null)
    if (!(await slot.verify(password, hash)) || !attempt.account || !hash) throw wrong()
    const { user } = attempt.account
    const betterHash = slot.isCurrent(hash) ? null : await slot.hash(password)
    return core.store.write(ctx, (tx) => enterIn(core, tx, visitor, { userId: user.id, hash, betterHash, ...attempt }))
  })
}

/** The password was right a moment ago; everything is read again, because the account may have changed since. */
function enterIn(
  core: Core,
  tx: Tx,
  visitor: Visitor,
  proof: { userId: number; hash: string; betterHash: string | null; asks: LoginAsks },
): StartedSession | WaitingStep {
  const account = accountById(tx, proof.userId)
  if (!account || account.passwordHash !== proof.hash || account.user.status === "deleted") throw wrong()
  // A password on an address nobody proved is nobody's: signing up again proves it and sets a new one.
  if (!account.user.emailVerified) throw wrong()
  const user = promoteConfiguredIn(core, tx, requireActiveIn(tx, account.user.id))
  forgiveIn(tx, proof.asks)
  if (proof.betterHash) setPasswordHash(tx, user.id, proof.betterHash)
  if (isOn(tx, user.id)) return waitForCode(core, visitor, accountById(tx, user.id)!, tx.now)
  countEntryIn(core, tx, user.email)
  return startSessionIn(core, tx, { user, visitor, kind: "auth", parent: null, amr: "pwd", authTimeMs: tx.now })
}

const wrong = (): AppError =>
  new AppError("validation_failed", "That email and password do not match. Check both and try again.")

function incomplete(email: string | null, password: string): AppError {
  return new AppError("validation_failed", "Check the marked fields.", {
    formErrors: {
      ...(email ? {} : { email: ADDRESS_WORDS }),
      ...(password === "" ? { password: "Enter your password." } : {}),
    },
  })
}

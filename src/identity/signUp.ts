// Sign-up: what was typed waits beside an emailed code, in this browser. Known and unknown addresses take the same
// steps and get the same answer; only the mail differs. No account exists before its address is proved.
import { AppError, randomSecret } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { codeHash, newCode, pendingOf } from "./codes.ts"
import { browserHashOf, type Kit, visitorCtx } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { queueMailIn } from "./mail.ts"
import { type CodeRow, codeOf, saveCode, updateTyped } from "./store/guards.ts"
import { accountByEmail } from "./store/users.ts"
import { countSendIn, inWords, refuseSends } from "./throttle.ts"
import type { PendingSignUp, SignUpInput, Visitor } from "./types.ts"
import { cleanSignUp } from "./users.ts"

/** @see Identity.signUp */
export async function signUp(kit: Kit, visitor: Visitor, input: SignUpInput): Promise<PendingSignUp> {
  const { email, name, password } = cleanSignUp(input)
  const browserHash = browserHashOf(kit, visitor)
  /** The code that is on its way already; sending the form again changes what was typed, not the code. */
  const onItsWay = (row: CodeRow | null, nowMs: number): row is CodeRow =>
    row?.email === email && nowMs - row.sentMs < L.codeResendMs && row.tries < L.codeTriesMax

  // Asked again inside the body; here it spares the hash.
  const nowMs = kit.clock.now()
  const waiting = onItsWay(codeOf(kit.store.read, "signup", browserHash), nowMs)
  refuseSends(kit, kit.store.read, visitor, waiting ? null : email, nowMs)
  const passwordHash = await kit.hasher.withSlot((slot) => slot.hash(password))

  return kit.store.write(visitorCtx(visitor, "sign up"), (tx) => {
    const row = codeOf(tx, "signup", browserHash)
    if (!onItsWay(row, tx.now)) return sendIn(kit, tx, visitor, { email, name, passwordHash })
    countSendIn(kit, tx, visitor, null)
    updateTyped(tx, row.id, { name, passwordHash })
    return pendingOf(row)
  })
}

/** @see Identity.pendingSignUp */
export function pendingSignUp(kit: Kit, browserId: string): PendingSignUp | null {
  const row = codeOf(kit.store.read, "signup", browserHashOf(kit, { browserId }))
  return row && kit.clock.now() - row.createdMs < L.pendingMs ? pendingOf(row) : null
}

/** @see Identity.resendCode */
export function resendCode(kit: Kit, visitor: Visitor): Promise<PendingSignUp> {
  return kit.store.write(visitorCtx(visitor, "resend a code"), (tx) => {
    const row = codeOf(tx, "signup", browserHashOf(kit, visitor))
    if (!row || tx.now - row.createdMs >= L.pendingMs) {
      throw new AppError("not_found", "There is no sign-up waiting in this browser. Start again.")
    }
    const waitMs = row.sentMs + L.codeResendMs - tx.now
    if (waitMs > 0) {
      const seconds = Math.ceil(waitMs / 1_000)
      throw new AppError("rate_limit_exceeded", `A code was just sent. Wait ${inWords(seconds)} for the next one.`, {
        retryAfterSeconds: seconds,
      })
    }
    return sendIn(kit, tx, visitor, row)
  })
}

/** Counts, replaces the code, queues the mail. For an address that has an account no code exists that could match. */
function sendIn(
  kit: Kit,
  tx: Tx,
  visitor: Visitor,
  typed: { email: string; name: string | null; passwordHash: string | null },
): PendingSignUp {
  countSendIn(kit, tx, visitor, typed.email)
  const { email, name, passwordHash } = typed
  const browserHash = browserHashOf(kit, visitor)
  const isTaken = accountByEmail(tx, email)?.user.emailVerified === true
  const code = newCode()
  const expiresMs = tx.now + L.codeMs
  saveCode(tx, {
    purpose: "signup",
    browserHash,
    email,
    codeHash: codeHash(kit, { purpose: "signup", browserHash, email, code: isTaken ? randomSecret() : code }),
    name,
    passwordHash,
    expiresMs,
  })
  if (isTaken) queueMailIn(kit, tx, { to: email, template: "signup_existing", uselessAfterMs: null })
  else queueMailIn(kit, tx, { to: email, template: "signup_code", code, uselessAfterMs: expiresMs })
  return pendingOf(codeOf(tx, "signup", browserHash)!)
}

// Sign-up: what was typed waits beside an emailed code, in this browser. Known and unknown addresses take the same
// steps and get the same answer; only the mail differs. No account exists before its address is proved.
import { AppError } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { addressProblem } from "./address.ts"
import { isOnItsWay, isWaiting, pendingOf, refuseSoon, sendCodeIn } from "./codes.ts"
import { browserHashOf, type Core, visitorCtx } from "./core.ts"
import { signUpCode, signUpExisting } from "./mails.ts"
import { codeOf, updateTyped } from "./store/guards.ts"
import { accountByEmail } from "./store/users.ts"
import { countCodeIn, refuseCode } from "./throttle.ts"
import type { PendingCode, SignUpInput, Visitor } from "./types.ts"
import { cleanSignUp } from "./users.ts"
import { checkWork, countSignUpIn, takeWorkIn } from "./work/index.ts"

/** @see Identity.signUp */
export async function signUp(core: Core, visitor: Visitor, input: SignUpInput): Promise<PendingCode> {
  const { email, name, password } = cleanSignUp(core, input)
  const problem = addressProblem(core, email)
  if (problem) throw new AppError("validation_failed", "Check the marked fields.", { formErrors: { email: problem } })
  const browserHash = browserHashOf(core, visitor)

  // Asked again inside the body; here it spares the hash.
  const nowMs = core.clock.now()
  const isSent = isOnItsWay(codeOf(core.store.read, "signup", browserHash), email, nowMs)
  refuseCode(core, core.store.read, visitor, { email: isSent ? null : email, isStranger: true }, nowMs)
  if (!isSent) checkWork(core, core.store.read, visitor, input.proof)
  const passwordHash = await core.hasher.withSlot((slot) => slot.hash(password))

  return core.store.write(visitorCtx(visitor, "sign up"), (tx) => {
    const row = codeOf(tx, "signup", browserHash)
    // Sending the form again changes what was typed, not the code.
    if (!isOnItsWay(row, email, tx.now)) {
      takeWorkIn(core, tx, visitor, input.proof)
      countSignUpIn(core, tx, visitor)
      return sendIn(core, tx, visitor, { email, name, passwordHash })
    }
    countCodeIn(core, tx, visitor, { email: null, isStranger: true })
    updateTyped(tx, row.id, { name, passwordHash })
    return pendingOf(row)
  })
}

/** @see Identity.pendingSignUp */
export function pendingSignUp(core: Core, browserId: string): PendingCode | null {
  const row = codeOf(core.store.read, "signup", browserHashOf(core, { browserId }))
  return isWaiting(row, core.clock.now()) ? pendingOf(row) : null
}

/** @see Identity.resendCode */
export function resendCode(core: Core, visitor: Visitor): Promise<PendingCode> {
  return core.store.write(visitorCtx(visitor, "resend a code"), (tx) => {
    const row = codeOf(tx, "signup", browserHashOf(core, visitor))
    if (!isWaiting(row, tx.now)) {
      throw new AppError("not_found", "There is no sign-up waiting in this browser. Start again.")
    }
    refuseSoon(row, tx.now)
    return sendIn(core, tx, visitor, row)
  })
}

function sendIn(
  core: Core,
  tx: Tx,
  visitor: Visitor,
  typed: { email: string; name: string | null; passwordHash: string | null },
): PendingCode {
  const { email, name, passwordHash } = typed
  return sendCodeIn(core, tx, visitor, {
    purpose: "signup",
    browserHash: browserHashOf(core, visitor),
    email,
    name,
    passwordHash,
    isTaken: accountByEmail(tx, email)?.user.emailVerified === true,
    mails: { code: signUpCode, taken: signUpExisting },
  })
}

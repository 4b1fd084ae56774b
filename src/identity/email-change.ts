// Another address for an account: asked for by who confirmed that it is them, proved by a code that is mailed there, told to the old one. Known and
// unknown addresses take the same steps and get the same answer; only the mail differs. OWASP Authentication cheat sheet.
import { AppError } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import { addressProblem } from "./address.ts"
import {
  isOnItsWay,
  isWaiting,
  pendingOf,
  readCode,
  refuseSoon,
  sendCodeIn,
  tryCodeIn,
  type Wrong,
  wrongCode,
} from "./codes.ts"
import { type Core, personHashOf, visitorCtx } from "./core.ts"
import { emailChanged, emailCode, emailExisting } from "./mails.ts"
import { refused, signedOut } from "./password.ts"
import { ADDRESS_WORDS, normaliseEmail } from "./rules.ts"
import { livingOfIn } from "./sessions.ts"
import { type CodeRow, codeOf } from "./store/guards.ts"
import { voidResets } from "./store/resets.ts"
import { type Account, accountByEmail, accountById, setEmail } from "./store/users.ts"
import type { PendingCode, User, Visitor } from "./types.ts"
import { promoteConfiguredIn, userIn } from "./users.ts"

const PURPOSE = "email_change"

const ctxOf = (visitor: Visitor, account: Account, reason: string): WriteContext => ({
  ...visitorCtx(visitor, reason),
  actor: `user:${account.user.publicId}`,
})

/** @see Identity.requestEmailChange */
export async function requestEmailChange(
  core: Core,
  visitor: Visitor,
  input: { userId: number; email: string },
): Promise<PendingCode> {
  const account = accountById(core.store.read, input.userId)
  if (!account) throw signedOut()
  const email = normaliseEmail(input.email)
  if (!email) throw refused({ email: ADDRESS_WORDS })
  if (email === account.user.email) throw refused({ email: "This is your address already. Enter the new one." })
  const problem = addressProblem(core, email)
  if (problem) throw refused({ email: problem })
  const browserHash = personHashOf(core, visitor.browserId, input.userId)
  return await core.store.write(ctxOf(visitor, account, "ask for another email address"), (tx) => {
    const row = waitingOf(tx, browserHash, input.userId)
    if (isOnItsWay(row, email, tx.now)) return pendingOf(row)
    return sendIn(core, tx, visitor, { browserHash, email, passwordHash: passwordOf(tx, input.userId) })
  })
}

/** @see Identity.pendingEmailChange */
export function pendingEmailChange(core: Core, browserId: string, userId: number): PendingCode | null {
  const row = waitingOf(core.store.read, personHashOf(core, browserId, userId), userId)
  return isWaiting(row, core.clock.now()) ? pendingOf(row) : null
}

/** @see Identity.resendEmailChange */
export function resendEmailChange(core: Core, visitor: Visitor, userId: number): Promise<PendingCode> {
  const account = accountById(core.store.read, userId)
  if (!account) throw signedOut()
  return core.store.write(ctxOf(visitor, account, "resend a code"), (tx) => {
    const browserHash = personHashOf(core, visitor.browserId, userId)
    const row = waitingOf(tx, browserHash, userId)
    if (!isWaiting(row, tx.now)) {
      throw new AppError("not_found", "No new address is waiting in this browser. Start again.")
    }
    refuseSoon(row, tx.now)
    return sendIn(core, tx, visitor, { browserHash, email: row.email, passwordHash: row.passwordHash })
  })
}

type Outcome = { is: "changed"; user: User } | { is: "taken" } | Wrong

/** @see Identity.confirmEmailChange */
export async function confirmEmailChange(
  core: Core,
  visitor: Visitor,
  input: { userId: number; code: string },
): Promise<User> {
  const code = readCode(input.code)
  const account = accountById(core.store.read, input.userId)
  if (!account) throw signedOut()
  const outcome = await core.store.write(ctxOf(visitor, account, "change an email address"), (tx): Outcome => {
    const living = livingOfIn(core, tx, visitor, input.userId)
    if (!living) throw signedOut()
    const browserHash = personHashOf(core, visitor.browserId, input.userId)
    if (!waitingOf(tx, browserHash, input.userId)) return { is: "expired" }
    const tried = tryCodeIn(core, tx, { purpose: PURPOSE, browserHash, code })
    if (tried.is !== "right") return tried
    if (accountByEmail(tx, tried.row.email)) return { is: "taken" }
    return { is: "changed", user: moveIn(core, tx, living.user, tried.row.email) }
  })
  if (outcome.is === "changed") return outcome.user
  if (outcome.is !== "taken") throw wrongCode(outcome)
  throw new AppError("conflict", "This address has an account of its own by now. Choose another one.")
}

function moveIn(core: Core, tx: Tx, user: User, email: string): User {
  setEmail(tx, user.id, email)
  // A link that was mailed to one of the two opens neither this account nor the next one of that address.
  voidResets(tx, user.email)
  voidResets(tx, email)
  // Addresses are personal data and the audit log outlives an erased account.
  auditIn(tx, { action: "user.email_changed", subject: user.publicId })
  core.mails.queueIn(tx, emailChanged, {
    to: user.email,
    data: { accountId: user.publicId },
    uselessAfterMs: null,
  })
  return promoteConfiguredIn(core, tx, userIn(tx, user.id))
}

/** The hash of the password it was asked with stands beside the code, so that the code dies with that password. */
function sendIn(
  core: Core,
  tx: Tx,
  visitor: Visitor,
  asked: { browserHash: string; email: string; passwordHash: string | null },
): PendingCode {
  return sendCodeIn(core, tx, visitor, {
    ...asked,
    purpose: PURPOSE,
    name: null,
    isTaken: accountByEmail(tx, asked.email) !== null,
    mails: { code: emailCode, taken: emailExisting },
  })
}

/** The code that waits for this person here, unless their password is another one by now: whoever asked knew the old one. */
function waitingOf(reader: Reader, browserHash: string, userId: number): CodeRow | null {
  const row = codeOf(reader, PURPOSE, browserHash)
  return row && row.passwordHash === passwordOf(reader, userId) ? row : null
}

const passwordOf = (reader: Reader, userId: number): string | null => accountById(reader, userId)?.passwordHash ?? null

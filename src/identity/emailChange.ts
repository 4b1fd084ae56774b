// Another address for an account: asked for with the password, proved by a code that is mailed there, told to the old one. Known and
// unknown addresses take the same steps and get the same answer; only the mail differs. OWASP Authentication cheat sheet.
import { AppError, randomSecret } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import {
  codeHash,
  isOnItsWay,
  isWaiting,
  newCode,
  pendingOf,
  readCode,
  refuseSoon,
  tryCodeIn,
  type Wrong,
  wrongCode,
} from "./codes.ts"
import { type Kit, visitorCtx } from "./kit.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import { queueMailIn } from "./mail.ts"
import { provePassword, refused, signedOut } from "./password.ts"
import { ADDRESS_WORDS, normaliseEmail } from "./rules.ts"
import { livingIn } from "./sessions.ts"
import { codeOf, saveCode } from "./store/guards.ts"
import { voidResets } from "./store/resets.ts"
import { type Account, accountByEmail, accountById, setEmail } from "./store/users.ts"
import { countSendIn, forgiveIn, refuseSends } from "./throttle.ts"
import type { PendingCode, User, Visitor } from "./types.ts"
import { promoteConfiguredIn, requireActiveIn, userIn } from "./users.ts"

const PURPOSE = "email_change"

/** One change waits per person and browser: the next person at this browser has nothing to do with it. */
const keyOf = (kit: Kit, browserId: string, userId: number): string =>
  kit.keyring.hmac("browser", `${browserId}\n${userId}`)

const ctxOf = (visitor: Visitor, account: Account, reason: string): WriteContext => ({
  ...visitorCtx(visitor, reason),
  actor: `user:${account.user.publicId}`,
})

/** @see Identity.requestEmailChange */
export async function requestEmailChange(
  kit: Kit,
  visitor: Visitor,
  input: { userId: number; email: string; current: string },
): Promise<PendingCode> {
  const account = accountById(kit.store.read, input.userId)
  if (!account) throw signedOut()
  const email = normaliseEmail(input.email)
  const isSame = email === account.user.email
  if (!email || isSame || input.current === "") {
    throw refused({
      ...(email ? {} : { email: ADDRESS_WORDS }),
      ...(isSame ? { email: "This is your address already. Enter the new one." } : {}),
      ...(input.current === "" ? { current: "Enter your current password." } : {}),
    })
  }
  const browserHash = keyOf(kit, visitor.browserId, input.userId)
  // Asked again inside the body; here it spares the hash.
  const isSent = isOnItsWay(codeOf(kit.store.read, PURPOSE, browserHash), email, kit.clock.now())
  refuseSends(kit, kit.store.read, visitor, isSent ? null : email, kit.clock.now())
  return kit.hasher.withSlot(async (slot) => {
    const ctx = ctxOf(visitor, account, "ask for another email address")
    const guards = await provePassword(kit, slot, { ctx, visitor, account, current: input.current })
    return kit.store.write(ctx, (tx) => {
      if (passwordOf(tx, input.userId) !== account.passwordHash) throw signedOut()
      forgiveIn(tx, guards)
      const row = codeOf(tx, PURPOSE, browserHash)
      if (isOnItsWay(row, email, tx.now) && row.passwordHash === account.passwordHash) return pendingOf(row)
      return sendIn(kit, tx, visitor, { browserHash, email, passwordHash: account.passwordHash })
    })
  })
}

/** @see Identity.pendingEmailChange */
export function pendingEmailChange(kit: Kit, browserId: string, userId: number): PendingCode | null {
  const row = codeOf(kit.store.read, PURPOSE, keyOf(kit, browserId, userId))
  return isWaiting(row, kit.clock.now()) ? pendingOf(row) : null
}

/** @see Identity.resendEmailChange */
export function resendEmailChange(kit: Kit, visitor: Visitor, userId: number): Promise<PendingCode> {
  const account = accountById(kit.store.read, userId)
  if (!account) throw signedOut()
  return kit.store.write(ctxOf(visitor, account, "resend a code"), (tx) => {
    const browserHash = keyOf(kit, visitor.browserId, userId)
    const row = codeOf(tx, PURPOSE, browserHash)
    if (!isWaiting(row, tx.now)) {
      throw new AppError("not_found", "No new address is waiting in this browser. Start again.")
    }
    refuseSoon(row, tx.now)
    return sendIn(kit, tx, visitor, { browserHash, email: row.email, passwordHash: row.passwordHash })
  })
}

type Outcome = { is: "changed"; user: User } | { is: "taken" } | Wrong

/** @see Identity.confirmEmailChange */
export async function confirmEmailChange(
  kit: Kit,
  visitor: Visitor,
  input: { userId: number; code: string },
): Promise<User> {
  const code = readCode(input.code)
  const account = accountById(kit.store.read, input.userId)
  if (!account) throw signedOut()
  const outcome = await kit.store.write(ctxOf(visitor, account, "change an email address"), (tx): Outcome => {
    const living = livingIn(kit, tx, visitor.previousToken ?? null)
    if (living?.user.id !== input.userId) throw signedOut()
    const browserHash = keyOf(kit, visitor.browserId, input.userId)
    const tried = tryCodeIn(kit, tx, { purpose: PURPOSE, browserHash, code })
    if (tried.is !== "right") return tried
    // Whoever asked knew a password that is gone by now.
    if (tried.row.passwordHash !== passwordOf(tx, input.userId)) return { is: "expired" }
    if (accountByEmail(tx, tried.row.email)) return { is: "taken" }
    return { is: "changed", user: moveIn(kit, tx, living.user, tried.row.email) }
  })
  if (outcome.is === "changed") return outcome.user
  if (outcome.is !== "taken") throw wrongCode(outcome)
  throw new AppError("conflict", "This address has an account of its own by now. Choose another one.")
}

function moveIn(kit: Kit, tx: Tx, user: User, email: string): User {
  requireActiveIn(tx, user.id)
  setEmail(tx, user.id, email)
  // A link that was mailed to one of the two opens neither this account nor the next one of that address.
  voidResets(tx, user.email)
  voidResets(tx, email)
  // Addresses are personal data and the audit log outlives an erased account.
  auditIn(tx, { action: "user.email_changed", subject: user.publicId })
  queueMailIn(kit, tx, {
    to: user.email,
    template: "email_changed",
    accountId: user.publicId,
    uselessAfterMs: null,
  })
  return promoteConfiguredIn(kit, tx, userIn(tx, user.id))
}

/** Counts, replaces the code, queues the mail. For an address that has an account no code exists that could match. */
function sendIn(
  kit: Kit,
  tx: Tx,
  visitor: Visitor,
  asked: { browserHash: string; email: string; passwordHash: string | null },
): PendingCode {
  const { browserHash, email, passwordHash } = asked
  countSendIn(kit, tx, visitor, email)
  const isTaken = accountByEmail(tx, email) !== null
  const code = newCode()
  const expiresMs = tx.now + L.codeMs
  const hashed = { purpose: PURPOSE, browserHash, email, code: isTaken ? randomSecret() : code } as const
  // The hash of the password it was asked with stands beside the code, so that the code dies with that password.
  saveCode(tx, {
    ...{ purpose: PURPOSE, browserHash, email, name: null, passwordHash, expiresMs },
    codeHash: codeHash(kit, hashed),
  })
  if (isTaken) queueMailIn(kit, tx, { to: email, template: "email_existing", uselessAfterMs: null })
  else queueMailIn(kit, tx, { to: email, template: "email_code", code, uselessAfterMs: expiresMs })
  return pendingOf(codeOf(tx, PURPOSE, browserHash)!)
}

const passwordOf = (tx: Tx, userId: number): string | null => accountById(tx, userId)?.passwordHash ?? null

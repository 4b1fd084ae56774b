// "Confirm that it is you": the password (or a mailed code, where there is none) and the second factor where one is set up. One proof
// serves every dangerous act of the next minutes, in this session alone.
import { AppError } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { isOnItsWay, isWaiting, pendingOf, sendCodeIn, tryCodeIn, type Wrong, wrongCode } from "../codes.ts"
import { type Core, personHashOf } from "../core.ts"
import { confirmCode, recoveryUsed } from "../mails.ts"
import { provePassword, refused, signedOut } from "../password.ts"
import { normaliseCode } from "../rules.ts"
import { hasApp, isOn, recoveryCodesLeft, takeCodeIn, wrongCode as wrongSecond } from "../second-step/index.ts"
import { livingOfIn } from "../sessions.ts"
import { codeOf } from "../store/guards.ts"
import { noteProof } from "../store/sessions.ts"
import { accountById } from "../store/users.ts"
import { forgiveIn } from "../throttle.ts"
import type { AuthSession, PendingCode, User, Visitor } from "../types.ts"
import { isEnough } from "./rules.ts"
import type { ConfirmInput, ConfirmWays } from "./types.ts"

const PURPOSE = "confirm"

/** @see StepUpVerbs.isFresh */
export const isFresh = (core: Core, { userId, proof }: Pick<AuthSession, "userId" | "proof">): boolean =>
  isEnough(proof, { hasSecond: isOn(core.store.read, userId), nowMs: core.clock.now() })

/** @see StepUpVerbs.confirmWays */
export function confirmWays({ store }: Core, userId: number): ConfirmWays {
  const hasPassword = (accountById(store.read, userId)?.passwordHash ?? null) !== null
  const code = hasApp(store.read, userId) ? "app" : isOn(store.read, userId) ? "recovery" : null
  return { first: hasPassword ? "password" : "mail", code }
}

/** @see StepUpVerbs.pendingConfirmCode */
export function pendingConfirmCode(core: Core, browserId: string, userId: number): PendingCode | null {
  const row = codeOf(core.store.read, PURPOSE, personHashOf(core, browserId, userId))
  return isWaiting(row, core.clock.now()) && core.clock.now() < row.expiresMs ? pendingOf(row) : null
}

/** @see StepUpVerbs.sendConfirmCode */
export function sendConfirmCode(core: Core, visitor: Visitor, ctx: WriteContext, userId: number): Promise<PendingCode> {
  return core.store.write(ctx, (tx) => {
    const account = accountById(tx, userId)
    if (!account || !livingOfIn(core, tx, visitor, userId)) throw signedOut()
    if (account.passwordHash !== null) throw new AppError("conflict", "This account has a password. Enter that.")
    const { email } = account.user
    const browserHash = personHashOf(core, visitor.browserId, userId)
    const row = codeOf(tx, PURPOSE, browserHash)
    if (isOnItsWay(row, email, tx.now)) return pendingOf(row)
    const rest = { name: null, passwordHash: null, isTaken: false, mails: { code: confirmCode } }
    return sendCodeIn(core, tx, visitor, { purpose: PURPOSE, browserHash, email, ...rest })
  })
}

/** What came of it; the body ends well in any case, so that the try stays counted. */
type Outcome = { is: "proved" } | { is: "second" } | { is: "mail"; wrong: Wrong }

/** @see StepUpVerbs.confirm */
export async function confirm(core: Core, visitor: Visitor, ctx: WriteContext, input: ConfirmInput): Promise<void> {
  const outcome = await tried(core, visitor, ctx, input).catch(asFirst("current"))
  if (outcome.is === "second") throw wrongSecond(input.code)
  if (outcome.is === "mail") asFirst("code")(wrongCode(outcome.wrong))
}

async function tried(core: Core, visitor: Visitor, ctx: WriteContext, input: ConfirmInput): Promise<Outcome> {
  const account = accountById(core.store.read, input.userId)
  if (!account) throw signedOut()
  const ways = confirmWays(core, input.userId)
  refuseEmpty(ways, input)
  if (account.passwordHash === null) return await core.store.write(ctx, (tx) => byMailIn(core, tx, visitor, input))
  return await core.hasher.withSlot(async (slot) => {
    const asks = await provePassword(core, slot, { ctx, visitor, account, current: input.first })
    return await core.store.write(ctx, (tx): Outcome => {
      // Read again: the password it was proved with may be gone since.
      if (accountById(tx, input.userId)?.passwordHash !== account.passwordHash) throw signedOut()
      forgiveIn(tx, asks)
      const user = hereIn(core, tx, visitor, input.userId)
      const second = secondIn(core, tx, visitor, user, input.code)
      if (second === null) return { is: "second" }
      return notedIn(core, tx, visitor, user, ["pwd", ...second])
    })
  })
}

function refuseEmpty(ways: ConfirmWays, { first, code }: ConfirmInput): void {
  const errors = {
    ...(first === ""
      ? { first: ways.first === "mail" ? "Enter the six digits from the mail." : "Enter your password." }
      : {}),
    ...(ways.code !== null && code === "" ? { code: "Enter a code. A recovery code counts too." } : {}),
  }
  if (Object.keys(errors).length > 0) throw refused(errors)
}

/** The second factor is looked at first: a slip there does not use the mailed code up. */
function byMailIn(core: Core, tx: Tx, visitor: Visitor, input: ConfirmInput): Outcome {
  const user = hereIn(core, tx, visitor, input.userId)
  if (accountById(tx, user.id)?.passwordHash !== null) throw signedOut()
  const second = secondIn(core, tx, visitor, user, input.code)
  if (second === null) return { is: "second" }
  const browserHash = personHashOf(core, visitor.browserId, user.id)
  // To the address that was: of no use any more.
  if (codeOf(tx, PURPOSE, browserHash)?.email !== user.email) return { is: "mail", wrong: { is: "expired" } }
  const tried = tryCodeIn(core, tx, { purpose: PURPOSE, browserHash, code: normaliseCode(input.first) })
  if (tried.is !== "right") return { is: "mail", wrong: tried }
  return notedIn(core, tx, visitor, user, ["otp", ...second])
}

/** The person of the auth session, who is the one that is meant. */
export function hereIn(core: Core, tx: Tx, visitor: Visitor, userId: number): User {
  const living = livingOfIn(core, tx, visitor, userId)
  if (!living) throw signedOut()
  return living.user
}

/** @returns the methods that it adds; null = wrong */
function secondIn(core: Core, tx: Tx, visitor: Visitor, user: User, code: string): string[] | null {
  if (!isOn(tx, user.id)) return []
  const by = takeCodeIn(core, tx, visitor, user, code)
  if (by === null) return null
  if (by === "recovery") {
    const data = { left: recoveryCodesLeft(tx, user.id) }
    core.mails.queueIn(tx, recoveryUsed, { to: user.email, data, uselessAfterMs: null })
  }
  return ["otp", "mfa"]
}

/** Writes the proof into the session behind the cookie. */
export function notedIn(core: Core, tx: Tx, visitor: Visitor, user: User, amr: readonly string[]): Outcome {
  const { row } = livingOfIn(core, tx, visitor, user.id)!
  noteProof(tx, row.id, [...new Set(amr)].join(" "))
  auditIn(tx, { action: "session.confirmed", subject: user.publicId })
  return { is: "proved" }
}

/** Throws what is said of the password, or of the mailed code, under the field that both are typed into. */
const asFirst =
  (key: "current" | "code") =>
  (error: unknown): never => {
    const words = error instanceof AppError ? error.extra.formErrors?.[key] : undefined
    throw words === undefined ? error : refused({ first: words })
  }

// Turning two-step sign-in on and off. Every act is proved by the password; what weakens it by a code besides.
import { AppError } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Reader, Tx, WriteContext } from "../../store/index.ts"
import { asPerson } from "../closed.ts"
import type { Core } from "../core.ts"
import { secondStepOff, secondStepOn } from "../mails.ts"
import { refused } from "../password.ts"
import { normaliseEmail } from "../rules.ts"
import { accountByEmail, accountById } from "../store/users.ts"
import { countTryIn, forgiveIn, secondStepAsks } from "../throttle.ts"
import type { User, Visitor } from "../types.ts"
import { requireActiveIn } from "../users.ts"
import { appCodeOf, newRecoveryCode, newSecret, recoveryHashOf, stepOf, uriOf } from "./codes.ts"
import {
  confirmTotp,
  deleteSecondStep,
  putRecoveryCodes,
  putTotp,
  recoveryLeft,
  type TotpRow,
  takeRecoveryCode,
  totpOf,
  useStep,
} from "./store.ts"
import type { Enrolment, SecondStepState } from "./types.ts"

const RECOVERY_CODES = 10
/** A secret that was shown and not confirmed is forgotten. */
export const ENROLMENT_MS = 30 * 60_000

export const SEALED_TOTP: SealedColumn = {
  what: "secrets of authenticator apps",
  table: "totp_secrets",
  blob: "secret",
  assign: "secret = ?",
  purpose: "totp-secret",
  columns: ["user_id"],
  place: (userId) => `totp_secrets:secret:${userId}`,
}

const secretOf = ({ keyring }: Core, { userId, secret }: TotpRow): string =>
  keyring.open(SEALED_TOTP.purpose, SEALED_TOTP.place(String(userId)), secret)

/** Whether a code is asked for after the password. */
export const isOn = (reader: Reader, userId: number): boolean => (totpOf(reader, userId)?.confirmedMs ?? null) !== null

/** @see SecondStepVerbs.secondStepOf */
export function secondStepOf({ store }: Core, userId: number): SecondStepState | null {
  const sinceMs = totpOf(store.read, userId)?.confirmedMs ?? null
  return sinceMs === null ? null : { sinceMs, recoveryLeft: recoveryLeft(store.read, userId) }
}

/** @see SecondStepVerbs.beginSecondStep */
export async function begin(
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  input: { userId: number; current: string },
): Promise<void> {
  await asPerson(core, visitor, ctx, input, (tx, { id }) => {
    if (isOn(tx, id)) throw new AppError("conflict", "Two-step sign-in is on already.")
    putTotp(tx, { userId: id, secret: sealIn(tx, core.keyring, SEALED_TOTP, [String(id)], newSecret()) })
  })
}

const isWaiting = (row: TotpRow | null, nowMs: number): row is TotpRow =>
  row !== null && row.confirmedMs === null && nowMs - row.createdMs < ENROLMENT_MS

/** @see SecondStepVerbs.enrolmentOf */
export function enrolmentOf(core: Core, userId: number, issuer: string): Enrolment | null {
  const row = totpOf(core.store.read, userId)
  const user = accountById(core.store.read, userId)?.user
  if (!user || !isWaiting(row, core.clock.now())) return null
  const secret = secretOf(core, row)
  return { secret, uri: uriOf(secret, user.email, issuer) }
}

/** @see SecondStepVerbs.confirmSecondStep */
export async function confirm(
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  { userId, code }: { userId: number; code: string },
): Promise<string[]> {
  const codes = await core.store.write(ctx, (tx) => {
    const row = totpOf(tx, userId)
    const user = requireActiveIn(tx, userId)
    if (!isWaiting(row, tx.now))
      throw new AppError("not_found", "There is nothing to confirm any more. Start setting it up again.")
    const asks = secondStepAsks(core, tx, { user, visitor, nowMs: tx.now })
    countTryIn(tx, asks)
    const step = stepOf(secretOf(core, row), appCodeOf(code) ?? "", tx.now, 0)
    // The count stays: a body that throws leaves nothing.
    if (step === null) return null
    forgiveIn(tx, asks)
    confirmTotp(tx, userId)
    useStep(tx, userId, step)
    auditIn(tx, { action: "second_step.turned_on", subject: user.publicId })
    core.mails.queueIn(tx, secondStepOn, { to: user.email, data: null, uselessAfterMs: null })
    return newCodesIn(tx, userId)
  })
  if (codes === null) throw wrongCode(code)
  return codes
}

function newCodesIn(tx: Tx, userId: number): string[] {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode)
  putRecoveryCodes(
    tx,
    userId,
    codes.map((code) => recoveryHashOf(userId, code)),
  )
  return codes
}

/** @see SecondStepVerbs.renewRecoveryCodes */
export const renewCodes = (
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  input: { userId: number; current: string },
): Promise<string[]> =>
  asPerson(core, visitor, ctx, input, (tx, user) => {
    if (!isOn(tx, user.id)) throw off()
    auditIn(tx, { action: "second_step.codes_renewed", subject: user.publicId })
    return newCodesIn(tx, user.id)
  })

/** @see SecondStepVerbs.endSecondStep */
export async function end(
  core: Core,
  visitor: Visitor,
  ctx: WriteContext,
  input: { userId: number; current: string; code: string },
): Promise<void> {
  const isRight = await asPerson(core, visitor, ctx, input, (tx, user) => {
    if (!isOn(tx, user.id)) throw off()
    if (takeCodeIn(core, tx, visitor, user, input.code) === null) return false
    endIn(core, tx, user)
    return true
  })
  if (!isRight) throw wrongCode(input.code)
}

/** @see SecondStepVerbs.removeSecondStepIn */
export function removeIn(core: Core, tx: Tx, userId: number): User {
  const user = accountById(tx, userId)?.user
  if (!user || !isOn(tx, userId)) throw off()
  endIn(core, tx, user)
  return user
}

/** @see SecondStepVerbs.removeSecondStepByEmail */
export const removeByEmail = (core: Core, ctx: WriteContext, email: string): Promise<User> =>
  core.store.write(ctx, (tx) => {
    const user = accountByEmail(tx, normaliseEmail(email) ?? "")?.user
    if (!user) throw new AppError("not_found", `Nobody has the address ${email}.`)
    return removeIn(core, tx, user.id)
  })

function endIn(core: Core, tx: Tx, user: User): void {
  deleteSecondStep(tx, user.id)
  auditIn(tx, { action: "second_step.turned_off", subject: user.publicId })
  core.mails.queueIn(tx, secondStepOff, { to: user.email, data: null, uselessAfterMs: null })
}

/**
 * Counts a try and uses the code up. A wrong one changes nothing but the count, so the body has to end without throwing.
 * @returns how it was proved; null = wrong
 * @throws AppError rate_limit_exceeded
 */
export function takeCodeIn(core: Core, tx: Tx, visitor: Visitor, user: User, typed: string): "app" | "recovery" | null {
  const row = totpOf(tx, user.id)
  if (row?.confirmedMs == null) return null
  const asks = secondStepAsks(core, tx, { user, visitor, nowMs: tx.now })
  countTryIn(tx, asks)
  const appCode = appCodeOf(typed)
  if (appCode === null) {
    if (!takeRecoveryCode(tx, user.id, recoveryHashOf(user.id, typed))) return null
    forgiveIn(tx, asks)
    return "recovery"
  }
  const step = stepOf(secretOf(core, row), appCode, tx.now, row.lastStep)
  if (step === null) return null
  useStep(tx, user.id, step)
  forgiveIn(tx, asks)
  return "app"
}

/** Does something as a person who proves their password once more; a wrong one is counted like a login. */

export const wrongCode = (typed: string): AppError =>
  refused({
    code:
      appCodeOf(typed) === null
        ? "This code does not match, or was used. Try another one."
        : "This code does not match. Enter the one shown now; if that fails too, check your phone’s clock.",
  })

const off = (): AppError => new AppError("conflict", "Two-step sign-in is off.")

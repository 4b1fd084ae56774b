// Emailed codes: six digits from the CSPRNG, kept as a keyed HMAC that binds them to purpose, browser and address.
// A wrong try is committed before it is refused, so that parallel guesses are counted exactly.
import { randomInt } from "node:crypto"
import { AppError, constantTimeEqual, randomSecret } from "../app/index.ts"
import type { Letter } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import type { Core } from "./core.ts"
import { IDENTITY_LIMITS as L } from "./limits.ts"
import type { CodeData } from "./mails.ts"
import { normaliseCode } from "./rules.ts"
import { type CodePurpose, type CodeRow, codeOf, countTry, saveCode, takeCode } from "./store/guards.ts"
import { countCodeIn, inWords } from "./throttle.ts"
import type { PendingCode, Visitor } from "./types.ts"

const newCode = (): string => String(randomInt(10 ** L.codeDigits)).padStart(L.codeDigits, "0")

/** Without the server's key the small keyspace of a leaked row cannot be searched. */
const codeHash = (
  core: Core,
  code: { purpose: CodePurpose; browserHash: string; email: string; code: string },
): string => core.keyring.hmac("email-code", JSON.stringify([code.purpose, code.browserHash, code.email, code.code]))

export const pendingOf = (row: CodeRow): PendingCode => ({
  email: row.email,
  expiresMs: row.expiresMs,
  resendAtMs: row.sentMs + L.codeResendMs,
  triesLeft: L.codeTriesMax - row.tries,
})

/** Whether somebody may still type its code, or ask for another. */
export const isWaiting = (row: CodeRow | null, nowMs: number): row is CodeRow =>
  row !== null && nowMs - row.createdMs < L.pendingMs

/** A code that was mailed to this address a moment ago: sending the form again sends no other. */
export const isOnItsWay = (row: CodeRow | null, email: string, nowMs: number): row is CodeRow =>
  row?.email === email && nowMs - row.sentMs < L.codeResendMs && row.tries < L.codeTriesMax

export interface SendCode {
  purpose: CodePurpose
  browserHash: string
  email: string
  name: string | null
  passwordHash: string | null
  /** The address has an account: no code exists that could match, and its owner gets the other mail. */
  isTaken: boolean
  /** Without `taken` no address is ever taken. */
  mails: { code: Letter<CodeData>; taken?: Letter<null> }
}

/** Counts, replaces the code, queues the mail. @throws AppError rate_limit_exceeded; known and unknown addresses count alike */
export function sendCodeIn(core: Core, tx: Tx, visitor: Visitor, sent: SendCode): PendingCode {
  const { purpose, browserHash, email, name, passwordHash, isTaken, mails } = sent
  countCodeIn(core, tx, visitor, { email, isStranger: purpose === "signup" })
  const code = newCode()
  const expiresMs = tx.now + L.codeMs
  const hash = codeHash(core, { purpose, browserHash, email, code: isTaken ? randomSecret() : code })
  saveCode(tx, { purpose, browserHash, email, codeHash: hash, name, passwordHash, expiresMs })
  if (isTaken && mails.taken) core.mails.queueIn(tx, mails.taken, { to: email, data: null, uselessAfterMs: null })
  if (!isTaken) core.mails.queueIn(tx, mails.code, { to: email, data: { code }, uselessAfterMs: expiresMs })
  return pendingOf(codeOf(tx, purpose, browserHash)!)
}

/** @throws AppError rate_limit_exceeded right after the last code */
export function refuseSoon(row: CodeRow, nowMs: number): void {
  const waitMs = row.sentMs + L.codeResendMs - nowMs
  if (waitMs <= 0) return
  const seconds = Math.ceil(waitMs / 1_000)
  throw new AppError("rate_limit_exceeded", `A code was just sent. Wait ${inWords(seconds)} for the next one.`, {
    retryAfterSeconds: seconds,
  })
}

export type Wrong = { is: "expired" } | { is: "wrong"; left: number }

/** The six digits that were typed. @throws AppError validation_failed (formErrors code) */
export function readCode(raw: string): string {
  const code = normaliseCode(raw)
  if (!/^\d{6}$/.test(code)) throw codeError("Enter the six digits from the mail.")
  return code
}

/** Counts a wrong try, or uses the code up. The caller lets the body end before it throws `wrongCode`. */
export function tryCodeIn(
  core: Core,
  tx: Tx,
  given: { purpose: CodePurpose; browserHash: string; code: string },
): { is: "right"; row: CodeRow } | Wrong {
  const row = codeOf(tx, given.purpose, given.browserHash)
  if (!row || tx.now >= row.expiresMs) return { is: "expired" }
  if (row.tries >= L.codeTriesMax) return { is: "wrong", left: 0 }
  if (constantTimeEqual(row.codeHash, codeHash(core, { ...given, email: row.email }))) {
    takeCode(tx, row.id)
    return { is: "right", row }
  }
  countTry(tx, row.id)
  return { is: "wrong", left: L.codeTriesMax - row.tries - 1 }
}

export function wrongCode(outcome: Wrong): AppError {
  if (outcome.is === "expired") return codeError("This code has expired. Ask for a new one.")
  if (outcome.left === 0) return codeError("This code does not match and cannot be tried again. Ask for a new one.")
  return codeError(`This code does not match. ${outcome.left}\u00a0${outcome.left === 1 ? "try" : "tries"} left.`)
}

const codeError = (words: string): AppError =>
  new AppError("validation_failed", words, { param: "code", formErrors: { code: words } })

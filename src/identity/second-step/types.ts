// The words of two-step sign-in.
import type { Tx, WriteContext } from "../../store/index.ts"
import type { StartedSession, User, Visitor } from "../types.ts"

/** The password was right; a code is asked for next. */
export interface WaitingStep {
  /** Goes along with the code; opens in this browser only, for some minutes. */
  step: string
}

export interface SecondStepState {
  sinceMs: number
  /** Codes that were not used yet. */
  recoveryLeft: number
}

/** What an authenticator app is given. */
export interface Enrolment {
  /** Base32. */
  secret: string
  /** `otpauth://…`, for a QR code. */
  uri: string
}

export interface SecondStepVerbs {
  /** null = off. */
  secondStepOf(userId: number): SecondStepState | null
  /**
   * Makes a secret that counts once `confirmSecondStep` has seen a code of it; the one before that was not confirmed is gone.
   * @throws AppError conflict when it is on
   */
  beginSecondStep(ctx: WriteContext, userId: number): Promise<void>
  /** What waits to be confirmed. @param issuer name of this house in the app */
  enrolmentOf(userId: number, issuer: string): Enrolment | null
  /**
   * Turns it on. @returns the recovery codes, this one time
   * @throws AppError not_found when nothing waits, validation_failed (formErrors code), rate_limit_exceeded
   */
  confirmSecondStep(visitor: Visitor, ctx: WriteContext, input: { userId: number; code: string }): Promise<string[]>
  /** In place of the old ones. @throws AppError conflict when there is no second factor */
  renewRecoveryCodes(ctx: WriteContext, userId: number): Promise<string[]>
  /** Codes that were not used yet: of an app or of passkeys, which share them. */
  recoveryCodesLeft(userId: number): number
  /** @throws AppError conflict when it is off */
  endSecondStep(ctx: WriteContext, userId: number): Promise<void>
  /** For somebody who lost their app and their codes. @throws AppError conflict when it is off */
  removeSecondStepIn(tx: Tx, userId: number): User
  /** @throws AppError not_found, conflict when it is off */
  removeSecondStepByEmail(ctx: WriteContext, email: string): Promise<User>

  /** Whom a step signs in; null when it is over, or of another browser. */
  waitingStepOf(visitor: Visitor, step: string): { email: string; hasApp: boolean } | null
  /**
   * Signs in with a code of the app, or a recovery code.
   * @throws AppError unauthenticated when the step is over, validation_failed (formErrors code), rate_limit_exceeded, account_suspended
   */
  completeLogin(visitor: Visitor, input: { step: string; code: string }): Promise<StartedSession>
}

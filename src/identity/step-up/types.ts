// The words of confirming who is there.
import type { WriteContext } from "../../store/index.ts"
import type { AuthSession, PendingCode, Visitor } from "../types.ts"

/** When and how somebody last proved who they are. */
export interface Proof {
  ms: number
  /** RFC 8176 methods, such as `["pwd", "otp", "mfa"]`. */
  amr: readonly string[]
}

/** What a person is asked for. */
export interface ConfirmWays {
  /** Their password; an account without one is mailed a code in its place. */
  first: "password" | "mail"
  /** A code of their app, or a recovery code, besides; of who has passkeys alone a recovery code. A passkey is asked for nothing else. */
  code: "app" | "recovery" | null
}

export interface StepUpVerbs {
  /** Whether the person of this session proved a moment ago who they are, by all factors that they have. */
  isFresh(session: Pick<AuthSession, "userId" | "proof">): boolean
  confirmWays(userId: number): ConfirmWays
  /**
   * Mails a code to a person without a password. Asking again within a minute sends none.
   * @throws AppError conflict when they have a password, rate_limit_exceeded, unauthenticated
   */
  sendConfirmCode(visitor: Visitor, ctx: WriteContext, userId: number): Promise<PendingCode>
  /** The code that waits in this browser; null = none. */
  pendingConfirmCode(browserId: string, userId: number): PendingCode | null
  /**
   * Proves who is behind the auth cookie (visitor.previousToken). Wrong tries are counted like those of a sign-in.
   * @param input.first the password, or the mailed code
   * @throws AppError unauthenticated, validation_failed (formErrors first, code), rate_limit_exceeded, overloaded
   */
  confirm(visitor: Visitor, ctx: WriteContext, input: ConfirmInput): Promise<void>
}

export interface ConfirmInput {
  userId: number
  first: string
  code: string
}

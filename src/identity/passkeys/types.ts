// The words of passkeys.
import type { Tx, WriteContext } from "../../store/index.ts"
import type { StartedSession, User, Visitor } from "../types.ts"

/** What a page gives a browser's authenticator. */
export interface PasskeyRequest {
  /** Goes along with the answer; opens in this browser, for this purpose and person only, for some minutes. */
  ticket: string
  /** `PublicKeyCredentialRequestOptionsJSON` or `PublicKeyCredentialCreationOptionsJSON`, of WebAuthn Level 3. */
  options: Readonly<Record<string, unknown>>
}

/** What the browser sends back: the ticket, and the credential as JSON. */
export interface PasskeyAnswer {
  ticket: string
  response: string
}

export interface PasskeyShown {
  /** `psk_…` */
  publicId: string
  name: string
  /** Copied between devices of its person, such as by a password manager. */
  syncs: boolean
  createdMs: number
  usedMs: number | null
}

export interface PasskeyVerbs {
  /** Whether this house can have any: browsers know them by host name, over https or on localhost. */
  readonly hasPasskeys: boolean
  passkeysOf(userId: number): PasskeyShown[]
  /** For somebody who has not said who they are; their authenticator does. */
  askSignIn(visitor: Pick<Visitor, "browserId">): PasskeyRequest
  /**
   * Signs in, in place of password and code.
   * @throws AppError validation_failed (formErrors form), rate_limit_exceeded, account_suspended
   */
  signInByPasskey(visitor: Visitor, answer: PasskeyAnswer): Promise<StartedSession>
  /** For the second step of a sign-in that waits; null when it is over, or its person has none. */
  askSecond(visitor: Visitor, step: string): PasskeyRequest | null
  /** @throws AppError as `signInByPasskey`, unauthenticated when the step is over */
  completeByPasskey(visitor: Visitor, input: PasskeyAnswer & { step: string }): Promise<StartedSession>
  /** For a person who confirms who they are; null when they have none. */
  askConfirm(visitor: Visitor, userId: number): PasskeyRequest | null
  /** Proves who is behind the auth cookie. @throws AppError as `signInByPasskey`, unauthenticated */
  confirmByPasskey(visitor: Visitor, ctx: WriteContext, input: PasskeyAnswer & { userId: number }): Promise<void>
  /** For a new one. */
  askNewPasskey(visitor: Visitor, userId: number): PasskeyRequest
  /**
   * Keeps it. @param input.name empty = after what made it
   * @returns what it is called, and recovery codes when its person had none, this one time
   * @throws AppError validation_failed (formErrors form, name), conflict, unauthenticated
   */
  addPasskey(
    visitor: Visitor,
    ctx: WriteContext,
    input: PasskeyAnswer & { userId: number; name: string },
  ): Promise<{ name: string; codes: string[] | null }>
  /** @throws AppError not_found, validation_failed (formErrors name) */
  renamePasskey(ctx: WriteContext, input: { userId: number; publicId: string; name: string }): Promise<string>
  /** @throws AppError not_found, conflict when nothing else would sign its person in */
  removePasskey(ctx: WriteContext, input: { userId: number; publicId: string }): Promise<PasskeyShown>
  /** All of a person who cannot use them any more. @throws AppError conflict when there is none */
  removePasskeysIn(tx: Tx, userId: number): User
  /** @throws AppError not_found, conflict when there is none */
  removePasskeysByEmail(ctx: WriteContext, email: string): Promise<User>
}

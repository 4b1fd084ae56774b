// The nouns of identity and the interface other folders see. Ids without "public" are integers (users.id = principals.id).
import type { UserId } from "../app/index.ts"
import type { NotPromise, Tx, WriteContext } from "../store/index.ts"
import type { ClosingVerbs } from "./closed.ts"
import type { Arrival, FederationVerbs, TripInput } from "./federation/index.ts"
import type { PasskeyVerbs } from "./passkeys/index.ts"
import type { ProfileVerbs } from "./profile.ts"
import type { SavedListVerbs } from "./saved-lists.ts"
import type { SecondStepVerbs, WaitingStep } from "./second-step/index.ts"
import type { Proof, StepUpVerbs } from "./step-up/index.ts"
import type { UserSearch } from "./store/search.ts"
import type { TestUserVerbs } from "./test-users/index.ts"
import type { SignUpProof, SignUpWork } from "./work/index.ts"

export type { Arrival, SignUpProof, SignUpWork, TripInput }

export type UserStatus = "active" | "suspended" | "deleted"

export interface User {
  id: UserId
  publicId: string
  email: string
  emailVerified: boolean
  emailVerifiedMs: number | null
  name: string | null
  /** What they say of themselves, for invoices and for apps that may ask. */
  company: string | null
  /** BCP 47: `de-AT`. */
  locale: string | null
  /** Of the time zone database: `Europe/Vienna`. */
  zoneinfo: string | null
  isAdmin: boolean
  status: UserStatus
  statusReason: string | null
  /** The developer whose apps in test mode they are for; null: a person. */
  testOf: UserId | null
  createdMs: number
  updatedMs: number
}

/** Who is at the other end before anybody signed in. Fields come from the request itself, never from the form. */
export interface Visitor {
  requestId: string
  /** The browser's pre-session id (`csrf.browser(request).id`); codes and sessions are bound to it. */
  browserId: string
  /** Address of the real peer. */
  ip: string
  userAgent: string
  /** Auth session cookie of whom the browser acts as; its person's is replaced at login, so that no session is ever fixed. */
  previousToken?: string | null
  /** Those of others who are signed in there too. */
  otherTokens?: readonly string[]
}

export type SessionKind = "auth" | "console"

/** A living session with its person, as every page needs it. */
export interface AuthSession {
  sessionId: number
  sessionPublicId: string
  kind: SessionKind
  userId: UserId
  /** `usr_…` */
  publicId: string
  email: string
  name: string | null
  emailVerified: boolean
  isAdmin: boolean
  /** The developer whose test user this is; null: a person. */
  testOf: UserId | null
  /** When the person last proved who they are (OIDC `auth_time`), ms. */
  authTimeMs: number
  /** RFC 8176 methods, such as `["pwd"]`; and what apps call this sign-in, the same while one person stays in one browser. */
  amr: string[]
  sid: string
  /** The team that the console of this sign-in acts as; whether its person is in it still, `teams` says. Null: its person. */
  actingId: UserId | null
  /** The last one: by signing in, or by confirming since. */
  proof: Proof
}

/** The answer to a login: the only moment the token is known. */
export interface StartedSession {
  /** Cookie value; stored only as a hash. */
  token: string
  /** Whole seconds until the absolute end; for the cookie's Max-Age. */
  maxAgeSeconds: number
  session: AuthSession
}

export interface SessionInfo {
  /** `ses_…` */
  publicId: string
  createdMs: number
  seenMs: number
  expiresMs: number
  ip: string
  userAgent: string
  /** RFC 8176 methods of the sign-in, separated by spaces. */
  amr: string
}

export interface SignUpInput {
  email: string
  password: string
  name?: string | null
  /** Where `signUpWork` asked for it. */
  proof?: SignUpProof | undefined
}

/** An address that waits for its code in this browser. Equal for known and unknown addresses. */
export interface PendingCode {
  email: string
  expiresMs: number
  /** Earliest moment another code is sent. */
  resendAtMs: number
  triesLeft: number
}

export type LoginInput = { email: string; password: string }

export interface NewUser {
  email: string
  name?: string | null
  passwordHash: string | null
  emailVerified: boolean
}

export interface Identity
  extends SecondStepVerbs,
    StepUpVerbs,
    FederationVerbs,
    PasskeyVerbs,
    ClosingVerbs,
    ProfileVerbs,
    SavedListVerbs,
    TestUserVerbs {
  // ---- sign-up ----------------------------------------------------------------------------------------------------
  /**
   * Takes a sign-up and mails a code (or, to the owner of an existing account, a notice). Answers the same either way.
   * @throws AppError validation_failed (formErrors email, password, name), rate_limit_exceeded, overloaded
   */
  signUp(visitor: Visitor, input: SignUpInput): Promise<PendingCode>
  /** What this visitor's browser calculates before it signs up; null: nothing, as long as there is no flood. */
  signUpWork(visitor: Pick<Visitor, "browserId" | "ip">): SignUpWork | null
  /** What waits for a code in this browser; null = nothing, start over. */
  pendingSignUp(browserId: string): PendingCode | null
  /** Sends a new code that replaces the old. @throws AppError rate_limit_exceeded (retryAfterSeconds), not_found */
  resendCode(visitor: Visitor): Promise<PendingCode>
  /**
   * Proves the address, makes the account and signs in.
   * @throws AppError validation_failed (formErrors code), conflict when the address got an account meanwhile
   */
  verifySignUp(visitor: Visitor, code: string): Promise<StartedSession>

  // ---- passwords -------------------------------------------------------------------------------------------------
  /**
   * Mails a one-time link when the address has an account. Same steps, same answer when it has none.
   * @param input.carry opaque value the link brings back (a sign-in that waits in this browser)
   * @throws AppError validation_failed (formErrors email), rate_limit_exceeded
   */
  requestPasswordReset(visitor: Visitor, input: { email: string; carry?: string | undefined }): Promise<void>
  /** Reads a link without using it up; null when it was used, has expired or never was. */
  passwordResetOf(token: string): { email: string; expiresMs: number } | null
  /**
   * Sets the password, uses up the link and every other one, ends all sessions and all apps' tokens. Signs nobody in.
   * @throws AppError not_found (link), validation_failed (formErrors password), account_suspended, overloaded
   */
  resetPassword(visitor: Visitor, input: { token: string; password: string }): Promise<void>
  /**
   * Changes the password of the person behind the auth cookie (visitor.previousToken): all other sessions and all
   * apps' tokens end, this session gets a new id.
   * @throws AppError unauthenticated, validation_failed (formErrors password), overloaded
   */
  changePassword(visitor: Visitor, input: { userId: UserId; password: string }): Promise<StartedSession>

  /**
   * A password for an account that has none. Who asks has confirmed a moment ago that it is them; other sessions go on.
   * @throws AppError unauthenticated, conflict when there is one, validation_failed (formErrors password), overloaded
   */
  setFirstPassword(visitor: Visitor, input: { userId: UserId; password: string }): Promise<void>

  // ---- email address ---------------------------------------------------------------------------------------------
  /**
   * Mails a code to the address a person wants from now on (or, when it has an account, a notice). Answers the same either way.
   * @throws AppError unauthenticated, validation_failed (formErrors email), rate_limit_exceeded
   */
  requestEmailChange(visitor: Visitor, input: { userId: UserId; email: string }): Promise<PendingCode>
  /** What waits for a code of this person in this browser; null = nothing, start over. */
  pendingEmailChange(browserId: string, userId: UserId): PendingCode | null
  /** Sends a new code that replaces the old. @throws AppError rate_limit_exceeded (retryAfterSeconds), not_found */
  resendEmailChange(visitor: Visitor, userId: UserId): Promise<PendingCode>
  /**
   * Proves the new address and moves the account to it; the old one is told, and its reset links close. The person is the one
   * behind the auth cookie (visitor.previousToken), and their password is still the one they asked with.
   * @throws AppError unauthenticated, validation_failed (formErrors code), conflict when the address got an account meanwhile
   */
  confirmEmailChange(visitor: Visitor, input: { userId: UserId; code: string }): Promise<User>

  // ---- login and sessions ----------------------------------------------------------------------------------------
  /**
   * Signs in with email and password; always a new session. Where two-step sign-in is on, a code is asked for first (`completeLogin`).
   * @throws AppError validation_failed (same words for unknown and wrong), rate_limit_exceeded, account_suspended,
   * overloaded
   */
  login(visitor: Visitor, input: LoginInput): Promise<StartedSession | WaitingStep>
  /** The living session behind a cookie, or null. A token of one kind is nothing to the other. */
  sessionByToken(token: string | null, kind?: SessionKind): AuthSession | null
  /**
   * What a browser carries of a sign-in to answer for it to pages of other sites (FedCM). It is no session: it tells which one, to what the
   * browser alone may ask, and dies with it.
   */
  browserWord(session: Pick<AuthSession, "userId" | "sid">): string
  sessionByWord(word: string): AuthSession | null
  /** The living sign-in that an ID token names by `sid`. */
  sessionBySid(userId: UserId, sid: string): AuthSession | null
  /** The console of this session acts as a team, or as its person again. @throws AppError unauthenticated */
  actAsIn(tx: Tx, input: { sessionId: number; userId: UserId; actingId: UserId | null }): void
  /**
   * A console session under a living auth session of the same user (after the console's own OAuth login).
   * @param visitor previousToken = the console cookie the browser still carries
   * @throws AppError unauthenticated when the parent is gone or another person's
   */
  openConsoleSession(visitor: Visitor, input: { userId: UserId; parentSessionId: number }): Promise<StartedSession>
  /** Ends the auth session behind either cookie and all its children. Unknown tokens are fine. */
  logout(ctx: WriteContext, token: string | null, kind?: SessionKind): Promise<void>
  /** Living auth sessions, newest use first. */
  sessionsOf(userId: UserId): SessionInfo[]
  /** Ends one session of this user with its children. @throws AppError not_found */
  revokeSession(ctx: WriteContext, input: { userId: UserId; sessionPublicId: string }): Promise<void>
  /** Ends everybody's sessions and closes every one-time link. Returns how many auth sessions ended; the caller audits. */
  endEverythingIn(tx: Tx, reason: string): number

  // ---- people ----------------------------------------------------------------------------------------------------
  userById(id: UserId): User | null
  userByPublicId(publicId: string): User | null
  userByEmail(email: string): User | null
  /** Newest first, keyset by id. */
  searchUsers(search: UserSearch): User[]
  /** Makes principal and user. @throws AppError validation_failed when the address is taken */
  createUserIn(tx: Tx, input: NewUser): User
  /** The same from a plain password, address taken as proved; for the CLI and the demo. */
  createUser(ctx: WriteContext, input: SignUpInput & { isAdmin?: boolean }): Promise<User>
  /** Empty = no name. @throws AppError validation_failed (formErrors name) */
  setName(ctx: WriteContext, input: { userId: UserId; name: string }): Promise<User>
  /** @throws AppError not_found, account_suspended */
  requireActiveIn(tx: Tx, userId: UserId): User
  /** Memory only; right before the promise of suspend resolves. True for deleted users too. */
  isSuspended(userId: UserId): boolean
  /**
   * Ends all sessions, runs the lifecycle hooks, audits. Suspending twice changes nothing.
   * @throws AppError not_found, conflict (last admin, oneself), validation_failed (no reason)
   */
  suspendIn(tx: Tx, input: { userId: UserId; reason: string }): User
  suspend(ctx: WriteContext, input: { userId: UserId; reason: string }): Promise<User>
  unsuspendIn(tx: Tx, input: { userId: UserId; reason: string }): User
  unsuspend(ctx: WriteContext, input: { userId: UserId; reason: string }): Promise<User>

  // ---- roles and first run ---------------------------------------------------------------------------------------
  hasAdmin(): boolean
  /** An admin beside whom there is none. */
  isOnlyAdmin(userId: UserId): boolean
  /** @throws AppError not_found, conflict (last admin, unproved address) */
  setAdminIn(tx: Tx, input: { userId: UserId; isAdmin: boolean }): User
  /** Oldest first; suspended ones too. */
  admins(): User[]
  /** From the console of the server. @throws AppError not_found, conflict (last admin, unproved address) */
  setAdminByEmail(
    ctx: WriteContext,
    input: { email: string; isAdmin: boolean },
  ): Promise<{ user: User; changed: boolean }>
  /** By another admin. @throws AppError not_found, conflict, unauthenticated */
  setAdmin(ctx: WriteContext, input: { byId: UserId; userId: UserId; isAdmin: boolean }): Promise<User>
  /** Does something as an admin who is one in that very body. @throws AppError unauthenticated; whatever `act` throws */
  asAdmin<T>(ctx: WriteContext, byId: UserId, act: (tx: Tx) => NotPromise<T>): Promise<T>
  /** A one-time link of 30 minutes that signs in an admin; voids earlier ones. @throws AppError not_found, conflict (no admin, suspended) */
  createLoginLink(ctx: WriteContext, email: string): Promise<{ url: string; expiresMs: number }>
  /** Reads a link without using it up; null when it opens nothing. */
  loginLinkOf(token: string): { email: string } | null
  /**
   * Signs in, and sets a new password unless it is empty: then all other sessions and apps' tokens end.
   * @throws AppError not_found (link), validation_failed (formErrors password)
   */
  claimLoginLink(visitor: Visitor, input: { token: string; password: string }): Promise<StartedSession>
  /** A new one-time link of 30 minutes; voids earlier ones. */
  createSetupLink(ctx: WriteContext): Promise<{ token: string; url: string; expiresMs: number }>
  isSetupLinkOpen(token: string): boolean
  /** Makes the admin's account from the link and signs in. @throws AppError not_found (link), validation_failed */
  claimSetup(visitor: Visitor, input: SignUpInput & { token: string }): Promise<StartedSession>
  /** Makes the signed-in person (visitor.previousToken) an admin, renews the session. @throws AppError not_found, unauthenticated */
  claimSetupSignedIn(visitor: Visitor, input: { token: string }): Promise<StartedSession>

  // ---- upkeep ----------------------------------------------------------------------------------------------------
  /** Gives names from before names were sorted by people's order their place in it, at most so many. Returns how many. */
  sortNames(ctx: WriteContext, rowsMax?: number): Promise<number>
  /** Deletes what nobody needs, at most so many rows of each kind. Returns rows deleted: that many = more may be left. */
  purge(ctx: WriteContext, rowsMax?: number): Promise<number>
}

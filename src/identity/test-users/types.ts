// The nouns of test users: people of the test mode of one developer's apps.
import type { UserId } from "../../app/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { StartedSession, Visitor } from "../types.ts"

export interface TestUser {
  id: UserId
  /** `usr_…` */
  publicId: string
  email: string
  name: string
  createdMs: number
  /** Then it is erased. */
  endsMs: number
  /** When it signed in last or came by; null: never. */
  seenMs: number | null
}

/** Whom an open sign-in link signs in, and whose test user that is. */
export interface TestUserLink {
  user: Pick<TestUser, "publicId" | "name" | "email">
  developerId: UserId
}

/** Part of Identity. */
export interface TestUserVerbs {
  /**
   * Signs in to the developer's apps in test mode with the password, which is told here and never again. It has no mailbox, and gets in
   * nowhere else. @param more what else is written with it @throws AppError conflict (as many as there may be), rate_limit_exceeded
   */
  makeTestUser(
    ctx: WriteContext,
    developerId: UserId,
    more?: (tx: Tx, userId: UserId) => void,
  ): Promise<{ user: TestUser; password: string }>
  /** The newest first. */
  testUsersOf(developerId: UserId): TestUser[]
  /** Out at once; the rest of it goes soon. @throws AppError not_found */
  removeTestUserIn(tx: Tx, input: { developerId: UserId; publicId: string }): void
  /**
   * Signs in that test user, once, within ten minutes; their earlier links close.
   * @throws AppError not_found, rate_limit_exceeded
   */
  makeTestUserLink(
    ctx: WriteContext,
    input: { developerId: UserId; publicId: string },
  ): Promise<{ url: string; expiresMs: number }>
  /** Reads a link without using it up; null when it was used, has expired or never was. */
  testUserLinkOf(token: string): TestUserLink | null
  /**
   * Signs in beside whoever is in this browser: its developer and their test users alone.
   * @throws AppError not_found (link), conflict (somebody else is signed in there)
   */
  claimTestUserLink(visitor: Visitor, token: string): Promise<StartedSession>
  /** Whose time is over, or whose developer is gone; the oldest first. */
  testUsersDue(nowMs: number): UserId[]
}

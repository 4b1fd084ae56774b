// What comes from outside: people, teams and who is signed in, as this domain asks them.
import type { UserId } from "../app/index.ts"
import type { Reader, Tx } from "../store/index.ts"

/** What this domain needs to know about people; identity fits it. */
export interface IdentityPort {
  userById(id: UserId): OauthUser | null
  /** What they have set up beside the password; null: nothing. */
  secondStepOf(userId: UserId): object | null
  /** Memory only, right at every moment. */
  isSuspended(userId: UserId): boolean
  /** @throws AppError account_suspended (or not_found), read inside the body */
  requireActiveIn(tx: Tx, userId: UserId): { emailVerified: boolean }
}

/** What this domain needs to know about teams; teams fits it. */
export interface TeamsPort {
  /** Whether this person may spend that team's credits now. */
  maySpend(reader: Reader, userId: UserId, teamId: UserId): boolean
  /** Whether they may act for who made an app: themselves, or a team that they build for. */
  mayFor(reader: Reader, userId: UserId, ownerId: UserId, right: "build"): boolean
  /** null: it is no team. */
  byId(id: UserId, reader?: Reader): { publicId: string } | null
  /** By public id. @throws AppError not_found, forbidden */
  spendableIn(tx: Tx, of: { userId: UserId; team: string }): UserId
}

export interface OauthUser {
  id: UserId
  publicId: string
  email: string
  emailVerified: boolean
  name: string | null
  isAdmin?: boolean
  testOf?: UserId | null // the developer whose test user it is
  /** Absolute address; null: none. */
  picture?: string | null
  locale?: string | null
  zoneinfo?: string | null
  /** When anything of this was changed last, ms. */
  updatedMs: number
}

/** The signed-in person of this browser; the site has just looked the session up. */
export interface AuthSession {
  sessionId: string | number
  userId: UserId
  authTimeMs: number
  /** RFC 8176 methods of the sign-in. */
  amr: readonly string[]
  /** What apps call this sign-in: the same for one person in one browser. */
  sid: string
}

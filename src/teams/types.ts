// The nouns of teams. A team's id is that of its principal, as a person's is.
import type { Clock, Ids, UserId } from "../app/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Store, Tx } from "../store/index.ts"
import type { GivenRole, Role } from "./rules.ts"

export interface Team {
  id: UserId
  /** `tea_…` */
  publicId: string
  name: string
  /** Who made it, so that the making is bounded; whose it is, members say. Null once they are erased. */
  makerId: UserId | null
  createdMs: number
  /** Deleted. */
  endedMs: number | null
}

export interface Member {
  id: number
  teamId: UserId
  userId: UserId
  role: Role
  joinedMs: number
}

/** A team as one of its people has it. */
export interface Membership {
  team: Team
  member: Member
  role: Role
}

export type InviteState = "open" | "accepted" | "declined" | "revoked" | "expired"

export interface Invite {
  id: number
  /** `tin_…` */
  publicId: string
  teamId: UserId
  /** Who invited; null once they are erased. */
  userId: UserId | null
  role: GivenRole
  /** Null once it is over. */
  toEmail: string | null
  tokenHash: string | null
  toUserId: UserId | null
  state: InviteState
  createdMs: number
  endsMs: number
  decidedMs: number | null
}

export interface Person {
  id: UserId
  publicId: string
  email: string
  emailVerified: boolean
  name: string | null
}

/** Who does it, at which team. */
export interface TeamRef {
  userId: UserId
  team: string
}

export interface InviteInput extends TeamRef {
  email: string
  role: GivenRole
  /** By mail, or as a link that whoever invites hands over. */
  way: "mail" | "link"
}

/** …and whom it is about, by public id. */
export interface MemberRef extends TeamRef {
  member: string
}

/** Somebody may not spend from this wallet any more; `left`: they are not even in the team. */
export type Gone = (tx: Tx, gone: { userId: UserId; teamId: UserId; left: boolean }) => void

/** What a team has elsewhere. */
export interface Belonging {
  /** Why a team cannot be deleted because of it, in a sentence; null: nothing keeps it. */
  keepsIn(tx: Tx, teamId: UserId): string | null
  /** Ends what is left of it with a team that nobody has any more. @returns how many rows it took */
  endIn(tx: Tx, team: Team, rows: number): number
}
/** A team has another owner. */
export type Handed = (tx: Tx, handed: { teamId: UserId; from: UserId }) => void
/** A team is over. */
export type Ended = (tx: Tx, teamId: UserId) => void

export interface TeamsDeps {
  belongings: Belonging[]
  /** Ids of all teams there ever were, so that nobody is asked about people. */
  known: Set<UserId>
  gone: Gone[]
  handed: Handed[]
  ended: Ended[]
  store: Store
  clock: Clock
  ids: Ids
  mails: Pick<Mails, "queueIn">
  /** Where the console is; origin without trailing slash. */
  baseUrl: string
  identity: {
    userById(id: UserId): Person | null
    userByPublicId(publicId: string): Person | null
    requireActiveIn(tx: Tx, userId: UserId): { publicId: string }
  }
  ledger: Pick<Ledger, "walletIn" | "voidLotIn">
  plans: { entitlementsOfIn(tx: Tx, userId: UserId): { teams: boolean } }
}

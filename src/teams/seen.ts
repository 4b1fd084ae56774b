// Teams as the operator sees them: all of the house, deleted ones too. Nobody's right is asked: only admins' pages and keys come here.
import type { UserId } from "../app/index.ts"
import * as rows from "./store.ts"
import type { Member, Team, TeamsDeps } from "./types.ts"

export interface TeamsAsked {
  /** Part of a name, or an id. */
  text: string
  /** Teams that somebody is in; null: all. */
  userId: UserId | null
  /** Older than the team of this number. */
  beforeId: number | null
  limit: number
}

/** A team with its people; of a deleted one nobody is left. */
export interface TeamSeen {
  team: Team
  ownerId: UserId | null
  members: Member[]
}

/** `tea_…`, deleted ones too; null: there never was such a team. */
export function lookAt({ store: { read } }: TeamsDeps, publicId: string): TeamSeen | null {
  const team = rows.anyTeam(read, publicId)
  if (team === null) return null
  const members = rows.membersOf(read, team.id)
  return { team, members, ownerId: members.find(({ role }) => role === "owner")?.userId ?? null }
}

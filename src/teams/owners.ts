// A team as an owner, as other domains ask: who may act for it, and who reads its letters.
import type { UserId } from "../app/index.ts"
import type { Reader } from "../store/index.ts"
import { teamOfMailbox } from "./mailbox.ts"
import { may, type Right } from "./rules.ts"
import * as rows from "./store.ts"
import type { Member, Team, TeamsDeps } from "./types.ts"

export const ownersOf = (deps: TeamsDeps) => {
  const { read } = deps.store
  return {
    /** A team, ended ones too; null for a person. @param reader of a body, where one decides by it */
    byId: (id: UserId, reader: Reader = read): Team | null => (deps.known.has(id) ? rows.teamById(reader, id) : null),
    /** `tea_…`, ended ones too. */
    byPublicId: (publicId: string): Team | null => rows.teamByPublicId(read, publicId),
    /** Teams that are not deleted, from a number on. */
    teamsAfter: (reader: Reader, after: number, most: number): Team[] => rows.teamsAfter(reader, after, most),
    /** A team's people as they are in this body; none of one that is deleted. */
    peopleIn: (reader: Reader, teamId: UserId): Member[] => rows.membersOf(reader, teamId),
    /** Whether somebody may do this with what an owner has: all with their own, with a team's what their role allows. */
    mayFor: (reader: Reader, userId: UserId, ownerId: UserId, right: Right): boolean => {
      if (userId === ownerId) return true
      const member = deps.known.has(ownerId) ? rows.memberOf(reader, ownerId, userId) : null
      return member !== null && may(member.role, right)
    },
    /**
     * All that counts as one where something is given once: a person and the teams that they own or made, deleted ones too; of a team,
     * those of whoever owns it and of whoever made it.
     */
    circleOf: (reader: Reader, id: UserId): UserId[] => rows.circleOf(reader, id),
    /** Whether one of two principals is a team that the other is in, or both are teams of one owner. */
    areKinIn: (reader: Reader, one: UserId, other: UserId): boolean => {
      const [isTeam, isOther] = [deps.known.has(one), deps.known.has(other)]
      if (isTeam && isOther) return one === other || rows.ownerOf(reader, one) === rows.ownerOf(reader, other)
      return (
        (isTeam && rows.memberOf(reader, one, other) !== null) ||
        (isOther && rows.memberOf(reader, other, one) !== null)
      )
    },
    /** Addresses of a team's people who have a right, and its name; null: it is no team's mailbox. */
    readersOf: (reader: Reader, mailbox: string, right: Right): { name: string; to: string[] } | null => {
      const publicId = teamOfMailbox(mailbox)
      if (publicId === null) return null
      const team = rows.teamByPublicId(reader, publicId)
      return { name: team?.name ?? "", to: team ? emailsOf(deps, reader, team.id, right) : [] }
    },
    /** …of whoever owns something: of a team's people who have a right, or of the person. */
    emailsOf: (reader: Reader, ownerId: UserId, right: Right): string[] =>
      deps.known.has(ownerId)
        ? emailsOf(deps, reader, ownerId, right)
        : [deps.identity.userById(ownerId)?.email ?? []].flat(),
  }
}

const emailsOf = ({ identity }: TeamsDeps, reader: Reader, teamId: UserId, right: Right): string[] =>
  rows
    .membersOf(reader, teamId)
    .filter(({ role }) => may(role, right))
    .flatMap(({ userId }) => identity.userById(userId)?.email ?? [])

// The door of `teams`: several people, one wallet. Who may do what stands in one table (rules.ts), asked in the body of every act.
import type { UserId } from "../app/index.ts"
import { type AuditRow, auditOfTeam } from "../audit/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { endIn, releaseIn } from "./end.ts"
import { acceptIn, declineIn, inviteIn, offerTo, revokeInviteIn } from "./invites.ts"
import { TEAM_LIMITS as L } from "./limits.ts"
import { handOverIn, leaveIn, limitableIn, removeIn, setRoleIn } from "./members.ts"
import { ownersOf } from "./owners.ts"
import { may, type Right } from "./rules.ts"
import { lookAt } from "./seen.ts"
import * as rows from "./store.ts"
import { createIn, membershipOf, renameIn } from "./team.ts"
import type {
  Belonging,
  Ended,
  Gone,
  Handed,
  Invite,
  InviteInput,
  Member,
  MemberRef,
  Membership,
  Team,
  TeamRef,
  TeamsDeps,
} from "./types.ts"

export { TEAM_LIMITS } from "./limits.ts"
export { teamMailbox } from "./mailbox.ts"

export { teamsPart } from "./part.ts"
export {
  byRole,
  GIVEN_ROLES,
  type GivenRole,
  may,
  mayGive,
  mayLimit,
  RIGHTS,
  type Right,
  ROLE_RIGHTS,
  ROLE_WORDS,
  ROLES,
  type Role,
} from "./rules.ts"
export type { TeamSeen, TeamsAsked } from "./seen.ts"

export type { Invite, InviteInput, Member, MemberRef, Membership, Team, TeamRef } from "./types.ts"

type ByToken = { userId: UserId; token: string }

const SWEEP = {
  actor: "system:sweep-teams",
  requestId: "job_sweep-teams",
  reason: "invitations that nobody answered end",
}

export function createTeams(given: Omit<TeamsDeps, "known" | "gone" | "handed" | "ended" | "belongings">) {
  const { store } = given
  const known = new Set(rows.teamIds(store.read))
  const deps: TeamsDeps = { ...given, known, gone: [], handed: [], ended: [], belongings: [] }
  return {
    ...readsOf(deps),
    ...ownersOf(deps),
    look: (publicId: string) => lookAt(deps, publicId),
    /** @throws AppError plan_required, forbidden (address not proven), conflict (too many), validation_failed (name) */
    createIn: (tx: Tx, input: { userId: UserId; name: string }) => createIn(deps, tx, input),
    /** Of all below: @throws AppError not_found (not in the team), forbidden (their role), account_suspended */
    renameIn: (tx: Tx, input: TeamRef & { name: string }) => renameIn(deps, tx, input),
    /** @throws AppError plan_required, conflict (too many), validation_failed (email) */
    inviteIn: (tx: Tx, input: InviteInput) => inviteIn(deps, tx, input),
    revokeInviteIn: (tx: Tx, ref: TeamRef & { invite: string }) => revokeInviteIn(deps, tx, ref),
    /** @throws AppError not_found, conflict (in it, too many), plan_required */
    acceptIn: (tx: Tx, by: ByToken) => acceptIn(deps, tx, by),
    declineIn: (tx: Tx, by: ByToken) => declineIn(deps, tx, by),
    setRoleIn: (tx: Tx, input: Parameters<typeof setRoleIn>[2]) => setRoleIn(deps, tx, input),
    removeIn: (tx: Tx, input: MemberRef) => removeIn(deps, tx, input),
    /** Whom somebody may limit. @throws AppError not_found, forbidden */
    limitableIn: (tx: Tx, ref: MemberRef) => limitableIn(deps, tx, ref),
    /** @throws AppError conflict for the owner */
    leaveIn: (tx: Tx, ref: TeamRef) => leaveIn(deps, tx, ref),
    /** @throws AppError conflict, plan_required */
    handOverIn: (tx: Tx, input: MemberRef) => handOverIn(deps, tx, input),
    /** @throws AppError conflict: calls run, credits owed, credits left that are not given up, apps or earnings */
    endIn: (tx: Tx, input: TeamRef & { forfeit: boolean }) => endIn(deps, tx, input),
    releaseIn: (tx: Tx, userId: UserId, most: number) => releaseIn(deps, tx, userId, most),

    /** What else ends, in the body, when somebody may not spend from a team's wallet any more. */
    onGone: (hook: Gone) => void deps.gone.push(hook),
    /** What goes along, in the body, when a team has another owner. */
    onHandedOver: (hook: Handed) => void deps.handed.push(hook),
    /** What other domains have of a team: keeps it from being deleted, or ends with it. */
    withBelonging: (belonging: Belonging) => void deps.belongings.push(belonging),
    /** What ends with a team, in the body. */
    onEnd: (hook: Ended) => void deps.ended.push(hook),

    sweep: (most: number): Promise<number> =>
      store.write(SWEEP, (tx) => {
        const expired = rows.expireInvites(tx, most)
        return expired + rows.deleteDecidedBefore(tx, tx.now - L.inviteKeptMs, most - expired)
      }),
  }
}

/** What pages and other domains ask. */
const readsOf = (deps: TeamsDeps) => {
  const { clock } = deps
  const { read } = deps.store
  return {
    /** Teams that somebody is in, by name. */
    of: (userId: UserId): Membership[] =>
      rows.membershipsOf(read, userId).map((member) => ({
        team: rows.teamById(read, member.teamId)!,
        member,
        role: member.role,
      })),
    /** @throws AppError not_found for those who are not in it, forbidden where their role lacks the right */
    membership: (ref: TeamRef, right: Right): Membership => membershipOf(read, ref, right),
    /** @throws AppError as `membership` */
    membersOf: (ref: TeamRef): Member[] => rows.membersOf(read, membershipOf(read, ref, "see").team.id),
    /** The team that a session acts as, as long as its person is in it. */
    seat({ userId, actingId }: { userId: UserId; actingId: UserId | null }): Membership | null {
      if (actingId === null) return null
      const team = rows.teamById(read, actingId)
      const member = team && team.endedMs === null ? rows.memberOf(read, team.id, userId) : null
      return team && member ? { team, member, role: member.role } : null
    },
    /** Whether somebody may spend a team's credits. @param reader of a body, where one decides by it */
    maySpend: (reader: Reader, userId: UserId, teamId: UserId): boolean => {
      const member = rows.memberOf(reader, teamId, userId)
      return member !== null && may(member.role, "spend")
    },
    /** Its number, for whoever may spend its credits. @throws AppError as `membership` */
    spendableIn: (tx: Tx, ref: TeamRef): UserId => membershipOf(tx, ref, "spend").team.id,
    /** Teams whose credits somebody may spend. */
    spendableOf: (userId: UserId): Team[] =>
      rows
        .membershipsOf(read, userId)
        .filter(({ role }) => may(role, "spend"))
        .map(({ teamId }) => rows.teamById(read, teamId)!),
    /** Who answers for a principal: a team's owner, a person for themselves. @param reader of a body, where one decides by it */
    answersFor: (id: UserId, reader: Reader = read): UserId =>
      deps.known.has(id) ? (rows.ownerOf(reader, id) ?? id) : id,
    /** What a team is called; null for a person. */
    nameOf: (id: UserId): string | null => (deps.known.has(id) ? (rows.teamById(read, id)?.name ?? null) : null),
    /** How many people are in a team; for whoever may see it. */
    countOf: (teamId: UserId): number => rows.membersOf(read, teamId).length,
    /** @throws AppError as `membership` */
    invitesOf: (ref: TeamRef): Invite[] =>
      rows.openInvitesOf(read, membershipOf(read, ref, "members").team.id, clock.now()),
    /** Newest acts. @throws AppError as `membership` */
    actsOf: (ref: TeamRef): AuditRow[] =>
      auditOfTeam(read, membershipOf(read, ref, "audit").team.publicId, L.auditRows),
    /** @throws AppError not_found for whoever it is not made for */
    offer: (by: ByToken): { invite: Invite; team: Team } => offerTo(deps, read, by, clock.now()),
  }
}

export type Teams = ReturnType<typeof createTeams>

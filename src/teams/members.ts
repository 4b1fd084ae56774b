// People of a team: other roles, removed, gone, and the one who answers for it. Exactly one person owns a team at any time.
import { ensure, invariant, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { TEAM_LIMITS as L } from "./limits.ts"
import { teamMember } from "./mails.ts"
import { type GivenRole, may, mayGive, mayLimit } from "./rules.ts"
import * as rows from "./store.ts"
import { requireIn, requirePlanIn } from "./team.ts"
import type { Member, MemberRef, Membership, Person, Team, TeamRef, TeamsDeps } from "./types.ts"

/** Whom an act is about: somebody of this very team. @throws AppError not_found */
function memberIn({ identity }: TeamsDeps, tx: Tx, team: Team, publicId: string): { member: Member; person: Person } {
  const person = identity.userByPublicId(publicId)
  const member = person && rows.memberOf(tx, team.id, person.id)
  ensure(person && member, "not_found", "Nobody of this team is called that.")
  return { member, person }
}

const OWNER = "Owners hand a team over, or delete it. Nobody changes or removes them."
const ADMIN = "Only the owner of a team names admins, changes or removes them."

function requireGiving({ role }: Membership, member: Member, to?: GivenRole): void {
  ensure(member.role !== "owner", "conflict", OWNER)
  ensure(mayGive(role, member.role) && (to === undefined || mayGive(role, to)), "forbidden", ADMIN)
}

export function setRoleIn(deps: TeamsDeps, tx: Tx, input: MemberRef & { role: GivenRole }): void {
  const by = requireIn(deps, tx, input, "members")
  const { member, person } = memberIn(deps, tx, by.team, input.member)
  requireGiving(by, member, input.role)
  if (member.role === input.role) return
  rows.setRole(tx, member.id, input.role)
  if (!may(input.role, "spend")) spendsNoMoreIn(deps, tx, member, false)
  if (!may(input.role, "members")) rows.revokeInvitesBy(tx, by.team.id, person.id)
  const [before, after] = [member.role, input.role]
  auditIn(tx, {
    action: "team.role_changed",
    subject: by.team.publicId,
    before: { member: person.publicId, role: before },
    after: { member: person.publicId, role: after },
  })
  tellIn(deps, tx, person, by.team, after)
}

export function removeIn(deps: TeamsDeps, tx: Tx, input: MemberRef): void {
  const by = requireIn(deps, tx, input, "members")
  const { member, person } = memberIn(deps, tx, by.team, input.member)
  requireGiving(by, member)
  goneIn(deps, tx, by.team, member)
  auditIn(tx, { action: "team.member_removed", subject: by.team.publicId, before: { member: person.publicId } })
  tellIn(deps, tx, person, by.team, "removed")
}

export function leaveIn(deps: TeamsDeps, tx: Tx, ref: TeamRef): void {
  const { team, member, by } = requireIn(deps, tx, ref, "see")
  ensure(member.role !== "owner", "conflict", OWNER)
  goneIn(deps, tx, team, member)
  auditIn(tx, { action: "team.member_left", subject: team.publicId, before: { member: by } })
}

/** Their keys for the team's wallet die in this body. */
export function spendsNoMoreIn({ gone }: TeamsDeps, tx: Tx, { teamId, userId }: Member, left = true): void {
  for (const hook of gone) hook(tx, { teamId, userId, left })
}

/** Whom whoever asks may limit, in the body that does. @throws AppError as `requireIn`; not_found, forbidden for others' */
export function limitableIn(deps: TeamsDeps, tx: Tx, input: MemberRef): { team: Team; userId: UserId; person: string } {
  const { team, role } = requireIn(deps, tx, input, "members")
  const { member, person } = memberIn(deps, tx, team, input.member)
  ensure(mayLimit(role, member.role), "forbidden", "Only the owner of a team limits admins and owners.")
  return { team, userId: person.id, person: person.publicId }
}

/** What goes with a membership, whatever ended it. */
export function goneIn(deps: TeamsDeps, tx: Tx, team: Team, member: Member): void {
  rows.deleteMember(tx, member.id)
  spendsNoMoreIn(deps, tx, member)
  rows.revokeInvitesBy(tx, team.id, member.userId)
}

export function handOverIn(deps: TeamsDeps, tx: Tx, input: MemberRef): void {
  const { team, member: from, by } = requireIn(deps, tx, input, "own")
  const { member: to, person } = memberIn(deps, tx, team, input.member)
  ensure(to.id !== from.id, "conflict", "This team is yours already.")
  deps.identity.requireActiveIn(tx, person.id)
  ensure(
    rows.countOwned(tx, person.id) < L.ownedMax,
    "conflict",
    "They own as many teams as one person may. Choose somebody else.",
  )
  requirePlanIn(deps, tx, person.id, "Their plan has no teams. Whoever owns a team needs one that has them.")
  rows.setRole(tx, from.id, "admin")
  becomeOwnerIn(deps, tx, { from: input.userId, to })
  auditIn(tx, {
    action: "team.handed_over",
    subject: team.publicId,
    before: { member: by },
    after: { member: person.publicId },
  })
  tellIn(deps, tx, person, team, "owner")
}

/** However it came to that. */
export function becomeOwnerIn({ handed }: TeamsDeps, tx: Tx, { from, to }: { from: UserId; to: Member }): void {
  rows.setRole(tx, to.id, "owner")
  for (const hook of handed) hook(tx, { teamId: to.teamId, from })
}

/** A mail to the person whom an act is about; whoever did it is told nothing. @param outcome a key of `OUTCOMES`, or a role */
export function tellIn({ mails }: TeamsDeps, tx: Tx, { email }: Person, team: Team, outcome: string): void {
  mails.queueIn(tx, teamMember, {
    to: email,
    data: { team: team.name, id: team.publicId, outcome },
    uselessAfterMs: null,
  })
}

export const ownerIn = (tx: Tx, teamId: UserId): Member => {
  const owner = rows.membersOf(tx, teamId).find(({ role }) => role === "owner")
  invariant(owner, "a team has an owner")
  return owner
}

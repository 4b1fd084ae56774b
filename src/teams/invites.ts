// Invitations: made for one address, with a token of 256 random bits that is known to whoever got it and stored as a hash. Taking one
// needs both: the token, and an account whose proven address is the one it was made for. So a link that is guessed, kept, used twice or
// passed on opens nothing.
import { AppError, DAY_MS, ensure, randomSecret, sha256Hex, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { normaliseEmail } from "../identity/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { TEAM_LIMITS as L } from "./limits.ts"
import { teamInvited, teamMember } from "./mails.ts"
import { ownerIn } from "./members.ts"
import { mayGive } from "./rules.ts"
import * as rows from "./store.ts"
import { requireIn, requirePlanIn } from "./team.ts"
import type { Invite, InviteInput, Team, TeamRef, TeamsDeps } from "./types.ts"

const GONE =
  "This invitation is over, or it was made for another address. Sign in with the address that it was sent to, or ask for a new one."

/** Only what we make is looked up. */
const hashOf = (token: string): string | null => (/^[\w-]{43}$/.test(token) ? sha256Hex(token) : null)

const badEmail = (words: string) =>
  new AppError("validation_failed", "Check the marked fields.", { formErrors: { email: words } })

/** @returns the link, which nobody is shown again */
export function inviteIn(deps: TeamsDeps, tx: Tx, input: InviteInput): { invite: Invite; link: string } {
  const { team, role: own } = requireIn(deps, tx, input, "members")
  ensure(mayGive(own, input.role), "forbidden", "Only the owner of a team names admins.")
  requirePlanIn(
    deps,
    tx,
    ownerIn(tx, team.id).userId,
    "The plan of this team's owner has no teams now. Nobody new can join.",
  )
  const email = normaliseEmail(input.email)
  if (email === null) throw badEmail("Enter an email address such as ada@example.com.")
  checkRoom(deps, tx, team, input, email)
  const [token, publicId, endsMs] = [randomSecret(), deps.ids.next("tin"), tx.now + L.inviteMs]
  rows.insertInvite(tx, {
    publicId,
    teamId: team.id,
    userId: input.userId,
    role: input.role,
    endsMs,
    toEmail: email,
    tokenHash: sha256Hex(token),
  })
  const link = `${deps.baseUrl}/teams/join?${new URLSearchParams({ token })}`
  // Whose address it is stays out of the log: it may be a stranger's.
  auditIn(tx, { action: "team.invited", subject: team.publicId, after: { invite: publicId, role: input.role } })
  if (input.way === "mail") {
    const from = deps.identity.userById(input.userId)?.name ?? ""
    const data = { team: team.name, from, role: input.role, link }
    deps.mails.queueIn(tx, teamInvited, { to: email, data, uselessAfterMs: endsMs })
  }
  return { invite: rows.inviteByPublicId(tx, team.id, publicId)!, link }
}

function checkRoom(deps: TeamsDeps, tx: Tx, team: Team, { userId }: InviteInput, email: string): void {
  const isIn = rows.membersOf(tx, team.id).some((member) => deps.identity.userById(member.userId)?.email === email)
  if (isIn) throw badEmail("Somebody with this address is in the team already.")
  const before = rows.openInviteTo(tx, team.id, email)
  if (before && before.endsMs > tx.now)
    throw badEmail("This address is invited already. Take that invitation back first.")
  if (before) rows.decideInvite(tx, before.id, "expired")
  ensure(
    rows.countSeats(tx, team.id, tx.now) < L.membersMax,
    "conflict",
    `A team has at most ${L.membersMax} people, those who are invited among them.`,
  )
  ensure(
    rows.invitedSince(tx, userId, tx.now - DAY_MS) < L.invitesPerDayMax,
    "conflict",
    `You invited ${L.invitesPerDayMax} people within a day, the most there may be. Try again tomorrow.`,
  )
}

export function revokeInviteIn(deps: TeamsDeps, tx: Tx, ref: TeamRef & { invite: string }): void {
  const { team, role } = requireIn(deps, tx, ref, "members")
  const invite = rows.inviteByPublicId(tx, team.id, ref.invite)
  ensure(invite?.state === "open", "not_found", "There is no such invitation any more.")
  ensure(mayGive(role, invite.role), "forbidden", "Only the owner of a team invites admins, and takes that back.")
  rows.decideInvite(tx, invite.id, "revoked")
  auditIn(tx, { action: "team.invite_revoked", subject: team.publicId, before: { invite: invite.publicId } })
}

/** What somebody with the token is offered. @throws AppError not_found, the same for every reason */
export function offerTo(deps: TeamsDeps, reader: Reader, by: { userId: UserId; token: string }, nowMs: number) {
  const tokenHash = hashOf(by.token)
  const invite = tokenHash === null ? null : rows.inviteByHash(reader, tokenHash)
  const person = deps.identity.userById(by.userId)
  const team = invite && rows.teamById(reader, invite.teamId)
  const isTheirs = person?.emailVerified === true && invite?.toEmail === person.email
  ensure(invite && team && isTheirs && team.endedMs === null && invite.endsMs > nowMs, "not_found", GONE)
  return { invite, team }
}

export function acceptIn(deps: TeamsDeps, tx: Tx, by: { userId: UserId; token: string }): Team {
  const { publicId } = deps.identity.requireActiveIn(tx, by.userId)
  const { invite, team } = offerTo(deps, tx, by, tx.now)
  ensure(rows.memberOf(tx, team.id, by.userId) === null, "conflict", "You are in this team already.")
  ensure(
    rows.countJoined(tx, by.userId) < L.joinedMax,
    "conflict",
    `You are in ${L.joinedMax} teams, the most there may be. Leave one first.`,
  )
  const owner = ownerIn(tx, team.id)
  requirePlanIn(deps, tx, owner.userId, "The plan of this team's owner has no teams now. Nobody new can join.")
  ensure(rows.decideInvite(tx, invite.id, "accepted", by.userId), "not_found", GONE)
  rows.insertMember(tx, { teamId: team.id, userId: by.userId, role: invite.role })
  auditIn(tx, { action: "team.joined", subject: team.publicId, after: { member: publicId, role: invite.role } })
  const host = deps.identity.userById(owner.userId)
  if (host) {
    const data = { team: team.name, id: team.publicId, outcome: "joined" }
    deps.mails.queueIn(tx, teamMember, { to: host.email, data, uselessAfterMs: null })
  }
  return team
}

export function declineIn(deps: TeamsDeps, tx: Tx, by: { userId: UserId; token: string }): Team {
  const { invite, team } = offerTo(deps, tx, by, tx.now)
  rows.decideInvite(tx, invite.id, "declined", by.userId)
  auditIn(tx, { action: "team.invite_declined", subject: team.publicId, before: { invite: invite.publicId } })
  return team
}

// A team is made, named and found. Every verb asks the table of rights in its own body: what a page showed before says nothing.
import { AppError, DAY_MS, ensure, invariant, nameProblem, tidyName, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { houseNameIn } from "../brand/index.ts"
import { makeTeamPrincipalIn } from "../identity/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { TEAM_LIMITS as L } from "./limits.ts"
import { may, type Right } from "./rules.ts"
import * as rows from "./store.ts"
import type { Membership, Team, TeamRef, TeamsDeps } from "./types.ts"

const NO_TEAM = "You are in no such team. Your teams are listed under Teams."
const NOT_YOURS = "Your role in this team does not allow that. Ask its owner."

/** To others a team does not exist; who is in it and may not do something is told so. @throws AppError not_found, forbidden */
export function membershipOf(reader: Reader, { userId, team: publicId }: TeamRef, right: Right): Membership {
  const team = rows.teamByPublicId(reader, publicId)
  const member = team && rows.memberOf(reader, team.id, userId)
  ensure(team && member, "not_found", NO_TEAM)
  ensure(may(member.role, right), "forbidden", NOT_YOURS)
  return { team, member, role: member.role }
}

/** …and they are let in here at all. @throws AppError account_suspended too */
export function requireIn(deps: TeamsDeps, tx: Tx, ref: TeamRef, right: Right): Membership & { by: string } {
  const { publicId: by } = deps.identity.requireActiveIn(tx, ref.userId)
  return { ...membershipOf(tx, ref, right), by }
}

/** @throws AppError plan_required: teams are a right of some plans, and of whoever answers for the team */
export function requirePlanIn({ plans }: TeamsDeps, tx: Tx, owner: UserId, words: string): void {
  ensure(plans.entitlementsOfIn(tx, owner).teams, "plan_required", words)
}

function readName(tx: Tx, raw: string, kept?: string): string {
  const name = tidyName(raw)
  const problem = nameProblem(name, { of: "company", charsMax: L.nameCharsMax, house: houseNameIn(tx), kept })
  if (problem) throw new AppError("validation_failed", "Check the marked fields.", { formErrors: { name: problem } })
  return name
}

export function createIn(deps: TeamsDeps, tx: Tx, input: { userId: UserId; name: string }): Team {
  const { userId } = input
  deps.identity.requireActiveIn(tx, userId)
  ensure(deps.identity.userById(userId)?.emailVerified, "forbidden", "Confirm your email address first.")
  requirePlanIn(deps, tx, userId, "Your plan has no teams. Choose one that has them.")
  ensure(
    rows.countOwned(tx, userId) < L.ownedMax && rows.countJoined(tx, userId) < L.joinedMax,
    "conflict",
    `You own ${L.ownedMax} teams, or are in ${L.joinedMax}, the most there may be. Hand one over or delete it first.`,
  )
  ensure(
    rows.madeSince(tx, userId, tx.now - DAY_MS) < L.madePerDayMax,
    "conflict",
    `You made ${L.madePerDayMax} teams within a day, the most there may be. Try again tomorrow.`,
  )
  const name = readName(tx, input.name)
  const id = makeTeamPrincipalIn(tx)
  rows.insertTeam(tx, { id, publicId: deps.ids.next("tea"), name, makerId: userId })
  rows.insertMember(tx, { teamId: id, userId, role: "owner" })
  const team = rows.teamById(tx, id)
  invariant(team, "a team just made is there")
  tx.afterCommit(() => void deps.known.add(id))
  // Names stay out of the log, which outlives them.
  auditIn(tx, { action: "team.created", subject: team.publicId })
  return team
}

export function renameIn(deps: TeamsDeps, tx: Tx, input: TeamRef & { name: string }): Team {
  const { team } = requireIn(deps, tx, input, "members")
  const name = readName(tx, input.name, team.name)
  if (name === team.name) return team
  rows.renameTeam(tx, team.id, name)
  auditIn(tx, { action: "team.renamed", subject: team.publicId })
  return { ...team, name }
}

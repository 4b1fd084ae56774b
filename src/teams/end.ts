// A team ends: on its owner's word, or with its last owner. Credits that are left are given up plainly or spent before, never lost by the way.
import { ensure, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { principal } from "../ledger/index.ts"
import { takeSteps } from "../part/index.ts"
import type { Tx } from "../store/index.ts"
import { becomeOwnerIn, spendsNoMoreIn, tellIn } from "./members.ts"
import { isTakenBy } from "./rules.ts"
import * as rows from "./store.ts"
import { requireIn } from "./team.ts"
import type { Member, Team, TeamRef, TeamsDeps } from "./types.ts"

const MODES = ["live", "test"] as const

/** @param input.forfeit what is left in the wallet goes to the house */
export function endIn(deps: TeamsDeps, tx: Tx, input: TeamRef & { forfeit: boolean }): Team {
  const { team } = requireIn(deps, tx, input, "own")
  const wallets = MODES.map((mode) => deps.ledger.walletIn(tx, principal(team.id), mode))
  ensure(
    wallets.every(({ heldNano }) => heldNano === 0),
    "conflict",
    "Calls of this team still run. Try again in a moment.",
  )
  ensure(
    wallets.every(({ debtNano }) => debtNano === 0),
    "conflict",
    "This team owes credits. Buy them first, or ask the people who run this service.",
  )
  ensure(
    wallets.every(({ lots }) => lots.every(({ frozen }) => !frozen)),
    "conflict",
    "A payment of this team is in doubt. Wait until that is over.",
  )
  for (const { keepsIn } of deps.belongings) {
    const why = keepsIn(tx, team.id)
    ensure(why === null, "conflict", why ?? "")
  }
  const isEmpty = wallets.every(({ lots }) => lots.length === 0)
  ensure(isEmpty || input.forfeit, "conflict", "This team has credits left. Spend them, or say that they are given up.")
  const people = rows.membersOf(tx, team.id).filter(({ userId }) => userId !== input.userId)
  closeIn(deps, tx, team)
  for (const { userId } of people) {
    const person = deps.identity.userById(userId)
    if (person) tellIn(deps, tx, person, team, "ended")
  }
  return team
}

/** Of a team that its owner deletes little is left; rows of one whose owner was erased went in slices before. */
const ALL = 100_000

const endBelongingsIn = ({ belongings }: TeamsDeps, tx: Tx, team: Team, rows: number): number =>
  takeSteps(
    rows,
    belongings.map(
      ({ endIn }) =>
        (left: number) =>
          endIn(tx, team, left),
    ),
  )

function closeIn(deps: TeamsDeps, tx: Tx, team: Team): void {
  const { ledger } = deps
  for (const mode of MODES)
    for (const { publicId: lotId } of ledger.walletIn(tx, principal(team.id), mode).lots)
      ledger.voidLotIn(tx, { lotId, key: `team-ended:${lotId}` })
  endBelongingsIn(deps, tx, team, ALL)
  for (const member of rows.membersOf(tx, team.id)) spendsNoMoreIn(deps, tx, member)
  for (const hook of deps.ended) hook(tx, team.id)
  rows.endTeam(tx, team.id)
  auditIn(tx, { action: "team.ended", subject: team.publicId })
}

/** Who answers for a team from now on is told: they did not ask for it. */
function inheritIn(deps: TeamsDeps, tx: Tx, { from, to }: { from: UserId; to: Member }): void {
  becomeOwnerIn(deps, tx, { from, to })
  const [team, person] = [rows.teamById(tx, to.teamId), deps.identity.userById(to.userId)]
  if (!team || !person) return
  auditIn(tx, { action: "team.handed_over", subject: team.publicId, after: { member: person.publicId } })
  tellIn(deps, tx, person, team, "owner")
}

/**
 * Of somebody who is erased: their memberships. What they own goes to the admin who is in it longest, or ends.
 * @returns how many rows it took
 */
export function releaseIn(deps: TeamsDeps, tx: Tx, userId: UserId, most: number): number {
  const all = rows.membershipsOf(tx, userId).slice(0, most)
  for (const [at, member] of all.entries()) {
    const heir = rows.membersOf(tx, member.teamId).find(({ role }) => isTakenBy(role))
    const ends = member.role === "owner" && !heir ? rows.teamById(tx, member.teamId) : null
    // What it has may be much: it goes in slices first, the team with the last of them.
    const took = ends && endBelongingsIn(deps, tx, ends, most - at)
    if (took) return at + took
    spendsNoMoreIn(deps, tx, member)
    rows.deleteMember(tx, member.id)
    rows.revokeInvitesBy(tx, member.teamId, userId)
    if (member.role !== "owner") continue
    if (heir) inheritIn(deps, tx, { from: userId, to: heir })
    else if (ends) closeIn(deps, tx, ends)
  }
  return all.length
}

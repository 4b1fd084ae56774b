// Who answers for a wallet: a person for their own, a team's owner for a team's. With them suspended nothing is bought; letters go to those of
// the team who handle its money.
import type { UserId } from "../app/index.ts"
import type { Identity, User } from "../identity/index.ts"
import { type Right, type Teams, teamMailbox } from "../teams/index.ts"
import { requireActorIn } from "./makers.ts"

type Asked = Pick<Teams, "answersFor" | "byId" | "mayFor">

/** @param right what whoever acts for a team needs in the body of each act; none: what it needs is asked elsewhere */
export function payersOf(identity: Identity, teams: Asked, right: Right | null = null): Identity {
  const { userById } = buyersOf(identity, teams)
  return {
    ...identity,
    userById(id) {
      const team = teams.byId(id)
      const answers = userById(id)
      return team && answers ? { ...answers, email: teamMailbox(team.publicId) } : answers
    },
    isSuspended: (id) => identity.isSuspended(teams.answersFor(id)),
    requireActiveIn(tx, id) {
      const team = right === null ? null : teams.byId(id, tx)
      if (team && right !== null) requireActorIn({ identity, teams, right }, tx, team)
      return identity.requireActiveIn(tx, teams.answersFor(id, tx))
    },
  }
}

/** Who stands on papers where a team says nothing of its own: its owner, as they are. */
export const buyersOf = (identity: Identity, { answersFor }: Asked) => ({
  userById: (id: UserId): User | null => identity.userById(answersFor(id)),
})

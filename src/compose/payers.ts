// Who answers for a wallet: a person for their own, a team's owner for a team's. Mails and papers go to them, and with them suspended nothing is bought.
import type { Identity } from "../identity/index.ts"
import type { Teams } from "../teams/index.ts"

export const payersOf = (identity: Identity, { answersFor }: Pick<Teams, "answersFor">): Identity => ({
  ...identity,
  userById: (id) => identity.userById(answersFor(id)),
  isSuspended: (id) => identity.isSuspended(answersFor(id)),
  requireActiveIn: (tx, id) => identity.requireActiveIn(tx, answersFor(id, tx)),
})

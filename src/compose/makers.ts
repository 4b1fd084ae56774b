// People and teams as the makers of apps and APIs: of a team, whoever owns it answers, and letters go to those of its people whose affair it is.
import { AppError, nano, UserId } from "../app/index.ts"
import type { Developers } from "../developers/index.ts"
import type { GatewayDeps } from "../gateway/index.ts"
import type { Identity, User } from "../identity/index.ts"
import type { Mails } from "../mail/index.ts"
import { KINDS, type Topic } from "../notices/index.ts"
import type { Plans } from "../plans/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { type Right, type Team, type Teams, teamMailbox } from "../teams/index.ts"

/** Letters to a team are for those of its people whose affair they are, and begin with its name. */
export const shareLetters = (mails: Pick<Mails, "shareBy">, teams: Pick<Teams, "readersOf">): void =>
  mails.shareBy((tx, { kind }, to) => teams.readersOf(tx, to, rightOfLetter(kind)))

/** Somebody who left since the page began, or lost their right, does nothing in a team's name. @throws AppError forbidden */
export function requireActorIn(
  { identity, teams, right }: { identity: Identity; teams: Pick<Teams, "mayFor">; right: Right },
  tx: Tx,
  team: Team,
): void {
  const [kind, publicId] = tx.ctx.actor.split(":")
  if (tx.ctx.onBehalfOf !== team.publicId || kind !== "user" || publicId === undefined) return
  const actor = identity.userByPublicId(publicId)
  if (!actor || !teams.mayFor(tx, actor.id, team.id, right))
    throw new AppError("forbidden", "You are not in this team any more, or your role does not allow that.")
}

/**
 * Of a team: its owner, under the team's id, name and address.
 * @param right what whoever acts for a team needs in the body of each act
 * @throws as identity's own
 */
export function makersOf(
  identity: Identity,
  teams: Pick<Teams, "byId" | "byPublicId" | "answersFor" | "mayFor">,
  right: Right,
): Identity {
  const asTeam = (owner: User, { id, publicId, name }: Team): User => ({
    ...owner,
    id,
    publicId,
    name,
    email: teamMailbox(publicId),
    isAdmin: false,
  })
  const ownerOf = (team: Team, reader?: Reader): UserId | null => {
    const id = teams.answersFor(team.id, reader)
    return id === team.id ? null : id
  }
  const shown = (team: Team): User | null => {
    const ownerId = ownerOf(team)
    const owner = ownerId === null ? null : identity.userById(ownerId)
    return owner && asTeam(owner, team)
  }
  return {
    ...identity,
    userById(id) {
      const team = teams.byId(id)
      return team ? shown(team) : identity.userById(id)
    },
    userByPublicId(publicId) {
      const team = teams.byPublicId(publicId)
      return team ? shown(team) : identity.userByPublicId(publicId)
    },
    isSuspended: (id) => identity.isSuspended(teams.answersFor(id)),
    requireActiveIn(tx: Tx, id: UserId) {
      const team = teams.byId(id, tx)
      if (!team) return identity.requireActiveIn(tx, id)
      const ownerId = ownerOf(team, tx)
      if (ownerId === null) throw new AppError("not_found", "This team is gone.")
      requireActorIn({ identity, teams, right }, tx, team)
      return asTeam(identity.requireActiveIn(tx, ownerId), team)
    },
  }
}

const OF_MONEY: ReadonlySet<Topic | undefined> = new Set<Topic>(["money", "payouts"])
/** Of what was bought with credits: they stand among APIs. */
const OF_CREDITS = /^market_(?:paid|unpaid|became|refunded|trial_ends|hosting)$/

/** Letters about where money goes and comes are for those who handle it; all others, about apps and APIs, for those who build them. */
const rightOfLetter = (kind: string): Right =>
  OF_MONEY.has(KINDS.get(kind)?.topic) || OF_CREDITS.test(kind) ? "money" : "build"

/** Nobody earns by free credits of their own: a team's people are no strangers to it, nor it to them. */
export const earningsOf = (of: {
  teams: Pick<Teams, "areKinIn">
  developers: Pick<Developers, "promoCapIn">
  plans: Pick<Plans, "freeBudgetNanoIn">
}): GatewayDeps["earnings"] => ({
  promoCapIn: (tx, { userId, payer, developer }) =>
    [userId, UserId(payer.id)].some((one) => of.teams.areKinIn(tx, one, UserId(developer.id)))
      ? nano(0)
      : of.developers.promoCapIn(tx, of.plans.freeBudgetNanoIn(tx)),
})

/** Whom payouts go to, and who of them is one person. */
export const payeesOf = (
  identity: Identity,
  teams: Parameters<typeof makersOf>[1] & Pick<Teams, "answersFor" | "circleOf">,
) => ({
  identity: makersOf(identity, teams, "money"),
  answersFor: teams.answersFor,
  circleOf: teams.circleOf,
})

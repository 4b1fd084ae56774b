// What a team has beside its wallet: it is not deleted while it has apps, publishes APIs, has a payment under way, credits in pools, or earnings that
// were not paid out. Where nobody is left to have it, they end as those of a person who left for good.
import { creditsDecimal, nano, type UserId } from "../app/index.ts"
import type { Billing } from "../billing/index.ts"
import { type Developers, eraseDeveloper } from "../developers/index.ts"
import { type Ledger, principal } from "../ledger/index.ts"
import { erasePublisher, keepsPublisherIn } from "../marketplace/index.ts"
import type { Oauth } from "../oauth/index.ts"
import { takeSteps } from "../part/index.ts"
import { erasePayouts, type Payouts } from "../payouts/index.ts"
import type { Sponsors } from "../sponsors/index.ts"
import type { Teams } from "../teams/index.ts"

interface Houses {
  teams: Pick<Teams, "withBelonging">
  oauth: Pick<Oauth, "appsOfIn" | "eraseAppsIn">
  developers: Pick<Developers, "earningTerms">
  ledger: Pick<Ledger, "earningsOf">
  payouts: Pick<Payouts, "eraseDocumentsIn">
  billing: Pick<Billing, "isPayingIn" | "eraseIn">
  sponsors: Pick<Sponsors, "leftIn" | "eraseIn">
}

export function keepTeams({ teams, oauth, developers, ledger, payouts, billing, sponsors }: Houses): void {
  teams.withBelonging({
    // What is paid then would be credits of nobody.
    keepsIn: (tx, teamId) =>
      billing.isPayingIn(tx, teamId)
        ? "A payment of this team is under way. Wait until it is over, or give the order up."
        : null,
    endIn: (tx, { id }, rows) => billing.eraseIn(tx, id, rows),
  })
  teams.withBelonging({
    // Those of an app that is gone come back by a job, and a team that is gone has no wallet for them.
    keepsIn: (tx, teamId) =>
      sponsors.leftIn(tx, teamId)
        ? "Pools of this team's apps have credits left. Take them back first; those of a deleted app come back within minutes."
        : null,
    endIn: (tx, { id }) => sponsors.eraseIn(tx, id),
  })
  teams.withBelonging({
    keepsIn: (tx, teamId) =>
      oauth.appsOfIn(tx, teamId) > 0 ? "This team has apps. Delete them, or hand them to somebody, first." : null,
    endIn: (tx, { id, publicId }, rows) =>
      takeSteps(rows, [
        (left) => eraseDeveloper(tx, id, left),
        (left) => oauth.eraseAppsIn(tx, { id, publicId }, left),
      ]),
  })
  teams.withBelonging({
    keepsIn: keepsPublisherIn,
    endIn: (tx, { id }, rows) => erasePublisher(tx, id, rows),
  })
  teams.withBelonging({
    keepsIn(_, teamId: UserId) {
      const { pendingNano, payableNano, requestedNano } = ledger.earningsOf(
        principal(teamId),
        "live",
        developers.earningTerms(),
      )
      const owed = nano(pendingNano + payableNano + requestedNano)
      return owed > 0
        ? `This team earned ${creditsDecimal(owed)} credits that are not paid out yet. Have them paid out first.`
        : null
    },
    endIn: (tx, { id }, rows) =>
      takeSteps(rows, [(left) => payouts.eraseDocumentsIn(tx, id, left), (left) => erasePayouts(tx, id, left)]),
  })
}

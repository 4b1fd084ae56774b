// What a team has beside its wallet: it is not deleted while it has apps, a payment under way, or earnings that were not paid out. Where nobody is left to have it, its
// apps end as those of a person who left for good.
import { creditsDecimal, nano, type UserId } from "../app/index.ts"
import type { Billing } from "../billing/index.ts"
import { type Developers, eraseDeveloper } from "../developers/index.ts"
import { type Ledger, principal } from "../ledger/index.ts"
import type { Oauth } from "../oauth/index.ts"
import { takeSteps } from "../part/index.ts"
import { erasePayouts, type Payouts } from "../payouts/index.ts"
import type { Teams } from "../teams/index.ts"

interface Houses {
  teams: Pick<Teams, "withBelonging">
  oauth: Pick<Oauth, "appsOfIn" | "eraseAppsIn">
  developers: Pick<Developers, "earningTerms">
  ledger: Pick<Ledger, "earningsOf">
  payouts: Pick<Payouts, "eraseDocumentsIn">
  billing: Pick<Billing, "isPayingIn" | "eraseIn">
}

export function keepTeams({ teams, oauth, developers, ledger, payouts, billing }: Houses): void {
  teams.withBelonging({
    // What is paid then would be credits of nobody.
    keepsIn: (tx, teamId) =>
      billing.isPayingIn(tx, teamId)
        ? "A payment of this team is under way. Wait until it is over, or give the order up."
        : null,
    endIn: (tx, { id }, rows) => billing.eraseIn(tx, id, rows),
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

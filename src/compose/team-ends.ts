// What ends with a membership, and with a team, in the very body: keys, what apps may spend, limits, subscriptions; and what goes along with a
// team that has another owner.

import type { Keys } from "../keys/index.ts"
import type { Limits } from "../limits/index.ts"
import type { Marketplace } from "../marketplace/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Payouts } from "../payouts/index.ts"
import type { Teams } from "../teams/index.ts"

interface Houses {
  keys: Keys
  oauth: Oauth
  limits: Limits
  marketplace: Marketplace
  payouts: Pick<Payouts, "handedOverIn">
}

export function endWithTeams(teams: Teams, { keys, oauth, limits, marketplace, payouts }: Houses): void {
  teams.onGone((tx, { userId, teamId, left }) => {
    keys.revokeForIn(tx, { userId, payerId: teamId })
    oauth.endPaidByIn(tx, { userId, payerId: teamId })
    marketplace.calls.revokeKeysByIn(tx, { userId, ownerId: teamId })
    if (left) limits.dropMemberLimitsIn(tx, { userId, teamId })
  })
  teams.onHandedOver((tx, handed) => payouts.handedOverIn(tx, handed))
  teams.onEnd((tx, teamId) => marketplace.subscriptions.endAllIn(tx, teamId))
}

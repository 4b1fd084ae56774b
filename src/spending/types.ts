// Words of what people are told of how credits are spent.
import type { Analytics } from "../analytics/index.ts"
import type { Clock, Keyring, Nano, UserId } from "../app/index.ts"
import type { Billing } from "../billing/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Sponsors } from "../sponsors/index.ts"
import type { Store } from "../store/index.ts"
import type { Teams } from "../teams/index.ts"

export interface SpendingDeps {
  store: Store
  clock: Clock
  keyring: Keyring
  mails: Pick<Mails, "queueIn">
  ledger: Pick<Ledger, "wallet" | "walletIn">
  /** Of a team: whoever answers for it. */
  payers: Pick<Identity, "userById" | "isSuspended">
  identity: Pick<Identity, "userById" | "userByPublicId" | "isSuspended">
  teams: Pick<Teams, "teamsAfter" | "peopleIn">
  /** The name of a team; null for a person. */
  teamName: (ownerId: UserId) => string | null
  oauth: Pick<Oauth, "clientById" | "clientByPublicId" | "consentsOf" | "updateLimitsIn">
  analytics: Pick<Analytics, "person">
  billing: { recharges: Pick<Billing["recharges"], "of"> }
  sponsors: Pick<Sponsors, "poolsAfter">
  /** Where public pages are; origin without trailing slash. */
  siteUrl: string
}

/** When somebody is told that their credits are low. */
export interface LowMark {
  belowNano: Nano
  /** They chose it themselves. */
  isChosen: boolean
}

/** A limit that a link in a letter sets. */
export interface LimitLink {
  /** `usr_…` */
  user: string
  /** `cli_…` */
  app: string
  /** For each thing that the app may do, whole credits a UTC day. */
  most: number
  /** The link's last moment, Unix milliseconds. */
  untilMs: number
}

/** What a link offers; `isSet`: nothing of the app is above it. */
export interface LimitOffer {
  appName: string
  most: number
  /** How many kinds of use it limits, each. */
  kinds: number
  isSet: boolean
}

// What the gateway stands on: the domains beside it as far as it asks them, and what it is given.
import type { Clock, Ids, Keyring, Log, Nano, UserId } from "../app/index.ts"
import type { SafeForward } from "../http/index.ts"
import type { Kept } from "../kept/index.ts"
import type { Keys } from "../keys/index.ts"
import type { Ledger, Principal } from "../ledger/index.ts"
import type { Limits } from "../limits/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Tracer } from "../observe/index.ts"
import type { KeyTerms, Pricing } from "../pricing/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Sponsors } from "../sponsors/index.ts"
import type { Store, Tx } from "../store/index.ts"
import type { Usage } from "../usage/index.ts"
import type { Timeouts } from "./limits.ts"
import type { Providers, UpstreamFetch } from "./providers/index.ts"
import type { RoutingLimits } from "./routing/limits.ts"

export type TokenVerifier = Pick<
  Oauth,
  | "verifyAccessToken"
  | "assertAlive"
  | "proveCall"
  | "requireGrantIn"
  | "clientById"
  | "consentsOf"
  | "shareFor"
  | "payerOf"
>

export type KeyVerifier = Pick<Keys, "isKey" | "claimsOf" | "assertAlive" | "requireKeyIn">

export interface PersonPort {
  userById(id: UserId): { publicId: string; name: string | null; email: string; emailVerified: boolean } | null
  /** @throws AppError account_suspended */
  requireActiveIn(tx: Tx, id: UserId): { emailVerified: boolean }
}

/** What the person is given for free or by their plan; the first call that needs it takes it by itself (LE-4, BI-6). */
export interface ClaimPort {
  /** Posts the credits of plan periods that began. One read when there is none. */
  allocateDueIn(tx: Tx, userId: UserId): number
  /** What the plan says of a person's own keys; from memory, right after every change. */
  keyTermsOf(userId: UserId): KeyTerms & { planCode: string; planName: string; overrides: boolean; byok: boolean }
  /** Read inside the body that claims. */
  claimTermsIn(tx: Tx, userId: UserId): { amountNano: Nano; freeBudgetNano: Nano | null }
}

/** Who calls, who pays, and who would earn. */
export interface Earning {
  userId: UserId
  payer: Principal
  developer: Principal
}

/** What the operator lets promo credits earn a developer on one UTC day (SPEC §2). */
export interface EarningPort {
  /** n$; null = no cap; 0 where payer or caller and developer are one purse's people. Read inside the body that holds: lookups by key. */
  promoCapIn(tx: Tx, call: Earning): Nano | null
}

export type SponsorPort = Pick<Sponsors, "payerIn" | "roomIn" | "offerFor">

export interface GatewayDeps {
  store: Store
  clock: Clock
  ids: Ids
  keyring: Keyring
  log: Log
  ledger: Ledger
  pricing: Pricing
  oauth: TokenVerifier
  keys: KeyVerifier
  identity: PersonPort
  plans: ClaimPort
  earnings: EarningPort
  usage: Usage
  limits: Pick<Limits, "admit" | "giveBackIn" | "spending">
  /** Pools of developers; absent: nobody pays for others. */
  sponsors?: SponsorPort
  settings: Pick<Settings, "get">
  kept: Pick<Kept, "isOn" | "keep" | "one" | "recent" | "conversation" | "remove">
  /** Of OpenRouter's provisioning API; null or absent: nobody gets an account there. */
  openrouterManagementKey?: string | null
  /** Origin without trailing slash. */
  baseUrl: string
  /** Origin of `/v1`. */
  apiUrl: string
  /** Default: the platform's fetch. */
  fetch?: UpstreamFetch
  timeouts?: Partial<Timeouts>
  /** Where files are fetched that a provider keeps elsewhere; default: public addresses alone. */
  forward?: SafeForward
  /** Default: the whole table. */
  providers?: Providers
  /** Pause between two words of the sandbox; 0 by default. */
  sandboxWordMs?: number
  /** From 0 to below 1; default: the platform's. Which of several accounts is asked. */
  random?: () => number
  routing?: Partial<RoutingLimits>
  /** Where names of recent items wait for the next start; default: a stop forgets them. */
  itemsFile?: string
  /** Where forms with files wait for their provider, without a name; default: the platform's place for files that pass. */
  uploadDir?: string
  /** Null: calls are not traced. */
  tracer?: Tracer | null
}

// What the marketplace stands on.
import type { Clock, Ids, Keyring, Log } from "../app/index.ts"
import type { Billing } from "../billing/index.ts"
import type { Developers } from "../developers/index.ts"
import type { Gateway } from "../gateway/index.ts"
import type { SafeFetch, SafeForward } from "../http/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Limits } from "../limits/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Mcp } from "../mcp/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Outbox } from "../outbox/index.ts"
import type { Settings } from "../settings/index.ts"
import type { ReadWorker, Store } from "../store/index.ts"
import type { Teams } from "../teams/index.ts"

export interface MarketplaceDeps {
  store: Store
  /** What would stop the loop: documents of strangers are read there. */
  reads: Pick<ReadWorker, "ask">
  clock: Clock
  ids: Ids
  keyring: Keyring
  log: Log
  mails: Mails
  outbox: Outbox
  settings: Settings
  identity: Identity
  developers: Developers
  /** Publishers, people and teams: letters about an API go to the address of whoever publishes it. */
  makers: Pick<Identity, "userById">
  /** What a team is called, who may spend its credits, and who is one of it. */
  teams: Pick<Teams, "nameOf" | "maySpend" | "areKinIn" | "circleOf">
  ledger: Ledger
  billing: Billing
  limits: Limits
  gateway: Gateway
  oauth: Pick<Oauth, "addResources" | "protectedResourceMetadata">
  /** The transport of MCP, for products as servers of it. */
  mcp: Pick<Mcp, "serveTools">
  /** For servers that people name: never an address in a private network. */
  safeFetch: SafeFetch
  /** The same guard for calls on their way to publishers' servers. */
  safeForward: SafeForward
  /** Origin of the console, without a slash. */
  consoleUrl: string
  /** Where published APIs are called, each below it as `/:publisher/:product`; without a slash. */
  publishedAt: string
}

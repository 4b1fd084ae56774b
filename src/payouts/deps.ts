// What payouts stand on.
import type { Clock, Ids, Keyring, Log, UserId } from "../app/index.ts"
import type { Billing, Connection } from "../billing/index.ts"
import type { Developers } from "../developers/index.ts"
import type { Identity } from "../identity/index.ts"
import type { Ledger } from "../ledger/index.ts"
import type { Mails } from "../mail/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Reader, Store } from "../store/index.ts"

export interface PayoutsDeps {
  store: Pick<Store, "read" | "write">
  clock: Clock
  ids: Ids
  keyring: Keyring
  log: Log
  mails: Pick<Mails, "queueIn">
  settings: Pick<Settings, "get">
  /** People, and teams as payees. */
  identity: Pick<Identity, "userById" | "userByPublicId" | "requireActiveIn" | "isSuspended">
  /** The person who answers for a payee: of a team, its owner. */
  answersFor(id: UserId, reader?: Reader): UserId
  /** A payee, and all other payees that count as the same person. */
  circleOf(reader: Reader, id: UserId): UserId[]
  /** Draws papers. */
  billing: { invoices: Pick<Billing["invoices"], "pdf"> }
  /** The payment service of this moment, and whose account it is. */
  connection: Pick<Connection, "processor" | "account">
  /** Of the console, without a slash. */
  baseUrl: string
  developers: Pick<Developers, "requireDeveloperIn" | "developerOf" | "earningTermsIn" | "earningTerms">
  ledger: Pick<
    Ledger,
    "payableIn" | "requestPayoutIn" | "completePayoutIn" | "failPayoutIn" | "matureIn" | "earningsOf" | "statementOf"
  >
}

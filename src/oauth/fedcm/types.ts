// The nouns of FedCM (W3C Federated Credential Management): what a browser asks for an app's page, and what it is answered.
import type { AuthorizeOutcome, People } from "../authorize/types.ts"

export interface FedcmAsk extends People {
  /** As the browser says it: the page that asks. */
  origin: string
  clientId: string
  /** `usr_…`, as the accounts endpoint called it. */
  accountId: string
  /** JSON of the page; null: none. */
  params: string | null
  /** Beside `params`, as browsers of before send it. */
  nonce: string | null
  network: string
  requestId: string
}

export type FedcmAnswer =
  /** An ID token, or a code as JSON (`{"code","iss"}`). */
  | { kind: "token"; token: string }
  /** The person has to see a page first; `request` opens it. */
  | { kind: "continue"; request: string }

/** A continued request, in the window that the browser opened for it. */
export interface FedcmContinued extends People {
  request: string
  browserIds: readonly string[]
  requestId: string
  network: string
}

export interface FedcmAccount {
  id: string
  name: string
  email: string
  picture?: string
  /** What people type to mean themselves. */
  login_hints: string[]
  /** Apps that they said yes to. */
  approved_clients: string[]
}

export interface FedcmClient {
  privacy_policy_url?: string
  terms_of_service_url?: string
}

export interface FedcmDisconnect extends People {
  origin: string
  clientId: string
  /** An address or a public id. */
  accountHint: string
  requestId: string
}

export interface FedcmVerbs {
  /** Who is signed in, for the browser's own window. */
  accounts(people: People): FedcmAccount[]
  /** What the browser says of an app beside its name; null: the app has no page of this origin. */
  client(clientId: string, origin: string): FedcmClient | null
  /** @throws AppError with an OAuth code, for the page */
  assert(ask: FedcmAsk): Promise<FedcmAnswer>
  /** Our pages, in the window that the browser opened. */
  begin(input: FedcmContinued): Promise<AuthorizeOutcome>
  /** The answer after them. @throws AppError with an OAuth code */
  resolve(input: FedcmContinued): Promise<FedcmAnswer>
  /** Ends the permission of the app whose page asks. @returns whose. @throws AppError unauthorized_client, access_denied */
  disconnect(ask: FedcmDisconnect): Promise<string>
}

// Words of the connection: which key asks the processor, how what it sends is proven, and whether both work.
import type { Keyring, Log } from "../../app/index.ts"
import type { Store, WriteContext } from "../../store/index.ts"
import type { Processor } from "../stripe/index.ts"

export type SecretName = "secret_key" | "webhook_secret"
/** The environment goes first. */
export type SecretFrom = "environment" | "page"

/** What the server was started with. */
export interface ConnectionGiven {
  secretKey: string | null
  webhookSecret: string | null
  /** Another origin in place of Stripe's; null = Stripe. */
  apiBase: string | null
  /** In place of the network; for a processor in this very process. */
  fetch?: (request: Request) => Promise<Response>
}

export interface ConnectionDeps {
  store: Store
  keyring: Pick<Keyring, "seal" | "open">
  log: Log
  /** Of this server, without a trailing slash. */
  baseUrl: string
  given: ConnectionGiven
}

export interface ConnectionRow {
  endpointId: string | null
  endpointUrl: string | null
  endpointFault: string | null
  probeObjectId: string | null
  probedMs: number | null
  readThroughMs: number | null
  testAccount: string | null
  liveAccount: string | null
  accountBefore: string | null
  accountChangedMs: number | null
}

export interface ConnectionState {
  /** null = nothing is sold here. `hint`: its last characters. */
  key: { from: SecretFrom; hint: string; isTest: boolean } | null
  /** Whose key it is; `id` null = it may not say. `changed`: when that was last another one, and which. */
  account: { id: string | null; changed: { atMs: number; before: string } | null } | null
  /** null = nothing that is sent can be proven. `endpointId`, where this server made it itself. */
  webhook: { from: SecretFrom; endpointId: string | null; url: string | null; fault: string | null } | null
  /** Where events are to be sent. */
  wantedUrl: string
  /** The last event that was provoked; null = none was. */
  probe: { objectId: string; sentMs: number; arrivedMs: number | null } | null
}

export interface ConnectionVerbs {
  state(): ConnectionState
  /**
   * Asks with it, then keeps it, sealed. An endpoint of another account is forgotten.
   * @throws AppError validation_failed for what is no key or is not taken; conflict where the environment has one
   */
  saveKey(ctx: WriteContext, secretKey: string): Promise<ConnectionState>
  /** Nothing is sold from then on. @throws AppError conflict where it is the environment's */
  removeKey(ctx: WriteContext): Promise<ConnectionState>
  /**
   * Makes the endpoint at the processor, or sets right the one that is there: its address, its events, that it is on.
   * @throws AppError conflict where the environment has its secret, or somebody made one for this address by hand; unavailable
   */
  connect(ctx: WriteContext): Promise<ConnectionState>
  /** Has the processor send an event that costs nobody anything. @throws AppError unavailable, conflict */
  probe(ctx: WriteContext): Promise<void>
  /** The job: the endpoint is there, on, and sends here, also after the base URL changed. Never rejects for the processor's silence. */
  keep(): Promise<void>
}

export interface Connection extends ConnectionVerbs {
  /** null = nothing is sold here. Another one from the moment on that another key is saved. */
  readonly processor: Processor | null
  /** By what the things of its account are known; empty where nobody knows. */
  readonly account: string
}

// The gateway's words. One road for everything that costs credits: admit → hold → run → settle (SPEC GW-3).
import type { Nano, UpstreamId, UserId } from "../app/index.ts"
import type { EndReason, UsageSource } from "../ledger/index.ts"
import type { AiScope } from "../oauth/index.ts"
import type { Charge, ModelPrice, PriceRule, ServiceTier, TokenUsage } from "../pricing/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import type { Endpoint } from "../usage/index.ts"
import type { Caller } from "./caller.ts"
import type { Sold } from "./choice/house.ts"
import type { ChoiceVerbs } from "./choice/types.ts"
import type { Account, MaxTokensField, Provider, Quirk, UpstreamFetch, Wire } from "./providers/index.ts"
import type { V1Handlers } from "./v1.ts"

export type * from "./caller.ts"
export type * from "./deps.ts"
export type { UpstreamFetch, UpstreamInit } from "./providers/index.ts"
export type * from "./v1.ts"

/** An AI provider account of the operator. The key is sealed at rest and never shown again. */
export interface Upstream {
  id: UpstreamId
  publicId: string
  /** A row of the table of providers. */
  kind: string
  /** It never leaves this machine: no address, no key; apps in test mode may use it. */
  isLocal: boolean
  /** Prefix of its models: `name/model`. */
  name: string
  /** Without a trailing slash, `…/v1` included. */
  baseUrl: string
  hasKey: boolean
  /** Which price list its models are looked up in. */
  priceProvider: string
  enabled: boolean
  createdMs: number
  test: { atMs: number; ok: boolean; message: string; models: number } | null
  models: string[]
  /** How the most output is named; null = by its address. */
  maxTokensField: MaxTokensField | null
  /** Names of fields that are let through though this house does not know them. */
  extraFields: readonly string[]
}

/** A kind of upstream, for the page that adds one. */
export interface UpstreamKind {
  kind: string
  label: string
  help: string
  isLocal: boolean
  baseUrlHelp: string
  baseUrlExample: string
}

export interface AddUpstream {
  kind: string
  name: string
  baseUrl?: string
  apiKey?: string | null
  /** Default: guessed from the address, else `openai`. */
  priceProvider?: string
  /** For servers without a model list. */
  models?: string[]
}

export interface EditUpstream {
  baseUrl: string
  /** Empty or null = the present key stays, as long as the server does. */
  apiKey?: string | null
  priceProvider: string
  /** Null = by its address. Absent = as it is. */
  maxTokensField?: MaxTokensField | null
  /** Absent = as they are. */
  extraFields?: readonly string[]
}

/** What was learned of a server while it ran; survives changes of its row. */
export interface UpstreamTraits {
  quirks: Set<Quirk>
  /** There may be an idle connection to it, which it may have closed. */
  hasAnswered: boolean
  /** Most output of one choice, by model, where it was found to be less than was asked for. */
  outputMaxima: Map<string, number>
}

/** An upstream as the hot path sees it. */
export interface ReadyUpstream {
  id: UpstreamId
  publicId: string
  name: string
  provider: Provider
  isLocal: boolean
  priceProvider: string
  /** How the most output is named in what is sent there. */
  maxTokensField: MaxTokensField
  /** Fields this house does not know that the operator lets through to it. */
  extraFields: ReadonlySet<string>
  account: Account
  fetch: UpstreamFetch
  traits: UpstreamTraits
}

/** Where a model may be called, in order of preference. */
export interface Candidate {
  upstream: ReadyUpstream
  model: string
  /** Sold under a name and at a price of the house. */
  sale?: Sold
}

/** A candidate with what it costs. */
export interface Quote extends Candidate {
  /** In whose words it is asked. */
  wire: Wire
  /** The moment its prices are of. */
  atMs: number
  price: ModelPrice
  rule: PriceRule
  /** Fair estimate; charged when the upstream says nothing. */
  inputTokens(): number
  /** Pictures in the prompt; upstreams report their tokens, not their number. */
  images: number
  /** Asked for, and held at its rates. */
  serviceTier?: ServiceTier
  /** What the hold covers, all choices together; the upstream is told. */
  outputTokensMax: number
  hold: Charge
  /** The hold that so much output needs. */
  holdFor(outputTokens: number): Charge
  /** What a hold must cover at least: with less, the answer would be too short to be of use. */
  least: Charge
  /** What the call costs when nothing but its input is known. */
  inputOnly: Charge
}

/** A call that may be charged: who, what for, at which price, and what to do once its credits are held. */
export interface ChargedCall {
  requestId: string
  /** performance.now() at arrival. */
  startMs: number
  caller: Caller
  endpoint: Endpoint
  scope: AiScope
  model: string
  stream: boolean
  /** First = preferred; the hold covers the dearest. */
  quotes: Quote[]
  /** Must settle `held` exactly once on every path; `charged` settles at 0 when it throws. */
  run(held: HeldCall): Promise<Response>
}

/** How a call ended. `usage` null = charge 0. */
export interface Outcome {
  quote: Quote
  /** As the answer names it; null when it names none. */
  answeredModel: string | null
  usage: TokenUsage | null
  /** What the provider says it took, in pico-dollars; null = by the prices. */
  costPico: bigint | null
  source: UsageSource
  status: number
  /** Error code of the registry, or null. */
  errorCode: string | null
  end: EndReason
  firstTokenMs: number | null
}

/** What the caller is told about money. */
export interface Receipt {
  chargedNano: Nano
  balanceAfterNano: Nano
}

/** Credits in hand. Lives from the hold's commit to the settle's. */
export interface HeldCall {
  readonly call: ChargedCall
  readonly heldNano: Nano
  readonly balanceAfterNano: Nano
  /** First call wins; later ones get the same receipt. Resolves after the commit, retried until it succeeds. */
  settle(outcome: Outcome): Promise<Receipt>
  readonly isSettled: boolean
  /** Writes down what is known to be owed, for recovery after a crash. */
  mark(known: Charge): void
}

/** What an upstream did that the operator should look into. */
export interface AnswerAlarm {
  upstream: string
  what: "other-model" | "unknown-model" | "over-maximum" | "odd-cost"
  /** The model asked for, and what came instead. */
  asked: string
  got: string
  count: number
}

/** Something that is watched by the gateway's one timer. */
export interface Watched {
  readonly callId: string
  tick(nowMs: number): void
}

export interface Gateway extends ChoiceVerbs, V1Handlers {
  /** The one way to spend credits. */
  charged(call: ChargedCall): Promise<Response>
  /** Access token or API key → caller. @throws AppError token_…, api_key_…, …suspended */
  authenticate(request: Request): Promise<Caller>

  /** @throws AppError validation_failed with formErrors, conflict when the name is taken */
  addUpstreamIn(tx: Tx, input: AddUpstream): Upstream
  addUpstream(ctx: WriteContext, input: AddUpstream): Promise<Upstream>
  /** @throws AppError not_found, conflict (sandbox), validation_failed with formErrors */
  editUpstream(ctx: WriteContext, publicId: string, input: EditUpstream): Promise<Upstream>
  enableUpstream(ctx: WriteContext, publicId: string, enabled: boolean): Promise<Upstream>
  /** Asks for the model list and takes it over. Never throws for the upstream's faults: they are the result. */
  testUpstream(ctx: WriteContext, publicId: string): Promise<Upstream>
  upstreams(): Upstream[]
  /** In the order of the table. */
  upstreamKinds(): UpstreamKind[]
  upstream(publicId: string): Upstream | null

  /** True while a call with this id runs; for the ledger's sweeper. */
  isAlive(callId: string): boolean
  readonly callsInFlight: number
  /** Answers since the start that were not what was asked for, by upstream. */
  alarms(): readonly AnswerAlarm[]
  /** Waits until no call runs and every settle is committed, at most `ms`. @returns calls left behind */
  drain(ms: number): Promise<number>
  /** Cuts the open streams of a person (suspension, SPEC OA-6). */
  cutUser(userId: UserId): void
  close(): void
}

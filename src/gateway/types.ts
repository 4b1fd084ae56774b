// The gateway's words. One road for everything that costs credits: admit → hold → run → settle (SPEC GW-3).
import type { AppError, Nano, UserId } from "../app/index.ts"
import type { EndReason, UsageSource } from "../ledger/index.ts"
import type { Ticket } from "../limits/index.ts"
import type { AiScope } from "../oauth/index.ts"
import type { CallTrace } from "../observe/index.ts"
import type { Charge, Made, ModelPrice, PriceRule, ServiceTier, TokenUsage } from "../pricing/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import type { Endpoint } from "../usage/index.ts"
import type { CacheOf, CacheOwned } from "./cache/store.ts"
import type { Caller } from "./caller.ts"
import type { MostUsage } from "./charge/believed-usage.ts"
import type { ProductCallEnd, ProductCharge, ProductHold } from "./charge/product.ts"
import type { ChoiceVerbs } from "./choice/types.ts"
import type { CallFigures } from "./figures.ts"
import type { AskedOnce, FixedCall, RefusedFixedCall } from "./fixed.ts"
import type { LentVerbs } from "./lent/types.ts"
import type { PersonalVerbs } from "./personal/types.ts"
import type { Wire } from "./providers/index.ts"
import type { ToolPort } from "./rounds/types.ts"
import type { AttemptLog } from "./routing/attempt-log.ts"
import type {
  AddUpstream,
  Candidate,
  EditUpstream,
  RoutingVerbs,
  Upstream,
  UpstreamKind,
  UpstreamPreset,
} from "./upstreams/types.ts"
import type { V1Handlers } from "./v1.ts"
import type { Videos } from "./videos/types.ts"
import type { WorkCall } from "./work.ts"

export type * from "./caller.ts"
export type * from "./deps.ts"
export type * from "./fixed.ts"
export type * from "./lent/types.ts"
export type { Asking, OwnCalls } from "./own.ts"
export type * from "./personal/types.ts"
export type { UpstreamFetch, UpstreamInit } from "./providers/index.ts"
export type { ModelJson } from "./reads/schemas.ts"
export type { AttemptOutcome, FailureKind } from "./routing/failures.ts"
export type { ModelLive, UpstreamLive } from "./routing/live.ts"
export type * from "./upstreams/types.ts"
export type * from "./v1.ts"
export type * from "./work.ts"

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
  /** What is made is as large as it was asked for, however long its caller waits: pictures, speech. */
  isOfKnownSize?: true
  /** What is paid one by one, as it was asked for; absent where nothing is. */
  made?: Made
  /** Asked for, and held at its rates. */
  serviceTier?: ServiceTier
  /** What the hold covers, all choices together; the upstream is told. */
  outputTokensMax: number
  /** Beyond it nobody believes a report. */
  mostUsage: MostUsage
  hold: Charge
  /** The hold that so much output needs. */
  holdFor(outputTokens: number): Charge
  /** What a hold must cover at least: with less, the answer would be too short to be of use. */
  least: Charge
  /** What the call costs when nothing but its input is known. */
  inputOnly: Charge
  /** The same call where nobody earns by it: without the developer's share, which is no part of its price then. */
  withoutShare(): Quote
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
  /** Choices of the answer, which share its output. */
  choices: number
  /** First = preferred; the hold covers it, and is raised when a dearer one is asked. */
  quotes: Quote[]
  /** What limits let through; given back when the call is settled. */
  ticket: Ticket
  /** Repeats of this call are the same call. */
  once?: AskedOnce | null
  /** What answers carry in this dialect alone; a repeat's, too. */
  headers?: ((callId: string) => Record<string, string>) | undefined
  /** Null: this call is not traced. */
  trace?: CallTrace | null
  /** Nothing of it is needed any more: it was settled, or is a repeat. */
  onEnd?: (() => void) | undefined
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
  /** The whole answer as its client gets it, where it is one document: a repeat gets the same. */
  answer?: string
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
  /** What it came to, once it is being settled. */
  readonly receipt: Promise<Receipt> | null
  /** What was tried, and what came of it. */
  readonly attempts: AttemptLog
  /** Is what this candidate may cost held? */
  covers(quote: Quote): boolean
  /**
   * Raises the hold to what this candidate may cost; or as far as its caller can pay, and shortens the answer, where that is still of use.
   * @returns false when neither is possible. @throws AppError when the caller may no longer call
   */
  cover(quote: Quote): Promise<boolean>
  /** Writes down what is known to be owed, for recovery after a crash. */
  mark(known: Charge): void
}

/** What an upstream did that the operator should look into. */
export interface AnswerAlarm {
  upstream: string
  what: "other-model" | "unknown-model" | "over-maximum" | "odd-cost" | "below-cost"
  /** The model asked for, and what came instead; of a sale its own name, and the model that cost more. */
  asked: string
  got: string
  count: number
}

/** Something that is watched by the gateway's one timer. */
export interface Watched {
  readonly callId: string
  tick(nowMs: number): void
}

export interface Gateway extends ChoiceVerbs, LentVerbs, PersonalVerbs, RoutingVerbs, V1Handlers {
  /** The one way to spend credits. */
  charged(call: ChargedCall): Promise<Response>
  /** The same for what runs elsewhere and costs what was agreed. @throws AppError as `charged` */
  chargedFixed(call: FixedCall): Promise<Response>
  /** The same for what runs elsewhere, costs what was agreed, and is free when it fails. @throws AppError as `charged` */
  chargedWork(call: WorkCall): Promise<Response>
  /**
   * Of a call of a product, from paid credits alone, within every limit on what is spent. Whoever holds settles or releases.
   * @throws AppError insufficient_credits, credits_on_hold, spend_limit_exceeded
   */
  holdProductIn(tx: Tx, charge: ProductCharge): ProductHold
  settleProductIn(tx: Tx, hold: ProductHold, end: ProductCallEnd): void
  /** @returns false when it was settled meanwhile */
  releaseProductIn(tx: Tx, hold: ProductHold): boolean
  /** Counts what was refused before it was a call, as `charged` and `chargedFixed` count what they refuse. */
  noteRefused(call: RefusedFixedCall, error: AppError): void
  /** What takes minutes: asked for, looked after, fetched. */
  readonly videos: Videos
  /** Access token or API key → caller. @throws AppError token_…, api_key_…, …suspended */
  authenticate(request: Request): Promise<Caller>
  /** Calls of models may name groups of tools from here on. */
  addTools(port: ToolPort): void

  /** @throws AppError validation_failed with formErrors, conflict when the name is taken */
  addUpstreamIn(tx: Tx, input: AddUpstream): Upstream
  addUpstream(ctx: WriteContext, input: AddUpstream): Promise<Upstream>
  /** @throws AppError not_found, conflict (sandbox), validation_failed with formErrors */
  editUpstreamIn(tx: Tx, publicId: string, input: EditUpstream): Upstream
  editUpstream(ctx: WriteContext, publicId: string, input: EditUpstream): Promise<Upstream>
  /** In place of what the server lists by itself. @throws AppError not_found */
  setUpstreamModelsIn(tx: Tx, publicId: string, models: readonly string[]): Upstream
  /** Whether this is the key of that account. */
  holdsKey(publicId: string, apiKey: string): boolean
  enableUpstreamIn(tx: Tx, publicId: string, enabled: boolean): Upstream
  enableUpstream(ctx: WriteContext, publicId: string, enabled: boolean): Promise<Upstream>
  /** Asks for the model list and takes it over. Never throws for the upstream's faults: they are the result. */
  testUpstream(ctx: WriteContext, publicId: string): Promise<Upstream>
  upstreams(): Upstream[]
  /** In the order of the table. */
  upstreamKinds(): UpstreamKind[]
  /** Of the kinds that there are. */
  upstreamPresets(): UpstreamPreset[]
  upstream(publicId: string): Upstream | null

  /** Deletes idempotency keys whose day is over. @returns rows deleted, at most `rows` */
  forgetKeys(rows: number): Promise<number>
  /** Deletes answers whose time in the cache is over. @returns rows deleted, at most `rows` */
  forgetCached(rows: number): Promise<number>
  /** Whether calls by this key, or of this app, are cached without asking each time. @returns seconds; 0 = not */
  cacheSeconds(of: CacheOf): number
  /** @param seconds 0 = off. @throws AppError validation_failed */
  setCacheIn(tx: Tx, of: CacheOwned, seconds: number): void
  /** Items of answers that nobody named for half an hour leave the memory. */
  forgetItems(): void
  /** True while a call with this id runs; for the ledger's sweeper. */
  isAlive(callId: string): boolean
  readonly callsInFlight: number
  /** Of calls that were settled since the start. */
  readonly figures: CallFigures
  /** Answers since the start that were not what was asked for, by upstream. */
  alarms(): readonly AnswerAlarm[]
  /** Waits until no call runs and every settle is committed, at most `ms`. @returns calls left behind */
  drain(ms: number): Promise<number>
  /** Cuts the open streams of a person (suspension, SPEC OA-6). */
  cutUser(userId: UserId): void
  /** Cuts every call: the server stops, and its time for them is over. What streams produced is charged; the rest costs nothing. */
  cutAll(): void
  close(): void
}

// The words of upstreams: accounts at AI providers as operators, calls and pages know them.
import type { UpstreamId } from "../../app/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { Sold } from "../choice/house.ts"
import type { Account, MaxTokensField, Provider, Quirk, UpstreamFetch } from "../providers/index.ts"
import type { AttemptOutcome } from "../routing/failures.ts"
import type { UpstreamLive } from "../routing/live.ts"

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
  routing: Routing
}

/** How calls find an account among others that offer the same model. */
export interface Routing {
  /** Share of the calls among accounts of one priority. */
  weight: number
  /** Lower is asked first. */
  priority: number
  /** No new calls; those that run end. */
  isDraining: boolean
  /** What the provider grants; null = unknown. */
  requestsPerMinute: number | null
  tokensPerMinute: number | null
}

/** One account that was asked for a call. */
export interface CallAttempt {
  callId: string
  atMs: number
  /** Null = it is gone. */
  upstream: { publicId: string; name: string } | null
  model: string
  ms: number
  outcome: AttemptOutcome
  status: number | null
  /** Which of a person's own keys was asked; null = the operator's account. */
  ownKey: string | null
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

/** A provider that people have accounts at, with what to type. */
export interface UpstreamPreset {
  id: string
  kind: string
  label: string
  /** Of the account, until there are two. */
  name: string
  /** May have a part in capitals that is to be replaced. */
  baseUrl: string
  /** "" = by the address. */
  priceProvider: string
  help: string
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
  /** Whose known quirks it has. */
  preset?: string
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

/** A key for the calls of one person alone: nothing of how it does says anything of the operator's accounts. */
export interface PersonalKey {
  /** `own`: the person's account pays the provider. */
  kind: "own"
  publicId: string
  /** As its person knows it: the provider, and how the key ends. */
  label: string
  /** False from the moment that it is deleted. */
  isAlive(): boolean
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
  routing: Routing
  /** Absent: an account of the operator's. */
  personal?: PersonalKey
}

/** Where a model may be called, in order of preference. */
export interface Candidate {
  upstream: ReadyUpstream
  model: string
  /** Sold under a name and at a price of the house. */
  sale?: Sold
  /** Where models are to be asked in an order: candidates of one place are equals, and those of the next are asked after them. */
  place?: number
}

/** What an operator does with routing, and sees of it. */
export interface RoutingVerbs {
  /** @throws AppError not_found, validation_failed with formErrors */
  setRoutingIn(tx: Tx, publicId: string, routing: Routing): Upstream
  setRouting(ctx: WriteContext, publicId: string, routing: Routing): Promise<Upstream>
  /** How an account does, from memory; null = there is none of this id. */
  health(publicId: string): UpstreamLive | null
  /** Changes with the health of any account. */
  healthStamp(): string
  /** What was tried for a call, in order; empty when the first account answered, or after 30 days. */
  attempts(callId: string): CallAttempt[]
  /** The latest that failed at an account, newest first. */
  failedAttempts(publicId: string): CallAttempt[]
  /** @returns rows that went, at most `rows` */
  forgetOldAttemptsIn(tx: Tx, beforeMs: number, rows: number): number
}

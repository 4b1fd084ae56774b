// A provider: one kind of AI server. It has wires, one for each of its APIs: where to ask, how to write the question, and what an
// answer's bytes mean, as one union of events. It knows no callers and no money: one folder, and one row of the table in index.ts.
import type { AppError } from "../../app/index.ts"
import type { SpooledFile } from "../../http/index.ts"
import type { TokenUsage } from "../../pricing/index.ts"
import type { HostedCall } from "../rounds/types.ts"
import type { Citation, Conversation, Signature } from "./conversation.ts"
import type { UpstreamFailure } from "./failure.ts"
import type { JobWire } from "./jobs.ts"

/**
 * What an answer says, whatever the wire. `choice` counts from 0. Members with a question mark, and the events `signature`
 * and `citation`, are told to translated calls only: nobody else needs them.
 */
export type AnswerEvent =
  | { type: "text"; choice: number; text: string; logprobs?: readonly TokenLogprob[] }
  /** The model's own words why it does not answer (OpenAI's `refusal`). */
  | { type: "refusal"; choice: number; text: string }
  | { type: "reasoning"; choice: number; text: string; summary?: boolean }
  /** Ends the thinking before it; or belongs to the call `tool`. */
  | { type: "signature"; choice: number; signature: Signature; tool?: number }
  /** `index` counts the calls of a choice from 0; later pieces of a call carry arguments alone. */
  | { type: "tool"; choice: number; index: number; id: string; name: string; arguments: string; custom?: boolean }
  /** Of the text before it. */
  | { type: "citation"; choice: number; citation: Citation }
  /** `isPart`: a picture that is not done. `tokens` by estimate, in fractions: many small pieces of sound make one. */
  | { type: "media"; choice: number; media: "audio" | "image"; tokens: number; url: string; isPart?: true }
  /** A tool that ran here, never said by a wire: `output` once it has ended. */
  | { type: "hosted"; choice: number; stage: "begun" | "done"; call: HostedCall }
  /** The rounds ended before their model had: why, in words and for programs. */
  | { type: "stopped"; choice: number; code: string; message: string }
  | { type: "usage"; report: UsageReport }
  | { type: "finish"; choice: number; reason: FinishReason; stopSequence?: string }
  /** `failure` where the wire says what kind it is (overloaded, …); else the provider failed. */
  | { type: "error"; message: string; failure?: UpstreamFailure }
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter"

/** As OpenAI writes it. */
export interface TokenLogprob {
  token: string
  logprob: number
  bytes: readonly number[] | null
  top_logprobs: readonly Omit<TokenLogprob, "top_logprobs">[]
}

/** The parts of a report that are honest; a part that is missing or absurd is null, and is estimated. Totals include their parts. */
export interface UsageReport {
  input: Pick<
    TokenUsage,
    | "inputTokens"
    | "cachedInputTokens"
    | "cacheWriteTokens"
    | "cacheWrite1hTokens"
    | "inputAudioTokens"
    | "inputImageTokens"
  > | null
  output: Pick<TokenUsage, "outputTokens" | "reasoningTokens" | "outputAudioTokens" | "outputImageTokens"> | null
  /** What was wrong with it, for the operator's log. */
  faults: string[]
  /** What the provider took for it, in pico-dollars, where it says so. */
  costPico?: bigint
  /** Searches on the web that the provider made, and bills one by one. */
  webSearches?: number
  /** Rankings that it bills one by one. */
  searches?: number
  /** Of sound that it listened to. */
  seconds?: number
  /** It was answered as any other call, whatever tier was asked for. */
  isStandardTier?: boolean
}

/** What is known after another report: the last honest word on each half counts. */
export const mergedReport = (old: UsageReport | null, next: UsageReport): UsageReport => ({
  input: next.input ?? old?.input ?? null,
  output: next.output ?? old?.output ?? null,
  faults: next.faults,
  ...(next.costPico === undefined ? {} : { costPico: next.costPico }),
  ...(Math.max(next.webSearches ?? 0, old?.webSearches ?? 0) > 0
    ? { webSearches: Math.max(next.webSearches ?? 0, old?.webSearches ?? 0) }
    : {}),
  ...(next.searches === undefined ? {} : { searches: next.searches }),
  ...(next.seconds === undefined ? {} : { seconds: next.seconds }),
  ...(next.isStandardTier || old?.isStandardTier ? { isStandardTier: true } : {}),
})

/** One unit of an answer: an event of a stream, or a whole document. */
export interface Frame {
  events: AnswerEvent[]
  /** As it came, for the dialect whose own wire this is; null = say the events instead. */
  raw: { name: string; data: string; json: Record<string, unknown> } | null
  /** The model that answered, where the wire says so. */
  model: string | null
}

/** Gets an answer's frames in order, and its end where the wire marks one. */
export interface FrameSink {
  frame(frame: Frame): void
  done(): void
}

/** Reads one stream incrementally, across any chunk boundary. Holds at most one event. */
export interface StreamDecoder {
  push(bytes: Uint8Array): void
  /** The bytes ended. */
  end(): void
}

/** The routes of /v1 that models answer. A wire of the same name is a dialect's own. */
export type DialectName =
  | "chat"
  | "responses"
  | "messages"
  | "embeddings"
  | "images"
  | "image-edits"
  | "moderations"
  | "rerank"
  | "speech"
  | "transcriptions"
  | "translations"
  | "videos"

/** Routes whose questions any wire can be told; the others need one of their own. */
export const isTold = (dialect: DialectName): boolean =>
  dialect === "chat" || dialect === "responses" || dialect === "messages"

/** What is asked. `maxTokens` is all output of one choice, thinking included, and outranks what the question says. */
export interface ModelRequest {
  model: string
  stream: boolean
  maxTokens: number
  /** How OpenAI-like servers name it. */
  maxTokensField: MaxTokensField
  question: Question
}

/** Checked fields of the wire's own dialect, to be sent as they were written; or what another dialect asks. */
export type Question =
  | {
      readonly fields: Readonly<Record<string, unknown>>
      readonly conversation: null
      /** Of a form. */
      readonly files?: readonly SpooledFile[]
    }
  | { readonly fields: null; readonly conversation: Conversation }

/** OpenAI's reasoning models know only the newer name, most compatible servers only the older. */
export const MAX_TOKENS_FIELDS = ["max_tokens", "max_completion_tokens"] as const
export type MaxTokensField = (typeof MAX_TOKENS_FIELDS)[number]

export interface Account {
  /** Without a trailing slash. */
  baseUrl: string
  apiKey: string
}

export interface Endpoint {
  url: string
  headers: Record<string, string>
}

/** An answer that is no 2xx. */
export interface RefusedAnswer {
  status: number
  headers: Headers
  body: string
  /** Cut out of anything that is repeated. */
  apiKey: string
}

export interface Refusal {
  failure: UpstreamFailure
  /** What this server does not understand: asked once more without it, and never with it again. */
  without?: Quirk
  /** It refused a maximum above this: asked once more with no more. */
  outputMaximum?: OutputMaximum
}

/** What some servers of a kind do not understand. */
export type Quirk = "stream_options" | "max_tokens"

export interface OutputMaximum {
  tokens: number
  /** True of the model; else of this prompt in its window. */
  ofModel: boolean
}

/** What asks an upstream; `fetch`, or something inside this process. */
export type UpstreamFetch = (url: string, init: UpstreamInit) => Promise<Response>
export interface UpstreamInit {
  method: "GET" | "POST" | "PATCH" | "DELETE"
  headers: Record<string, string>
  body?: string | ReadableStream<Uint8Array>
  /** The same as `body`, for what is asked inside this process. */
  form?: EncodedForm
  signal: AbortSignal
  redirect: "manual"
  /** Foreign bodies are decoded where they are counted (http/bounded.ts). */
  decompress: false
  /** False = a connection of its own. */
  keepalive?: boolean
}

/** A question that is a form with files: they pass through, once for each asking. */
export interface EncodedForm {
  contentType: string
  fields: readonly (readonly [name: string, value: string])[]
  files: readonly SpooledFile[]
  stream(): ReadableStream<Uint8Array>
}

/** Whether our hanging up ends the bill there. `runs-on`: the provider makes, and bills, the whole answer. */
export type Leaving = "stops" | "runs-on"

/** One API of a provider. */
export interface Wire {
  readonly name: DialectName | "gemini"
  /** Its servers may leave out every mark of the end but the report; elsewhere reports come all along. */
  readonly reportEnds?: true
  /** It cannot be told to call one tool at a time: calls after the first are kept back here, from whoever asked for that. */
  readonly manyCalls?: true
  /** Where a question goes. A promise where a token must be fetched first. @throws UpstreamFailure */
  endpoint(account: Account, request: ModelRequest, fetch: UpstreamFetch): Endpoint | Promise<Endpoint>
  encode(request: ModelRequest, quirks: ReadonlySet<Quirk>): string | EncodedForm
  /** What of this conversation cannot be said here, as a refusal that names it; null = all of it can. Asked before anything is held. */
  cannot(conversation: Conversation, model: string): AppError | null
  /** @param translated the caller speaks another dialect: all that `AnswerEvent` can say is wanted */
  decodeStream(sink: FrameSink, translated: boolean): StreamDecoder
  /** What so many bytes of an answer that is a file come to; absent: its answers are none. */
  heard?(request: ModelRequest, bytes: number): AnswerEvent
  /** A whole answer. @throws UpstreamFailure, SyntaxError when it is none */
  decodeWhole(text: string, translated: boolean): Frame
  refusal(answer: RefusedAnswer): Refusal
  /** Its answers are jobs: `decodeWhole` and `decodeStream` have nothing to read. */
  readonly jobs?: JobWire
}

export interface Provider {
  /** In the operator's words. */
  label: string
  help: string
  /** What the operator types; null = it has no account and never leaves this machine, so that test apps may use it. */
  account: {
    baseUrlHelp: string
    baseUrlExample: string
    /** What is wrong with a key that is no single word; absent = keys are single words. */
    keyProblem?(text: string): string | null
  } | null
  /** Set where there is no account to say them. */
  fixed?: { baseUrl: string; priceProvider: string; models: readonly string[] }
  /** Where its models' prices are, whatever its address; else by the address. */
  priceProvider?: string
  /** The wire that a dialect is asked in: its own where this server has it, else one that it is translated to; null = neither. */
  wireFor(dialect: DialectName, account: Account): Wire | null
  /** The cost of leaving early: of a stream, and of an answer in one piece. */
  leaving: { stream: Leaving; whole: Leaving }
  /** Where its list of models is. */
  modelList(account: Account, fetch: UpstreamFetch): Endpoint | Promise<Endpoint>
  /** Names in its list of models. @throws SyntaxError */
  models(text: string): string[]
  /** Where it counts the tokens of a question in its own wire, for nothing; what is sent is the question without a maximum. */
  countTokens?(account: Account, question: Question): Endpoint
  /** The words inside an error's body, or "". */
  messageIn(body: string): string
  /** Instead of the network. */
  connect?(options: { wordMs: number }): UpstreamFetch
}

// A provider: the wire of one kind of AI server. It says where to ask, how to write the question, and what an answer's bytes mean,
// as one union of events. It knows no callers and no money: one folder, and one row of the table in index.ts.
import type { TokenUsage } from "../../pricing/index.ts"
import type { UpstreamFailure } from "./failure.ts"

/** What an answer says, whatever the wire. `choice` counts from 0. */
export type AnswerEvent =
  | { type: "text"; choice: number; text: string }
  | { type: "reasoning"; choice: number; text: string }
  | { type: "tool"; choice: number; index: number; id: string; name: string; arguments: string }
  /** `tokens` by estimate, in fractions: many small pieces of sound make one. */
  | { type: "media"; choice: number; media: "audio" | "image"; tokens: number; url: string }
  | { type: "usage"; report: UsageReport }
  | { type: "finish"; choice: number; reason: FinishReason }
  | { type: "error"; message: string }
export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter"

/** The parts of a report that are honest; a part that is missing or absurd is null, and is estimated. Totals include their parts. */
export interface UsageReport {
  input: Pick<TokenUsage, "inputTokens" | "cachedInputTokens" | "cacheWriteTokens" | "inputAudioTokens"> | null
  output: Pick<TokenUsage, "outputTokens" | "reasoningTokens" | "outputAudioTokens"> | null
  /** What was wrong with it, for the operator's log. */
  faults: string[]
}

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

/** What is asked: `body` holds the checked fields of a chat completion; `model` and `stream` here outrank those in it. */
export interface ModelRequest {
  model: string
  stream: boolean
  body: Readonly<Record<string, unknown>>
}

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
  method: "GET" | "POST"
  headers: Record<string, string>
  body?: string
  signal: AbortSignal
  redirect: "manual"
  /** Foreign bodies are decoded where they are counted (http/bounded.ts). */
  decompress: false
  /** False = a connection of its own. */
  keepalive?: boolean
}

/** Whether our hanging up ends the bill there. `runs-on`: the provider makes, and bills, the whole answer. */
export type Leaving = "stops" | "runs-on"

export interface Provider {
  /** In the operator's words. */
  label: string
  help: string
  /** What the operator types; null = it has no account and never leaves this machine, so that test apps may use it. */
  account: { baseUrlHelp: string; baseUrlExample: string } | null
  /** Set where there is no account to say them. */
  fixed?: { baseUrl: string; priceProvider: string; models: readonly string[] }
  /** The dialect whose bytes are this wire's own: they are passed on as they came. */
  native: "chat" | null
  /** The cost of leaving early: of a stream, and of an answer in one piece. */
  leaving: { stream: Leaving; whole: Leaving }
  endpoint(account: Account, what: "chat" | "models"): Endpoint
  encode(request: ModelRequest, quirks: ReadonlySet<Quirk>): string
  decodeStream(sink: FrameSink): StreamDecoder
  /** A whole answer. @throws UpstreamFailure, SyntaxError when it is none */
  decodeWhole(text: string): Frame
  refusal(answer: RefusedAnswer): Refusal
  /** The words inside an error's body, or "". */
  messageIn(body: string): string
  /** Names in its list of models. @throws SyntaxError */
  models(text: string): string[]
  /** Instead of the network. */
  connect?(options: { wordMs: number }): UpstreamFetch
}

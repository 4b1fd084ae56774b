// A conversation: what a model is asked, whatever the dialect. Where caller and upstream share a wire, fields travel as
// they were written; every other pair meets here and, for the answer, in AnswerEvent (provider.ts). Whatever both sides
// can say is said; what the target cannot say is refused by name (`cannot`), never dropped in silence.
import { AppError } from "../../app/index.ts"

/** Where something stands in the caller's body, as errors name it: `messages[2].content[0].image_url`. */
export type Param = string

export interface Conversation {
  messages: readonly Turn[]
  tools: readonly ToolDefinition[]
  toolChoice: ToolChoice | null
  /** Null = not said. */
  parallelTools: boolean | null
  format: AnswerFormat | null
  reasoning: Reasoning | null
  sampling: Sampling
  /** At most so many texts; "" never stands in it. */
  stop: readonly string[]
  /** The likeliest tokens wanted beside each; 0 = the token's own alone; null = none wanted. */
  logprobs: number | null
  choices: number
  verbosity: "low" | "medium" | "high" | null
  /** Of the app's end user, as the caller writes it. */
  user: string | null
  /** Groups calls with the same beginning. */
  cacheKey: string | null
  metadata: Readonly<Record<string, string>> | null
  /** Where each of the above was said, for refusals: `response_format`, `text.format`, `output_config`, … */
  params: Readonly<Partial<Record<Exclude<keyof Conversation, "params"> | keyof Sampling, Param>>>
}

export interface Turn {
  /** `system` and `developer` may stand anywhere; wires with one system prompt join the leading ones. */
  role: "system" | "developer" | "user" | "assistant"
  parts: readonly Part[]
  /** Of a participant. */
  name?: string
  param: Param
}

export type Part = PartBody & { param: Param; cache?: CacheMark }
/** Ends a cached beginning (Anthropic, OpenRouter). */
export interface CacheMark {
  ttl: "5m" | "1h"
}

type PartBody =
  | { type: "text"; text: string; citations?: readonly Citation[] }
  /** An assistant's own words when it refused. */
  | { type: "refusal"; text: string }
  | { type: "image"; source: Source; detail: "auto" | "low" | "high" | "original" }
  | { type: "audio"; data: string; format: string }
  /** A document. `name` without a path. */
  | { type: "file"; source: Source; name: string | null; citations: boolean }
  /** Thinking of an earlier answer. `text` "" where only its seal is known. */
  | { type: "reasoning"; text: string; summary: boolean; signature: Signature | null }
  | { type: "call"; id: string; name: string; arguments: string; custom: boolean; signature: Signature | null }
  /** What a tool gave back; a turn of the user. `name` as far as the dialect says it, else found by `id`. */
  | { type: "result"; id: string; name: string | null; parts: readonly Part[]; isError: boolean }

/** `data` is base64 without a head; `text` is a text document's words. */
export type Source =
  | { type: "data"; mediaType: string; data: string }
  | { type: "url"; url: string }
  | { type: "text"; text: string }

/**
 * A provider's seal over thinking (or over a call), which it wants back unchanged. Other providers cannot read it: they
 * are not sent it. Dialects without a place of their own for it keep it as `sealed` of signature.ts writes it.
 */
export interface Signature {
  format: "anthropic" | "google" | "openai" | "other"
  data: string
  /** OpenAI's `rs_…`. */
  id?: string
  /** Anthropic's redacted_thinking: there is no readable text. */
  redacted?: boolean
}

export type ToolDefinition =
  | {
      type: "function"
      name: string
      description: string | null
      /** JSON Schema; null = no parameters. */
      schema: Readonly<Record<string, unknown>> | null
      strict: boolean | null
      param: Param
      cache?: CacheMark
    }
  /** Free text in place of JSON; `format` as OpenAI has it (text, or a grammar). */
  | { type: "custom"; name: string; description: string | null; format: unknown; param: Param }

export type ToolChoice =
  | { type: "auto" | "none" | "required" }
  | { type: "tool"; name: string }
  | { type: "allowed"; names: readonly string[]; required: boolean }

export type AnswerFormat =
  | { type: "text" }
  | { type: "json" }
  | {
      type: "schema"
      name: string
      description: string | null
      schema: Readonly<Record<string, unknown>>
      strict: boolean | null
    }

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const
export type Effort = (typeof EFFORTS)[number]

export interface Reasoning {
  effort: Effort | null
  /** Tokens; 0 = off; null = not said. */
  budget: number | null
  /** Whether its words are wanted, and how; null = not said. */
  summary: "auto" | "concise" | "detailed" | "none" | null
  /** The model decides how much (Anthropic's adaptive thinking, Google's dynamic budget). */
  adaptive: boolean
}

/** Null = not said. */
export interface Sampling {
  temperature: number | null
  topP: number | null
  topK: number | null
  minP: number | null
  frequencyPenalty: number | null
  presencePenalty: number | null
  repetitionPenalty: number | null
  seed: unknown
  logitBias: Readonly<Record<string, number>> | null
}

export type Citation =
  | { type: "url"; url: string; title: string | null; text: string | null; start: number | null; end: number | null }
  | {
      type: "document"
      index: number
      title: string | null
      text: string
      /** Characters, pages or blocks, end excluded. */
      unit: "char" | "page" | "block"
      start: number
      end: number
    }

export const NO_SAMPLING: Sampling = {
  temperature: null,
  topP: null,
  topK: null,
  minP: null,
  frequencyPenalty: null,
  presencePenalty: null,
  repetitionPenalty: null,
  seed: null,
  logitBias: null,
}

/**
 * The refusal of what a target cannot do: 400 invalid_request with the place in the caller's body.
 * @param what a whole clause: "`logprobs` cannot be had from this model"
 */
export const cannot = (param: Param | undefined, what: string): AppError =>
  new AppError("invalid_request", `${what}. Leave it out, or use another model.`, param ? { param } : {})

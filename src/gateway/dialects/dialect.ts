// A dialect: how callers of one /v1 route speak. It checks and estimates what they ask, frames answers for them, and
// words errors. It knows no upstream's wire; the answers of every provider reach it as one union of events.
import type { AppError } from "../../app/index.ts"
import type { Spooled } from "../../http/index.ts"
import type { AiScope } from "../../oauth/index.ts"
import type { Made, PriceUse, ServiceTier } from "../../pricing/index.ts"
import type { Endpoint } from "../../usage/index.ts"
import type { Caller } from "../caller.ts"
import type { AnswerEvent, Conversation, DialectName, Frame } from "../providers/index.ts"
import type { AskedGroup } from "../rounds/types.ts"
import type { PromptSize } from "./prompt-size.ts"

export interface Dialect<Body extends Question> {
  readonly name: DialectName
  readonly endpoint: Endpoint
  readonly scope: AiScope
  /** Every wire is asked as a conversation, its own too: `fields` is never called. */
  readonly isTranslated?: true
  /** Fields that errors name: the prompt, and the most output. */
  readonly params: { readonly prompt: string; most(body: Body): string }
  /** Reads and checks. @param owner whose budget the body counts against. @throws AppError naming the parameter */
  check(request: Request, owner: string, caller: Caller): Promise<Body>
  /** What it may come to at most. */
  estimate(body: Body): Demand
  /** What a wire of this dialect's name is asked: the fields as they were written, without model, stream and maximum. */
  fields(body: Body): Readonly<Record<string, unknown>>
  /** What every other wire is asked. Made once a body. @throws AppError naming what no other wire could be told */
  conversation(body: Body): Conversation
  /** A stream's text. */
  framer(body: Body, requestId: string): Framer
  /** A whole answer's text; a promise where something must be durable before it leaves. @param isNative it came in this dialect's own wire */
  whole(body: Body, frame: Frame, isNative: boolean, requestId: string): string | Promise<string>
  /** On every answer, beside those of all dialects. */
  headers?(requestId: string): Record<string, string>
  error(error: AppError, requestId: string): Response
}

/** The members of a checked request that every call has. */
export interface Question {
  readonly model: string
  readonly stream: boolean
  /** Answers asked for in one call. */
  readonly choices: number
  /** Groups whose tools run here. */
  readonly groups?: readonly AskedGroup[]
  /** The form that it came as, on disk until the call is settled. */
  readonly upload?: Spooled
  /** What a whole answer is, where it is no JSON. */
  readonly answerType?: string
  /** The whole answer is a file of this type, where its provider says nothing better. */
  readonly fileType?: string
}

/**
 * A member of a request that this house does not know. It may travel where the operator allowed `name` for the
 * upstream.
 */
export interface Extra {
  /** Without positions: `messages.foo`. */
  name: string
  /** As it stands in this request: `messages[2].foo`. */
  param: string
}

/** A question as its price sees it. */
export interface Demand extends Question {
  /** Which price counts; embeddings have no output that is paid for. */
  readonly use: PriceUse
  /** Most output tokens of one choice that the caller allows; null = not said. */
  readonly maxTokens: number | null
  /** Of those, what the caller lets the model think; the answer comes after it. */
  readonly thinking: { tokens: number; param: string } | null
  readonly size: PromptSize
  /** What is paid one by one where a price says so, at most. */
  readonly made?: Made
  /** Asked for by name; absent = the standard one. */
  readonly serviceTier?: ServiceTier
  readonly extras: readonly Extra[]
}

/** Frames one stream for its client. May keep what it needs for the end. */
export interface Framer {
  /** A frame in this dialect's own wire, as it came; "" = not for the client. */
  native(frame: Frame): string
  /** Another wire's events in our own words. */
  events(events: readonly AnswerEvent[], model: string): string
  /** The regular end; a promise where something must be durable before it leaves. */
  end(): string | Promise<string>
  /** An error after the answer began, and one instead of it: status 200 has been sent. */
  broken(error: AppError): string
  failed(error: AppError): string
  /** Says that somebody is still there, where parsers of this dialect expect it. */
  keepAlive(): string
  /** The charge, for whoever reads comments. */
  comment(text: string): string
}

// A dialect: how callers of one /v1 route speak. It checks and estimates what they ask, frames answers for them, and
// words errors. It knows no upstream's wire; the answers of every provider reach it as one union of events.
import type { AppError } from "../../app/index.ts"
import type { AiScope } from "../../oauth/index.ts"
import type { Endpoint } from "../../usage/index.ts"
import type { AnswerEvent, Frame } from "../providers/index.ts"
import type { Quote } from "../types.ts"
import type { PromptSize } from "./prompt-size.ts"

export interface Dialect<Body extends Question> {
  readonly name: "chat"
  readonly endpoint: Endpoint
  readonly scope: AiScope
  /** Reads and checks. @param owner whose budget the body counts against. @throws AppError naming the parameter */
  check(request: Request, owner: string): Promise<Body>
  /** What it may come to at most. */
  estimate(body: Body): Demand
  /** What one candidate is asked, in the fields of a chat completion: never more output than its hold covers. */
  bodyFor(body: Body, quote: Quote): Readonly<Record<string, unknown>>
  /** A stream's text. */
  framer(body: Body, requestId: string): Framer
  /** A whole answer's text. @param isNative it came in this dialect's own wire */
  whole(frame: Frame, isNative: boolean, requestId: string): string
  error(error: AppError, requestId: string): Response
}

/** The members of a checked request that every call has. */
export interface Question {
  readonly model: string
  readonly stream: boolean
  /** Answers asked for in one call. */
  readonly choices: number
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
  /** Most output tokens of one choice that the caller allows; null = not said. */
  readonly maxTokens: number | null
  /** Of those, what the caller lets the model think; the answer comes after it. */
  readonly thinking: { tokens: number; param: string } | null
  readonly size: PromptSize
  readonly extras: readonly Extra[]
}

/** Frames one stream for its client. */
export interface Framer {
  /** A frame in this dialect's own wire, as it came; "" = not for the client. */
  native(frame: Frame): string
  /** Another wire's events in our own words. */
  events(events: readonly AnswerEvent[], model: string): string
  /** The regular end. */
  end(): string
  /** An error after the answer began, and one instead of it: status 200 has been sent. */
  broken(error: AppError): string
  failed(error: AppError): string
  comment(text: string): string
}

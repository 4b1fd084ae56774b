// A dialect: how callers of one /v1 route speak. It checks and estimates what they ask, frames answers for them, and words errors.
// It knows no upstream's wire; the answers of every provider reach it as one union of events.
import type { AppError } from "../../app/index.ts"
import type { AiScope } from "../../oauth/index.ts"
import type { CallKind } from "../../usage/index.ts"
import type { QuoteDeps } from "../charge/quote.ts"
import type { AnswerEvent, Frame } from "../providers/index.ts"
import type { Caller, Quote } from "../types.ts"

export interface Dialect<Body extends Question> {
  readonly name: "chat"
  readonly kind: CallKind
  readonly scope: AiScope
  /** Reads and checks. @param owner whose budget the body counts against. @throws AppError naming the parameter */
  check(request: Request, owner: string): Promise<Body>
  /** Who may answer, at which price, and what must be held. @throws AppError model_not_found, model_not_priced */
  estimate(deps: QuoteDeps, caller: Caller, body: Body, atMs: number): Quote[]
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

// A call with tools whose answer is one document: what all rounds said and which tools ran, with the charge of all.
import { AppError, creditsDecimal } from "../../app/index.ts"
import { documentOf } from "../charge/once.ts"
import type { Question } from "../dialects/dialect.ts"
import type { AnswerEvent } from "../providers/index.ts"
import type { Round, Rounds } from "./rounds.ts"

export async function whole<Body extends Question>(rounds: Rounds<Body>): Promise<Response> {
  const { signal, requestId } = rounds.posed
  const events: AnswerEvent[] = []
  let last: Round | null = null
  while (!rounds.stopped) {
    const round = await next(rounds, signal)
    if (!round) break
    last = round
    events.push(...round.heard.shown)
    const calls = await rounds.hear(round)
    if (calls.length === 0) break
    await rounds.run(calls, signal, (event) => void events.push(event))
  }
  const { heard, response } = last!
  events.push(...rounds.end(heard))
  const { dialect, body } = rounds
  const text = await dialect.whole(body, { events, raw: null, model: heard.model }, false, requestId)
  return documentOf(text, requestId, rounds.receipt(), headersOf(response))
}

/** @returns null where it was stopped before it was asked. @throws AppError */
async function next<Body extends Question>(rounds: Rounds<Body>, signal: AbortSignal): Promise<Round | null> {
  try {
    return await rounds.ask(null, signal)
  } catch (error) {
    if (rounds.isFirst) throw error
    if (rounds.stopBy(error)) return null
    throw withCharge(error, rounds)
  }
}

/** What came before the failure is paid, and said. */
function withCharge<Body extends Question>(error: unknown, rounds: Rounds<Body>): unknown {
  if (!(error instanceof AppError)) return error
  const headers = { ...error.extra.headers, "x-credits-charged": creditsDecimal(rounds.receipt().chargedNano) }
  return new AppError(error.code, error.message, { ...error.extra, headers }, error.detail)
}

/** Of the last round: what its limits say is what counts now. */
const OURS = ["x-credits-charged", "x-credits-remaining", "x-request-id", "request-id"]
const headersOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => !OURS.includes(name)))

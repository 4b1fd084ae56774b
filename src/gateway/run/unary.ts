// A call whose answer is one JSON document. It is read to its end even when the client leaves: the provider bills it whole, and so
// the report is exact. Fallback to the next candidate is allowed until one answers.
import { creditsDecimal } from "../../app/index.ts"
import type { TokenUsage } from "../../pricing/index.ts"
import { failed } from "../charge/charged.ts"
import { bodyFor, type ChatRequest } from "../dialects/chat/request.ts"
import { CORS } from "../envelope.ts"
import { GATEWAY_LIMITS, type Timeouts } from "../limits.ts"
import { brokenAnswer, estimatedUsage, readUsage, streamedTokens, UpstreamFailure } from "../providers/openai/rules.ts"
import type { HeldCall, Quote } from "../types.ts"
import { asFailure, Deadlines, sendChat } from "./send.ts"
import type { Watch } from "./watch.ts"

export interface RunDeps {
  watch: Watch
  timeouts: Timeouts
}

interface Completion {
  choices?: { message?: Record<string, unknown> }[]
  model?: unknown
  usage?: unknown
  error?: unknown
}

export async function runUnary(deps: RunDeps, held: HeldCall, body: ChatRequest): Promise<Response> {
  const deadlines = new Deadlines(held.call.requestId, deps.timeouts)
  deps.watch.add(deadlines)
  try {
    return await firstAnswer(held, body, deadlines)
  } finally {
    deps.watch.remove(deadlines)
  }
}

async function firstAnswer(held: HeldCall, body: ChatRequest, deadlines: Deadlines): Promise<Response> {
  const { quotes } = held.call
  for (let at = 0; ; at++) {
    const quote = quotes[at]!
    try {
      return await answerOf(held, quote, body, deadlines)
    } catch (thrown) {
      if (held.isSettled) throw thrown
      const failure = asFailure(thrown, deadlines)
      if (failure.mayFallBack && at + 1 < quotes.length) {
        deadlines.restart()
        continue
      }
      await held.settle(failed(quote, failure.error, deadlines.stopped === "timeout" ? "timeout" : "failed"))
      throw failure.error
    }
  }
}

async function answerOf(held: HeldCall, quote: Quote, body: ChatRequest, deadlines: Deadlines): Promise<Response> {
  const sent = JSON.stringify({ ...bodyFor(body, quote), model: quote.model })
  const response = await sendChat(quote, sent, deadlines)
  const text = await readText(response)
  const answer = JSON.parse(text) as Completion
  if (typeof answer !== "object" || answer === null || answer.error || !Array.isArray(answer.choices)) {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  }
  const reported = credible(readUsage(answer.usage), answer)
  const receipt = await held.settle({
    quote,
    answeredModel: typeof answer.model === "string" ? answer.model : null,
    usage: reported ?? estimated(quote, answer),
    source: reported ? "reported" : "estimated",
    status: 200,
    errorCode: null,
    end: "done",
    firstTokenMs: null,
  })
  return new Response(text, {
    headers: {
      ...CORS,
      "content-type": "application/json",
      "cache-control": "no-store",
      "x-request-id": held.call.requestId,
      "x-credits-charged": creditsDecimal(receipt.chargedNano),
      "x-credits-remaining": creditsDecimal(receipt.balanceAfterNano),
    },
  })
}

async function readText(response: Response): Promise<string> {
  const declared = Number(response.headers.get("content-length") ?? -1)
  if (declared > GATEWAY_LIMITS.answerBytesMax) throw brokenAnswer({ bytes: declared })
  if (declared >= 0 || !response.body) return response.text()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > GATEWAY_LIMITS.answerBytesMax) throw new UpstreamFailure(brokenAnswer({ bytes: size }).error, false)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString("utf8")
}

const producedBytes = (answer: Completion): number =>
  (answer.choices ?? []).reduce((sum, { message }) => {
    if (!message) return sum
    const { content, reasoning_content, tool_calls, refusal } = message
    let bytes = 0
    for (const part of [content, reasoning_content, refusal])
      if (typeof part === "string") bytes += Buffer.byteLength(part)
    return sum + bytes + (tool_calls ? JSON.stringify(tool_calls).length : 0)
  }, 0)

/** A report of nothing beside an answer with text is no report. */
function credible(usage: TokenUsage | null, answer: Completion): TokenUsage | null {
  return usage && usage.outputTokens === 0 && producedBytes(answer) > 0 ? null : usage
}

/** Text arrives in one piece here, so it is measured by its bytes. Never more than the hold was made for. */
function estimated(quote: Quote, answer: Completion): TokenUsage {
  const bytes = producedBytes(answer)
  return estimatedUsage(
    quote.inputTokens,
    Math.min(bytes === 0 ? 0 : Math.max(1, streamedTokens(1, bytes)), quote.outputTokensMax),
  )
}

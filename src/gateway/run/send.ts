// One request to one upstream: our timeouts are the only clock, redirects are refused (they would carry the key away), every
// failure becomes an UpstreamFailure that says whether another upstream may be asked.
import { AppError } from "../../app/index.ts"
import type { Timeouts } from "../limits.ts"
import { brokenAnswer, refusalOf, timedOut, UpstreamFailure, unreachable } from "../providers/openai/rules.ts"
import type { Candidate, Watched } from "../types.ts"

/** Why we ended a request ourselves. */
export type StopReason = "client_gone" | "timeout" | "cut"

/** Deadlines of one call, checked by the gateway's timer. */
export class Deadlines implements Watched {
  readonly controller = new AbortController()
  stopped: StopReason | null = null
  what = ""
  private nextMs: number
  private readonly endMs: number

  constructor(
    readonly callId: string,
    private readonly timeouts: Timeouts,
  ) {
    const nowMs = performance.now()
    this.endMs = nowMs + timeouts.totalMs
    this.nextMs = nowMs + timeouts.headMs
  }

  /** Something arrived: the next must come within the gap. */
  alive(): void {
    this.nextMs = performance.now() + this.timeouts.gapMs
  }
  /** Nothing is awaited from the upstream now: a slow reader is no fault of it. */
  rest(): void {
    this.nextMs = Number.POSITIVE_INFINITY
  }
  /** A new attempt at another upstream. */
  restart(): void {
    this.nextMs = performance.now() + this.timeouts.headMs
  }

  tick(nowMs: number): void {
    if (nowMs > this.endMs) this.stop("timeout", "total")
    else if (nowMs > this.nextMs) this.stop("timeout", "silence")
  }

  stop(reason: StopReason, what = reason as string): void {
    if (this.stopped) return
    this.stopped = reason
    this.what = what
    this.controller.abort(new UpstreamStopped(reason))
  }
}

export class UpstreamStopped extends Error {
  constructor(readonly reason: StopReason) {
    super(`stopped: ${reason}`)
  }
}

/**
 * Sends a chat request.
 * @returns the response when its status is 2xx
 * @throws UpstreamFailure
 */
export async function sendChat(candidate: Candidate, body: string, deadlines: Deadlines): Promise<Response> {
  const { upstream } = candidate
  let response: Response
  try {
    response = await upstream.fetch(upstream.chatUrl, {
      method: "POST",
      headers: upstream.headers,
      body,
      signal: deadlines.controller.signal,
      redirect: "manual",
    })
  } catch (error) {
    throw asFailure(error, deadlines)
  }
  deadlines.alive()
  if (response.ok) return response
  const text = await response.text().catch(() => "")
  throw refusalOf(response.status, text, response.headers.get("retry-after"), upstream.apiKey)
}

/** Any error met while talking to an upstream. */
export function asFailure(error: unknown, deadlines: Deadlines): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error
  if (deadlines.stopped === "timeout") return timedOut(deadlines.what)
  if (deadlines.stopped) return new UpstreamFailure(gone(deadlines.stopped), false)
  return error instanceof SyntaxError ? brokenAnswer(error) : unreachable(error)
}

const gone = (reason: StopReason): AppError =>
  reason === "cut"
    ? new AppError("account_suspended", "This account is suspended.")
    : new AppError("invalid_request", "The client closed the connection.", {}, reason)

// The only clocks of a proxied call, checked by the gateway's one timer; and why we ended a request ourselves.
import { AppError } from "../../app/index.ts"
import { BodyReadError } from "../../http/index.ts"
import type { Timeouts } from "../limits.ts"
import { brokenAnswer, SILENCE, timedOut, UpstreamFailure, unreachable } from "../providers/index.ts"
import type { Watched } from "../types.ts"

export type StopReason = "client_gone" | "timeout" | "cut"

export class Deadlines implements Watched {
  /** Of the present attempt. */
  controller = new AbortController()
  stopped: StopReason | null = null
  what = ""
  private nextMs: number
  private leaveMs = Number.POSITIVE_INFINITY
  private readonly endMs: number

  /** @param isPatient an answer in one piece may take all of the call's time: long reasoning says nothing until it is done */
  constructor(
    readonly callId: string,
    private readonly timeouts: Timeouts,
    private readonly isPatient: boolean,
  ) {
    const nowMs = performance.now()
    this.endMs = nowMs + timeouts.totalMs
    this.nextMs = isPatient ? Number.POSITIVE_INFINITY : nowMs + timeouts.headMs
  }

  /** Something arrived: the next must come within the gap. */
  alive(): void {
    if (!this.isPatient) this.nextMs = performance.now() + this.timeouts.gapMs
  }
  /** Nothing is awaited from the upstream now: a slow reader is no fault of it. */
  rest(): void {
    this.nextMs = Number.POSITIVE_INFINITY
  }
  /** A new attempt at another upstream; that the last one was silent is its own affair. */
  restart(): void {
    if (this.isSilent) {
      this.stopped = null
      this.what = ""
      this.controller = new AbortController()
    }
    if (!this.isPatient) this.nextMs = performance.now() + this.timeouts.headMs
  }
  /** It was stopped because nothing came of it, and the call itself still has time. */
  get isSilent(): boolean {
    return this.stopped === "timeout" && this.what === SILENCE
  }
  /** The client left: what is still awaited must come within this time. */
  leave(ms: number): void {
    this.leaveMs = Math.min(this.leaveMs, performance.now() + ms)
  }
  get hasLeft(): boolean {
    return this.leaveMs !== Number.POSITIVE_INFINITY
  }

  tick(nowMs: number): void {
    if (nowMs > this.leaveMs) this.stop("client_gone")
    else if (nowMs > this.endMs) this.stop("timeout", "total")
    else if (nowMs > this.nextMs) this.stop("timeout", SILENCE)
  }

  stop(reason: StopReason, what = reason as string): void {
    // Silence is one attempt's; whatever else ends the call ends it all the same.
    if (this.stopped && !(this.isSilent && what !== SILENCE)) return
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

/** Any error met while talking to an upstream. */
export function asFailure(error: unknown, deadlines: Deadlines): UpstreamFailure {
  if (error instanceof UpstreamFailure) return error
  // A wire that cannot say what is asked: another one may.
  if (error instanceof AppError) return new UpstreamFailure(error, true)
  if (deadlines.stopped === "timeout") return timedOut(deadlines.what)
  if (deadlines.stopped) return new UpstreamFailure(gone(deadlines.stopped), false)
  return error instanceof SyntaxError || error instanceof BodyReadError ? brokenAnswer(error) : unreachable(error)
}

const gone = (reason: StopReason): AppError =>
  reason === "cut"
    ? new AppError("account_suspended", "This account is suspended.")
    : new AppError("invalid_request", "The client closed the connection.", {}, reason)

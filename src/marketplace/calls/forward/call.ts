// One call under way: its clocks, why it was stopped, and the one point at which it ends, which answer, failure, silence and a client that
// left all reach. Nothing of it outlives that point.
import { AppError } from "../../../app/index.ts"
import type { Admitted } from "../admit.ts"
import type { Asked } from "../asked.ts"
import { CALL_LIMITS as L } from "../limits.ts"

/** Whom the next byte is expected from. A reader may take its time. */
export type WaitingFor = "sender" | "server" | "reader"

export interface CallSums {
  status: number
  bytesOut: number
  upstreamMs: number | null
  /** The publisher's server got the request, or may have. */
  reached: boolean
  error: AppError | null
  end: "done" | "failed" | "timeout" | "client_gone"
}

export class Call {
  readonly callId: string
  readonly controller = new AbortController()
  /** Why we ended it ourselves. */
  stopped: AppError | null = null
  private readonly endMs: number
  private waiting: WaitingFor = "server"
  private sinceMs: number
  private hasHead = false
  private reject: ((why: AppError) => void) | null = null
  private isOver = false

  constructor(
    readonly admitted: Admitted,
    readonly asked: Asked,
    private readonly finish: (sums: CallSums) => void,
  ) {
    this.callId = asked.requestId
    this.sinceMs = performance.now()
    this.endMs = this.sinceMs + L.totalMs
  }

  waitFor(whom: WaitingFor): void {
    this.waiting = whom
    this.sinceMs = performance.now()
  }

  gotHead(): void {
    this.hasHead = true
    this.waitFor("server")
  }

  tick(nowMs: number): void {
    const silentMs = nowMs - this.sinceMs
    const patienceMs = this.hasHead ? L.gapMs : Math.min(this.admitted.product.timeoutMs, L.headMsMax)
    if (nowMs > this.endMs) this.stop(timedOut("The call took longer than any may."))
    else if (this.waiting === "sender" && silentMs > L.gapMs)
      this.stop(new AppError("body_timeout", "The body took too long to arrive. Send it again, or send less."))
    else if (this.waiting === "server" && silentMs > patienceMs)
      this.stop(timedOut("The server of this API took too long."))
  }

  /** The first reason counts. */
  stop(why: AppError): void {
    if (this.stopped || this.isOver) return
    this.stopped = why
    this.reject?.(why)
    this.controller.abort()
  }

  /** One work at a time. @throws what stopped it */
  orStopped<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.reject = reject
      if (this.stopped) reject(this.stopped)
      work.then(resolve, reject)
    })
  }

  /** Once, whoever comes first. */
  end(sums: CallSums): void {
    if (this.isOver) return
    this.isOver = true
    this.finish(sums)
  }
}

const timedOut = (words: string): AppError =>
  new AppError("upstream_timeout", `${words} It may have done its work all the same.`)

/** Nobody reads any more. */
export const CLIENT_GONE = new AppError("invalid_request", "The client closed the connection.", {}, "client_gone")

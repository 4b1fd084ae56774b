// A streamed call: reads the upstream only as fast as the client reads us, meters every event, and settles at ONE point that end,
// error, timeout and cancel all reach. `[DONE]` leaves after the settle's commit. Nothing upstream-shaped is piped through.
import type { AppError } from "../../app/index.ts"
import { openaiBody } from "../../http/index.ts"
import type { Charge, TokenUsage } from "../../pricing/index.ts"
import { failed } from "../charge/charged.ts"
import type { ChatRequest } from "../dialects/chat/request.ts"
import { brokenAnswer, estimatedUsage } from "../providers/openai/rules.ts"
import { sseComment, sseEvent } from "../providers/sse.ts"
import type { HeldCall, Outcome, Quote, Receipt, Watched } from "../types.ts"
import { asFailure, Deadlines, type StopReason } from "./send.ts"
import type { RunDeps } from "./unary.ts"
import { Source } from "./upstream-stream.ts"

export interface RelayDeps extends RunDeps {
  chargeOf: (quote: Quote, usage: TokenUsage) => Charge
}

const encoder = new TextEncoder()

export class Relay implements Watched {
  readonly callId: string
  private readonly deadlines: Deadlines
  private source: Source
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null
  private isPulling = false
  private firstTokenMs: number | null = null
  private receipt: Promise<Receipt> | null = null
  private lastSentMs = performance.now()
  private lastMarkMs = performance.now()
  private markedPieces = 0

  constructor(
    private readonly deps: RelayDeps,
    private readonly held: HeldCall,
    private readonly body: ChatRequest,
  ) {
    this.callId = held.call.requestId
    this.deadlines = new Deadlines(this.callId, deps.timeouts)
    this.source = new Source(held.call.quotes[0]!, body, this.deadlines)
    deps.watch.add(this)
  }

  /** Finds the candidate that sends a first data event. @throws AppError; the call is settled at 0 (or its input) then */
  async open(): Promise<void> {
    const { quotes } = this.held.call
    for (let at = 0; ; at++) {
      if (at > 0) this.source = new Source(quotes[at]!, this.body, this.deadlines)
      try {
        await this.source.open()
        return this.noteFirstToken()
      } catch (thrown) {
        const failure = asFailure(thrown, this.deadlines)
        this.source.drop()
        if (failure.mayFallBack && at + 1 < quotes.length && !this.deadlines.stopped) {
          this.deadlines.restart()
          continue
        }
        await this.giveUp(failure.error)
        throw failure.error
      }
    }
  }

  stream(opening: Promise<void>): ReadableStream<Uint8Array> {
    let isOpen = false
    opening.then(
      () => {
        isOpen = true
      },
      () => {},
    )
    let isLate = false
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.controller = controller
        },
        pull: async (controller) => {
          if (!isOpen) {
            // The head leaves with the first bytes, so that the client's own timeout sees life.
            if (!isLate) {
              isLate = true
              return this.send(controller, sseComment("waiting for the model"))
            }
            try {
              await opening
            } catch (error) {
              return this.endInBand(controller, error as AppError)
            }
          }
          await this.pull(controller)
        },
        cancel: () => this.cancel(),
      },
      { highWaterMark: 0 },
    )
  }

  /** The client left: stop the upstream, charge what was produced, at least the input. */
  cancel(): void {
    if (this.receipt) return
    this.deadlines.stop("client_gone")
    // Still opening: `open` meets the abort and settles.
    if (this.source.sawEvent) void this.settleStopped("client_gone")
  }

  /** The person was suspended: open streams are cut (SPEC OA-6). */
  cut(): void {
    this.deadlines.stop("cut")
  }
  get userId(): number {
    return this.held.call.caller.claims.userId
  }

  tick(nowMs: number): void {
    this.deadlines.tick(nowMs)
    if (this.receipt) return
    const { stopped } = this.deadlines
    if (stopped) {
      // Nobody may be reading: a client that never reads again must not keep its hold.
      if (this.source.sawEvent && !this.isPulling) void this.settleStopped(stopped)
      return
    }
    const { keepAliveMs, markMs } = this.deps.timeouts
    if (this.controller && nowMs - this.lastSentMs >= keepAliveMs) this.comment("keep-alive", nowMs)
    if (nowMs - this.lastMarkMs >= markMs && this.source.meter.pieces > this.markedPieces) {
      this.lastMarkMs = nowMs
      this.markedPieces = this.source.meter.pieces
      this.held.mark(this.deps.chargeOf(this.source.quote, this.known()))
    }
  }

  private noteFirstToken(): void {
    if (this.firstTokenMs !== null || this.source.meter.pieces === 0) return
    this.firstTokenMs = Math.round(performance.now() - this.held.call.startMs)
  }

  private settleStopped(reason: StopReason): Promise<Receipt> {
    const { error } = asFailure(null, this.deadlines)
    return this.settle(reason, reason === "client_gone" ? null : error, reason === "client_gone" ? 499 : error.status)
  }

  private async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.isPulling = true
    try {
      await this.relay(controller)
    } finally {
      this.isPulling = false
    }
  }

  private async relay(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const { source } = this
    try {
      const text = await source.next()
      this.noteFirstToken()
      if (text !== "") {
        this.deadlines.rest()
        return this.send(controller, text)
      }
      if (source.failed) throw source.failure()
      if (!source.isWhole) throw brokenAnswer("the stream ended before its last event")
    } catch (thrown) {
      return this.breakOff(controller, asFailure(thrown, this.deadlines).error)
    }
    await this.finish(controller)
  }

  private async finish(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const receipt = await this.settle("done", null, 200)
    this.source.release()
    this.send(controller, `${charge(receipt)}data: [DONE]\n\n`)
    close(controller)
  }

  /** After the first event an error is an event too; what was produced is charged, nothing when nothing was. */
  private async breakOff(controller: ReadableStreamDefaultController<Uint8Array>, error: AppError): Promise<void> {
    const { stopped } = this.deadlines
    const receipt = await this.settle(stopped ?? "failed", error, error.status)
    this.source.drop()
    if (stopped === "client_gone") return close(controller)
    const chunk = { ...openaiBody(error), choices: [{ index: 0, delta: { content: "" }, finish_reason: "error" }] }
    this.send(controller, `${sseEvent(JSON.stringify(chunk))}${charge(receipt)}`)
    close(controller)
  }

  /** The answer was 200 before anything came, and then nothing came. */
  private endInBand(controller: ReadableStreamDefaultController<Uint8Array>, error: AppError): void {
    this.send(controller, sseEvent(JSON.stringify(openaiBody(error))))
    close(controller)
  }

  private async giveUp(error: AppError): Promise<void> {
    const { stopped } = this.deadlines
    if (stopped === "client_gone") await this.settle("client_gone", null, 499)
    else if (!this.receipt)
      await this.record(failed(this.source.quote, error, stopped === "timeout" ? "timeout" : "failed"))
  }

  private settle(end: Outcome["end"], error: AppError | null, status: number): Promise<Receipt> {
    if (this.receipt) return this.receipt
    const { pieces } = this.source.meter
    const reported = this.credible()
    const isEmpty = pieces === 0 && reported === null && end !== "client_gone"
    const isFree = isEmpty || (error !== null && pieces === 0)
    return this.record({
      quote: this.source.quote,
      answeredModel: this.source.meter.model,
      usage: isFree ? null : (reported ?? this.known()),
      source: reported ? "reported" : "estimated",
      status,
      errorCode: error?.code ?? null,
      end,
      firstTokenMs: this.firstTokenMs,
    })
  }

  private record(outcome: Outcome): Promise<Receipt> {
    this.deps.watch.remove(this)
    this.receipt = this.held.settle(outcome)
    return this.receipt
  }

  /** A report of no output beside streamed text is no report. */
  private credible(): TokenUsage | null {
    const { usage, pieces } = this.source.meter
    return usage && usage.outputTokens === 0 && pieces > 0 ? null : usage
  }

  private known(): TokenUsage {
    const { quote, meter } = this.source
    return estimatedUsage(quote.inputTokens, Math.min(meter.outputTokens, quote.outputTokensMax))
  }

  private comment(text: string, nowMs: number): void {
    const controller = this.controller!
    // Above 0 only while the client waits for bytes: a slow reader is not fed more.
    if ((controller.desiredSize ?? -1) < 0) return
    this.lastSentMs = nowMs
    try {
      controller.enqueue(encoder.encode(sseComment(text)))
    } catch {
      this.cancel()
    }
  }

  private send(controller: ReadableStreamDefaultController<Uint8Array>, text: string): void {
    this.lastSentMs = performance.now()
    try {
      controller.enqueue(encoder.encode(text))
    } catch {
      // The client closed in this very moment; the settle is done or under way.
      this.cancel()
    }
  }
}

const charge = (receipt: Receipt): string =>
  sseComment(`charged ${receipt.chargedNano} remaining ${receipt.balanceAfterNano}`)

function close(controller: ReadableStreamDefaultController<Uint8Array>): void {
  try {
    controller.close()
  } catch {
    // Closed by the client already.
  }
}

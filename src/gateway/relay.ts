// A streamed call: reads the upstream only as fast as the client reads us, meters every event, and settles at ONE point that end,
// error, timeout and cancel all reach. `[DONE]` leaves after the settle's commit. Nothing upstream-shaped is piped through.
import { type AppError, creditsDecimal } from "../app/index.ts"
import { openaiBody } from "../http/index.ts"
import type { Charge, TokenUsage } from "../pricing/index.ts"
import { failed } from "./charged.ts"
import { CORS } from "./envelope.ts"
import { Meter } from "./meter.ts"
import { brokenAnswer, clean, estimatedUsage, messageIn, type UpstreamFailure } from "./rules.ts"
import { asFailure, Deadlines, type StopReason, sendChat } from "./send.ts"
import { SseParser, type SseSink, sseComment, sseEvent } from "./sse.ts"
import type { HeldCall, Outcome, Quote, Receipt, Watched } from "./types.ts"
import type { RunDeps } from "./unary.ts"
import type { ChatBody } from "./validate.ts"

export interface RelayDeps extends RunDeps {
  chargeOf: (quote: Quote, usage: TokenUsage) => Charge
}

const encoder = new TextEncoder()
type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Waits for the first event (a refusal until then is a real status), then answers 200 and relays. */
export async function runStream(deps: RelayDeps, held: HeldCall, body: ChatBody, request: Request): Promise<Response> {
  const relay = new Relay(deps, held, body)
  const opening = relay.open()
  opening.catch(() => {})
  const leave = () => relay.cancel()
  request.signal.addEventListener("abort", leave, { once: true })
  await within(opening, deps.timeouts.firstEventMs)
  return new Response(relay.stream(opening), {
    headers: {
      ...CORS,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Tells buffering proxies (nginx) to pass events on as they come.
      "x-accel-buffering": "no",
      "x-request-id": held.call.requestId,
      "x-credits-held": creditsDecimal(held.heldNano),
      "x-credits-remaining": creditsDecimal(held.balanceAfterNano),
    },
  })
}

/** Resolves when the promise does, or after `ms`; rejects only when the promise rejects in time. */
async function within(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  try {
    await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}

export class Relay implements Watched, SseSink {
  readonly callId: string
  private readonly deadlines: Deadlines
  private meter: Meter
  private parser: SseParser
  private reader: Reader | null = null
  private quote: Quote
  private controller: ReadableStreamDefaultController<Uint8Array> | null = null
  /** Text ready for the client. */
  private out = ""
  private sawEvent = false
  private sawDone = false
  private failed = false
  private isPulling = false
  private firstTokenMs: number | null = null
  private receipt: Promise<Receipt> | null = null
  private lastSentMs = performance.now()
  private lastMarkMs = performance.now()
  private markedPieces = 0

  constructor(
    private readonly deps: RelayDeps,
    private readonly held: HeldCall,
    private readonly body: ChatBody,
  ) {
    this.callId = held.call.requestId
    this.quote = held.call.quotes[0]!
    this.deadlines = new Deadlines(this.callId, deps.timeouts)
    this.meter = this.newMeter()
    this.parser = new SseParser(this)
    deps.watch.add(this)
  }

  /** Finds the candidate that sends a first data event. @throws AppError; the call is settled at 0 (or its input) then */
  async open(): Promise<void> {
    const { quotes } = this.held.call
    for (let at = 0; ; at++) {
      this.quote = quotes[at]!
      this.meter = this.newMeter()
      this.parser = new SseParser(this)
      this.out = ""
      this.sawEvent = this.sawDone = this.failed = false
      try {
        return await this.attempt()
      } catch (thrown) {
        const failure = asFailure(thrown, this.deadlines)
        this.dropReader()
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
    if (this.reader && this.sawEvent) void this.settleStopped("client_gone")
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
      if (this.sawEvent && !this.isPulling) void this.settleStopped(stopped)
      return
    }
    const { keepAliveMs, markMs } = this.deps.timeouts
    if (this.controller && nowMs - this.lastSentMs >= keepAliveMs) this.comment("keep-alive", nowMs)
    if (nowMs - this.lastMarkMs >= markMs && this.meter.pieces > this.markedPieces) {
      this.lastMarkMs = nowMs
      this.markedPieces = this.meter.pieces
      this.held.mark(this.deps.chargeOf(this.quote, this.known()))
    }
  }

  /** Called by the parser, in order, for each event of a chunk. */
  event(data: string, name: string): void {
    if (this.sawDone || this.failed) return
    const verdict = this.meter.take(data, name)
    if (this.meter.pieces > 0 && this.firstTokenMs === null) {
      this.firstTokenMs = Math.round(performance.now() - this.held.call.startMs)
    }
    if (verdict === "done") this.sawDone = true
    else if (verdict === "error") this.failed = true
    else {
      this.sawEvent = true
      if (verdict === "forward") this.out += this.meter.text
    }
  }

  private newMeter(): Meter {
    return new Meter(this.body.stream_options?.include_usage === true)
  }

  private async attempt(): Promise<void> {
    const { body, quote } = this
    const stream_options = { ...body.stream_options, include_usage: true }
    const sent = JSON.stringify({ ...body, model: quote.model, stream: true, stream_options })
    const response = await sendChat(quote, sent, this.deadlines)
    if (!response.body) throw brokenAnswer("no body")
    this.reader = response.body.getReader() as Reader
    while (!this.sawEvent) {
      const more = await this.read()
      if (this.sawEvent) return
      if (this.failed) throw this.upstreamError()
      if (this.sawDone || !more) throw brokenAnswer("the stream ended before its first event")
    }
  }

  /** One read. @returns false at the end of the upstream's body */
  private async read(): Promise<boolean> {
    this.deadlines.alive()
    const { done, value } = await this.reader!.read()
    if (done) this.parser.end()
    else this.parser.push(value)
    return !done
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
    try {
      let more = true
      while (this.out === "" && more && !this.sawDone && !this.failed) more = await this.read()
      if (this.out !== "") return this.flush(controller)
      if (this.failed) throw this.upstreamError()
      if (!this.sawDone && !this.meter.finished) throw brokenAnswer("the stream ended before its last event")
    } catch (thrown) {
      return this.breakOff(controller, asFailure(thrown, this.deadlines).error)
    }
    await this.finish(controller)
  }

  private flush(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const text = this.out
    this.out = ""
    this.deadlines.rest()
    this.send(controller, text)
  }

  private async finish(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    const receipt = await this.settle("done", null, 200)
    this.drainTail()
    this.send(controller, `${charge(receipt)}data: [DONE]\n\n`)
    close(controller)
  }

  /** After the first event an error is an event too; what was produced is charged, nothing when nothing was. */
  private async breakOff(controller: ReadableStreamDefaultController<Uint8Array>, error: AppError): Promise<void> {
    const { stopped } = this.deadlines
    const receipt = await this.settle(stopped ?? "failed", error, error.status)
    this.dropReader()
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
    else if (!this.receipt) await this.record(failed(this.quote, error, stopped === "timeout" ? "timeout" : "failed"))
  }

  private settle(end: Outcome["end"], error: AppError | null, status: number): Promise<Receipt> {
    if (this.receipt) return this.receipt
    const reported = this.credible()
    const isEmpty = this.meter.pieces === 0 && reported === null && end !== "client_gone"
    const isFree = isEmpty || (error !== null && this.meter.pieces === 0)
    return this.record({
      quote: this.quote,
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
    const { usage, pieces } = this.meter
    return usage && usage.outputTokens === 0 && pieces > 0 ? null : usage
  }

  private known(): TokenUsage {
    return estimatedUsage(this.quote.inputTokens, Math.min(this.meter.outputTokens, this.quote.outputTokensMax))
  }

  private upstreamError(): UpstreamFailure {
    const said = clean(messageIn(this.meter.errorText), this.quote.upstream.apiKey)
    return brokenAnswer({ said })
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

  /** Reads the upstream's end so that its connection can serve the next call. */
  private drainTail(): void {
    const reader = this.reader
    this.reader = null
    if (!reader) return
    reader
      .read()
      .then(
        ({ done }) => (done ? undefined : reader.cancel()),
        () => {},
      )
      .catch(() => {})
  }

  private dropReader(): void {
    this.reader?.cancel().catch(() => {})
    this.reader = null
    if (!this.deadlines.controller.signal.aborted && this.receipt) this.deadlines.controller.abort()
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

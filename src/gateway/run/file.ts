// A call whose answer is a file, such as speech: its bytes pass as they come, are counted, and are settled before the last of them leaves.
// What is paid by the piece is owed once something was made; what is paid by the token, as far as it was heard.
import { creditsDecimal } from "../../app/index.ts"
import { decodedStream } from "../../http/index.ts"
import type { Question } from "../dialects/dialect.ts"
import { CORS } from "../envelope.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import { brokenAnswer } from "../providers/index.ts"
import type { HeldCall, Quote, Watched } from "../types.ts"
import { ask } from "./ask.ts"
import { openFirst, usageOf } from "./attempts.ts"
import { asFailure, Deadlines, UpstreamStopped } from "./deadlines.ts"
import { Meter } from "./meter.ts"
import { requestFor } from "./request.ts"
import { type Metered, Settlement } from "./settlement.ts"
import type { Asked, RunDeps } from "./unary.ts"

/** Types that a provider may name; others are told as what was asked for. */
const TYPE = /^audio\/[a-z0-9.+-]{1,40}$/

export async function runFile<Body extends Question>(
  deps: RunDeps,
  held: HeldCall,
  asked: Asked<Body>,
): Promise<Response> {
  const file = new FileCall(deps, held, asked)
  const leave = () => file.cancel()
  asked.signal.addEventListener("abort", leave, { once: true })
  if (asked.signal.aborted) leave()
  await file.open()
  const { requestId } = held.call
  return new Response(file.stream(), {
    headers: {
      ...CORS,
      "content-type": file.type ?? asked.body.fileType!,
      "cache-control": "no-store",
      "x-accel-buffering": "no",
      "x-request-id": requestId,
      ...held.call.headers?.(requestId),
      "x-credits-held": creditsDecimal(held.heldNano),
      "x-credits-remaining": creditsDecimal(held.balanceAfterNano),
    },
  })
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

export class FileCall<Body extends Question> implements Watched, Metered {
  readonly callId: string
  readonly meter = new Meter()
  isWhole = false
  quote: Quote
  type: string | null = null
  private readonly deadlines: Deadlines
  private readonly settlement: Settlement
  private reader: Reader | null = null
  private first: Uint8Array | null = null
  private bytes = 0
  private isReading = false
  private lastMarkMs = 0

  constructor(
    private readonly deps: RunDeps,
    private readonly held: HeldCall,
    private readonly asked: Asked<Body>,
  ) {
    this.callId = held.call.requestId
    this.quote = held.call.quotes[0]!
    this.deadlines = new Deadlines(this.callId, deps.timeouts, false)
    this.deadlines.trace = held.call.trace ?? null
    this.settlement = new Settlement(deps, held, this.deadlines, () => deps.watch.remove(this))
    deps.watch.add(this)
  }

  /** Finds the candidate that sends a first byte. @throws AppError; the call is settled then */
  async open(): Promise<void> {
    const { deps, held, deadlines, settlement } = this
    await openFirst(deps.log, held, deadlines, settlement, (quote) => this.openOne(quote))
    this.settlement.noteFirstToken(this)
  }

  private async openOne(quote: Quote): Promise<void> {
    this.quote = quote
    const response = await ask(quote, requestFor(this.asked, quote, false), this.deadlines)
    const type = (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase()
    const body = decodedStream(response)
    if (!body || type === "application/json" || type.startsWith("text/")) {
      void body?.cancel().catch(() => {})
      throw brokenAnswer({ type })
    }
    this.type = TYPE.test(type) ? type : null
    this.reader = body.getReader() as Reader
    this.first = await this.read()
    if (!this.first) throw brokenAnswer("a file without a byte")
  }

  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      { pull: (to) => this.pull(to), cancel: () => this.cancel() },
      { highWaterMark: 0 },
    )
  }

  /** The client left: nothing more is fetched, and what was made is charged. */
  cancel(): void {
    if (this.settlement.receipt) return
    this.deadlines.stop("client_gone")
    // Still opening: `open` meets the abort and settles.
    if (this.bytes > 0) this.end("client_gone")
  }
  /** The person was suspended, or the server stops. */
  cut(why?: string): void {
    this.deadlines.stop("cut", why)
  }
  get userId(): number {
    return this.held.call.caller.userId
  }

  tick(nowMs: number): void {
    this.deadlines.tick(nowMs)
    if (this.settlement.receipt || this.bytes === 0) return
    const { stopped } = this.deadlines
    // A client that never reads again must not keep its hold.
    if (stopped) {
      if (!this.isReading) this.end(stopped)
      return
    }
    if (nowMs - this.lastMarkMs < this.deps.timeouts.markMs) return
    this.lastMarkMs = nowMs
    this.held.mark(this.deps.chargeOf(this.quote, usageOf(this.quote, this.meter, true).usage))
  }

  private end(stopped: NonNullable<Deadlines["stopped"]>): void {
    this.reader?.cancel().catch(() => {})
    void this.settlement.stopped(stopped, this).catch(() => {})
  }

  private async pull(to: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.isReading = true
    try {
      const piece = this.first ?? (await this.read())
      this.first = null
      this.deadlines.rest()
      if (piece) return to.enqueue(piece)
      this.isWhole = true
      await this.settlement.settle(this, "done", null, 200)
      to.close()
    } catch (thrown) {
      await this.breakOff(thrown)
      // Told by cutting the line: a file has no place for words.
      to.error(new Error("the file broke off"))
    } finally {
      this.isReading = false
    }
  }

  private async breakOff(thrown: unknown): Promise<void> {
    const { stopped } = this.deadlines
    this.reader?.cancel().catch(() => {})
    if (this.settlement.receipt) return
    if (stopped === "client_gone") return void (await this.settlement.stopped(stopped, this))
    const failure = asFailure(thrown, this.deadlines)
    const { code, detail, message } = failure.error
    const upstream = this.quote.upstream.name
    this.deps.log.error("gateway.stream_broken", { request: this.callId, upstream, code, error: detail ?? message })
    if (stopped !== "cut") this.held.attempts.failed(failure)
    await this.settlement.settle(this, stopped ?? "failed", failure.error, failure.error.status)
  }

  /** @returns null at the end */
  private async read(): Promise<Uint8Array | null> {
    this.deadlines.alive()
    for (;;) {
      const { done, value } = await this.reader!.read()
      if (this.deadlines.stopped) throw new UpstreamStopped(this.deadlines.stopped)
      if (done) return null
      if (value.length === 0) continue
      this.bytes += value.length
      if (this.bytes > GATEWAY_LIMITS.streamBytesMax) throw brokenAnswer("a file without end")
      const heard = this.quote.wire.heard?.(requestFor(this.asked, this.quote, false), value.length)
      this.meter.take({ events: heard ? [heard] : [], raw: null, model: null })
      return value
    }
  }
}

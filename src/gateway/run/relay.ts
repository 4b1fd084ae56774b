// A streamed call: reads the upstream only as fast as the client reads us, meters every event, and settles at ONE point that end,
// error, timeout and cancel all reach. The end leaves after the settle's commit. Nothing upstream-shaped is piped through.
import type { AppError } from "../../app/index.ts"
import type { Framer, Question } from "../dialects/dialect.ts"
import { brokenAnswer, type UpstreamFailure } from "../providers/index.ts"
import type { HeldCall, Quote, Receipt, Watched } from "../types.ts"
import { openFirst, usageOf } from "./attempts.ts"
import { ClientStream } from "./client-stream.ts"
import { asFailure, Deadlines } from "./deadlines.ts"
import { requestFor } from "./request.ts"
import { Settlement } from "./settlement.ts"
import type { Asked, RunDeps } from "./unary.ts"
import { UpstreamStream } from "./upstream-stream.ts"

export type RelayDeps = RunDeps

export class Relay<Body extends Question = Question> implements Watched {
  readonly callId: string
  private readonly framer: Framer
  private readonly deadlines: Deadlines
  private source: UpstreamStream
  private readonly client = new ClientStream(() => this.cancel())
  private isReading = false
  private readonly settlement: Settlement
  private lastMarkMs = performance.now()
  private markedPieces = 0

  constructor(
    private readonly deps: RelayDeps,
    private readonly held: HeldCall,
    private readonly asked: Asked<Body>,
  ) {
    this.framer = asked.dialect.framer(asked.body, held.call.requestId)
    this.callId = held.call.requestId
    this.deadlines = new Deadlines(this.callId, deps.timeouts, false)
    this.deadlines.trace = held.call.trace ?? null
    this.source = this.sourceOf(held.call.quotes[0]!)
    this.settlement = new Settlement(deps, held, this.deadlines, () => deps.watch.remove(this))
    deps.watch.add(this)
  }

  /** Finds the candidate that sends a first event. @throws AppError; the call is settled at 0 (or its input) then */
  async open(): Promise<void> {
    const { deps, held, deadlines, settlement } = this
    await openFirst(deps.log, held, deadlines, settlement, (quote) => this.openOne(quote))
    this.settlement.noteFirstToken(this.source)
    if (this.deadlines.hasLeft) void this.drain()
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
        start: (controller) => this.client.attach(controller),
        pull: async () => {
          if (!isOpen) {
            // The head leaves with the first bytes, so that the client's own timeout sees life.
            if (!isLate) {
              isLate = true
              return this.client.send(this.framer.comment("waiting for the model"))
            }
            try {
              await opening
            } catch (error) {
              return this.endInBand(error as AppError)
            }
          }
          await this.pull()
        },
        cancel: () => this.cancel(),
      },
      { highWaterMark: 0 },
    )
  }

  /**
   * The client left. Hanging up stops the bill in the middle of an answer, so what was produced is charged, at least the input. Once
   * the answer is finished everything is owed, and only its usage is awaited: reasoning shows nowhere else.
   */
  cancel(): void {
    if (this.settlement.receipt || this.deadlines.hasLeft) return
    const patienceMs = this.patienceMs()
    if (patienceMs > 0) {
      this.deadlines.leave(patienceMs)
      if (this.source.sawEvent && !this.isReading) void this.drain()
      return
    }
    this.deadlines.stop("client_gone")
    // Still opening: `open` meets the abort and settles.
    if (this.source.sawEvent) void this.settlement.stopped("client_gone", this.source)
  }

  /** The person was suspended (SPEC OA-6), or the server stops: what was produced until now is charged. */
  cut(why?: string): void {
    this.deadlines.stop("cut", why)
  }
  get userId(): number {
    return this.held.call.caller.userId
  }

  tick(nowMs: number): void {
    this.deadlines.tick(nowMs)
    if (this.settlement.receipt) return
    const { stopped } = this.deadlines
    if (stopped) {
      // Nobody may be reading: a client that never reads again must not keep its hold.
      if (this.source.sawEvent && !this.isReading) void this.settlement.stopped(stopped, this.source)
      return
    }
    const { keepAliveMs, markMs } = this.deps.timeouts
    if (this.client.isWaiting && nowMs - this.client.lastSentMs >= keepAliveMs) {
      this.client.send(this.framer.keepAlive())
    }
    if (nowMs - this.lastMarkMs >= markMs && this.source.meter.pieces > this.markedPieces) {
      this.lastMarkMs = nowMs
      this.markedPieces = this.source.meter.pieces
      const { usage } = usageOf(this.source.quote, this.source.meter, !this.source.isWhole)
      this.held.mark(this.deps.chargeOf(this.source.quote, usage))
    }
  }

  private sourceOf(quote: Quote): UpstreamStream {
    const { choices } = this.asked.body
    return new UpstreamStream(quote, requestFor(this.asked, quote, true), choices, this.framer, this.deadlines)
  }

  private async openOne(quote: Quote): Promise<void> {
    this.source = this.sourceOf(quote)
    try {
      await this.source.open()
    } catch (error) {
      this.source.drop()
      throw error
    }
  }

  private patienceMs(): number {
    if (this.source.owesUsage) return this.deps.timeouts.usageMs
    return this.source.quote.upstream.provider.leaving.stream === "runs-on" ? this.deps.timeouts.abandonedMs : 0
  }

  private async pull(): Promise<void> {
    this.isReading = true
    try {
      await this.relay()
    } finally {
      this.isReading = false
    }
  }

  private async relay(): Promise<void> {
    const { source } = this
    try {
      const text = await source.next()
      this.settlement.noteFirstToken(this.source)
      if (this.deadlines.hasLeft) return await this.drain()
      if (text !== "") {
        this.deadlines.rest()
        return this.client.send(text)
      }
      if (source.hasFailed) throw source.failure()
      if (!source.isWhole) throw brokenAnswer("the stream ended before its last event")
    } catch (thrown) {
      return this.breakOff(asFailure(thrown, this.deadlines))
    }
    await this.finish()
  }

  /** Reads on for the report alone: until the upstream is through, or its time is over. */
  private async drain(): Promise<void> {
    this.isReading = true
    try {
      while ((await this.source.next()) !== "") {}
    } catch {
      // What is known by now is what is charged.
    }
    this.isReading = false
    this.source.drop()
    await this.settlement.stopped("client_gone", this.source).catch(() => {})
  }

  private async finish(): Promise<void> {
    const receipt = await this.settlement.settle(this.source, "done", null, 200)
    this.source.release()
    const end = this.framer.end()
    const last = end instanceof Promise ? await end : end
    this.client.send(`${this.chargeComment(receipt)}${last}`)
    this.client.close()
  }

  /** After the first event an error is an event too; what was produced is charged, nothing when nothing was. */
  private async breakOff(failure: UpstreamFailure): Promise<void> {
    const { error } = failure
    const { stopped, hasLeft } = this.deadlines
    if (hasLeft || stopped === "client_gone") {
      await this.settlement.stopped("client_gone", this.source)
      this.source.drop()
      return this.client.close()
    }
    this.logBroken(error)
    if (stopped !== "cut") this.held.attempts.failed(failure)
    const receipt = await this.settlement.settle(this.source, stopped ?? "failed", error, error.status)
    this.source.drop()
    this.client.send(`${this.framer.broken(error)}${this.chargeComment(receipt)}`)
    this.client.close()
  }

  /** The answer was 200 before anything came, and then nothing came. */
  private endInBand(error: AppError): void {
    if (this.deadlines.stopped !== "client_gone") this.logBroken(error)
    this.client.send(this.framer.failed(error))
    this.client.close()
  }

  /** The status was sent, so that no other log line says it. */
  private logBroken(error: AppError): void {
    const { name } = this.source.quote.upstream
    const { code, detail, message } = error
    this.deps.log.error("gateway.stream_broken", {
      request: this.callId,
      upstream: name,
      code,
      error: detail ?? message,
    })
  }

  private chargeComment({ chargedNano, balanceAfterNano }: Receipt): string {
    if (!this.asked.tellsCharge) return ""
    return this.framer.comment(`charged ${chargedNano} remaining ${balanceAfterNano}`)
  }
}

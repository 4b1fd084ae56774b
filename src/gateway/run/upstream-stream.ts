// The upstream's side of a streamed call: one candidate's answer, read on demand, decoded and metered. Holds at most the text of one
// read. Knows nothing of the client and settles nothing.
import { BodyReadError, decodedStream, readDecoded } from "../../http/index.ts"
import type { Framer } from "../dialects/dialect.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import {
  type AnswerEvent,
  brokenAnswer,
  clean,
  type Frame,
  type FrameSink,
  type ModelRequest,
  type StreamDecoder,
  type UpstreamFailure,
  utf8,
} from "../providers/index.ts"
import type { Quote } from "../types.ts"
import { ask } from "./ask.ts"
import { type Deadlines, UpstreamStopped } from "./deadlines.ts"
import { Meter } from "./meter.ts"
import { keepsOne, withOneCall } from "./one-call.ts"
import { named } from "./public-name.ts"

/** Frames without a word that are kept back; more is a server that talks without saying anything. */
const WAITING_MAX = 64
const isWord = ({ type }: AnswerEvent): boolean => type === "finish" || type === "tool"

/** Told at once of a read: a slow reader's megabyte stays bytes until it is wanted, and is no text beside them. */
const SLICE_BYTES = 64 * 1024

export class UpstreamStream implements FrameSink {
  readonly meter = new Meter()
  /** It said something; from here on nobody else is asked. */
  sawEvent = false
  /** What came before its first word: heads of events, which another upstream's would contradict. */
  private waiting: Frame[] = []
  private sawDone = false
  private readonly decoder: StreamDecoder
  /** It is asked in the caller's own wire. */
  private readonly isNative: boolean
  private readonly keepsOne: boolean
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  private bytes = 0
  /** Read, and not decoded yet. */
  private rest: Uint8Array | undefined
  private out = ""

  constructor(
    readonly quote: Quote,
    private readonly request: ModelRequest,
    private readonly choices: number,
    private readonly framer: Framer,
    private readonly deadlines: Deadlines,
  ) {
    this.isNative = request.question.fields !== null
    this.keepsOne = keepsOne(request, quote.wire)
    this.decoder = quote.wire.decodeStream(this, !this.isNative)
  }

  /** Asks, and reads up to the first word. @throws UpstreamFailure and whatever the network throws */
  async open(): Promise<void> {
    const response = await ask(this.quote, this.request, this.deadlines)
    if (/^application\/json\b/i.test(response.headers.get("content-type") ?? "")) return this.openWhole(response)
    const body = decodedStream(response)
    if (!body) throw brokenAnswer("no body")
    this.reader = body.getReader() as ReadableStreamDefaultReader<Uint8Array>
    while (!this.sawEvent) {
      const more = await this.read()
      if (this.sawEvent) return
      if (this.hasFailed) throw this.failure()
      if (this.isWhole) this.begin()
      if (!this.sawEvent && (this.sawDone || !more)) throw brokenAnswer("the stream ended before its first event")
    }
  }

  /** Text for the client; "" once the upstream is through. Check `hasFailed` and `isWhole` then. */
  async next(): Promise<string> {
    let more = true
    while (this.out === "" && more && !this.isThrough) more = await this.read()
    const text = this.out
    this.out = ""
    return text
  }

  get hasFailed(): boolean {
    return this.meter.errorText !== null
  }
  /** Some servers never mark the end; a finish or the usage is one too. */
  get isWhole(): boolean {
    const isReported = this.quote.wire.reportEnds === true && this.meter.report !== null
    return this.sawDone || this.meter.isFinished(1) || isReported
  }
  /** Every choice is finished, and only what it cost is still to come. */
  get owesUsage(): boolean {
    return this.meter.isFinished(this.choices) && this.meter.report === null && !this.isThrough
  }

  /** What the upstream itself said went wrong goes to the log only. */
  failure(): UpstreamFailure {
    if (this.meter.failure) return this.meter.failure
    return brokenAnswer({ said: clean(this.meter.errorText ?? "", this.quote.upstream.account.apiKey) })
  }

  /** Called by the decoder, in order, for each frame of a read. */
  frame(frame: Frame): void {
    if (this.isThrough) return
    this.meter.take(frame)
    if (this.hasFailed) return
    if (this.sawEvent) {
      this.say(frame)
      return
    }
    this.waiting.push(frame)
    if (this.meter.hasProduced || frame.events.some(isWord) || this.waiting.length >= WAITING_MAX) this.begin()
  }

  private begin(): void {
    const { waiting } = this
    this.waiting = []
    this.sawEvent = waiting.length > 0
    for (const frame of waiting) this.say(frame)
  }

  private say(frame: Frame): void {
    const { sale, model } = this.quote
    const native = this.isNative && frame.raw !== null
    const name = sale?.name ?? null
    const { events } = this.keepsOne ? withOneCall(frame) : frame
    this.out += native
      ? this.framer.native(named(frame, name))
      : this.framer.events(events, name ?? this.meter.model ?? model)
  }
  done(): void {
    this.sawDone = true
  }

  /** Reads the upstream's end so that its connection can serve the next call. */
  release(): void {
    const reader = this.reader
    this.reader = null
    if (!reader) return
    const end = reader.read().then(({ done }) => (done ? undefined : reader.cancel()))
    end.catch(() => {})
  }

  drop(): void {
    this.reader?.cancel().catch(() => {})
    this.reader = null
  }

  private get isThrough(): boolean {
    return this.sawDone || this.hasFailed
  }

  /** A document although a stream was asked for: it was made and is billed, so it is told as a stream. */
  private async openWhole(response: Response): Promise<void> {
    const onBytes = () => this.deadlines.alive()
    const bytes = await readDecoded(response, GATEWAY_LIMITS.answerBytesMax, { onBytes })
    this.frame({ ...this.quote.wire.decodeWhole(utf8(bytes), true), raw: null })
    this.sawDone = true
  }

  /** A connection that breaks after everything was said and reported is an end like another: Gemini's streams have no mark of theirs. */
  private get hasSaidAll(): boolean {
    return this.meter.isFinished(this.choices) && this.meter.report !== null && !this.deadlines.stopped
  }

  /** One read. @returns false at the end of the upstream's body */
  private async read(): Promise<boolean> {
    this.deadlines.alive()
    let value = this.rest
    try {
      value ??= (await this.reader!.read()).value
    } catch (error) {
      if (!this.hasSaidAll) throw error
    }
    // A stop must end every loop of reads, whatever an aborted body still hands out.
    if (this.deadlines.stopped) throw new UpstreamStopped(this.deadlines.stopped)
    if (value === undefined) {
      this.decoder.end()
      return false
    }
    this.rest = value.length > SLICE_BYTES ? value.subarray(SLICE_BYTES) : undefined
    const slice = this.rest ? value.subarray(0, SLICE_BYTES) : value
    this.bytes += slice.length
    if (this.bytes > GATEWAY_LIMITS.streamBytesMax) throw new BodyReadError("too_large", false, "a stream without end")
    this.decoder.push(slice)
    return true
  }
}

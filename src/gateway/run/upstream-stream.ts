// The upstream's side of a streamed call: one candidate's body, read on demand, parsed and metered. Holds at most the text of one
// read. Knows nothing of the client and settles nothing.

import { bodyFor, type ChatRequest } from "../dialects/chat/request.ts"
import { Meter } from "../providers/openai/meter.ts"
import { brokenAnswer, clean, messageIn, type UpstreamFailure } from "../providers/openai/rules.ts"
import { SseParser, type SseSink } from "../providers/sse.ts"
import type { Quote } from "../types.ts"
import { type Deadlines, sendChat, UpstreamStopped } from "./send.ts"

export class Source implements SseSink {
  readonly meter: Meter
  sawEvent = false
  sawDone = false
  failed = false
  private readonly parser = new SseParser(this)
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  private out = ""

  constructor(
    readonly quote: Quote,
    private readonly body: ChatRequest,
    private readonly deadlines: Deadlines,
  ) {
    this.meter = new Meter(body.streamOptions.include_usage === true)
  }

  /** Asks, and reads up to the first data event. @throws UpstreamFailure and whatever the network throws */
  async open(): Promise<void> {
    const { body, quote } = this
    const stream_options = { ...body.streamOptions, include_usage: true }
    const sent = JSON.stringify({ ...bodyFor(body, quote), model: quote.model, stream: true, stream_options })
    const response = await sendChat(quote, sent, this.deadlines)
    if (!response.body) throw brokenAnswer("no body")
    this.reader = response.body.getReader() as ReadableStreamDefaultReader<Uint8Array>
    while (!this.sawEvent) {
      const more = await this.read()
      if (this.sawEvent) return
      if (this.failed) throw this.failure()
      if (this.sawDone || !more) throw brokenAnswer("the stream ended before its first event")
    }
  }

  /** Text for the client; "" once the upstream is through. Check `failed` and `isWhole` then. */
  async next(): Promise<string> {
    let more = true
    while (this.out === "" && more && !this.sawDone && !this.failed) more = await this.read()
    const text = this.out
    this.out = ""
    return text
  }

  get isWhole(): boolean {
    return this.sawDone || this.meter.finished
  }

  /** What the upstream itself said went wrong goes to the log only. */
  failure(): UpstreamFailure {
    return brokenAnswer({ said: clean(messageIn(this.meter.errorText), this.quote.upstream.apiKey) })
  }

  /** Called by the parser, in order, for each event of a read. */
  event(data: string, name: string): void {
    if (this.sawDone || this.failed) return
    const verdict = this.meter.take(data, name)
    if (verdict === "done") this.sawDone = true
    else if (verdict === "error") this.failed = true
    else {
      this.sawEvent = true
      if (verdict === "forward") this.out += this.meter.text
    }
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

  /** One read. @returns false at the end of the upstream's body */
  private async read(): Promise<boolean> {
    this.deadlines.alive()
    const { done, value } = await this.reader!.read()
    // A stop must end every loop of reads, whatever an aborted body still hands out.
    if (this.deadlines.stopped) throw new UpstreamStopped(this.deadlines.stopped)
    if (done) this.parser.end()
    else this.parser.push(value)
    return !done
  }
}

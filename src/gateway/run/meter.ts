// Meters one answer as it passes: what was produced so far, what the upstream reports, which choices are done. Holds figures only,
// never the text.
import { streamedTokens, wholeTokens } from "../estimates.ts"
import {
  type AnswerEvent,
  type Frame,
  mergedReport,
  type UpstreamFailure,
  type UsageReport,
} from "../providers/index.ts"

export class Meter {
  /** As the upstream reported it; the last honest word on each half counts. */
  report: UsageReport | null = null
  /** Pieces with text, and their UTF-8 bytes. */
  pieces = 0
  private bytes = 0
  private imageTokens = 0
  /** Pictures that are done. */
  pictures = 0
  private soundTokens = 0
  private readonly finished = new Set<number>()
  /** What the upstream said went wrong; null = nothing. */
  errorText: string | null = null
  /** The same in our words, where the wire says what kind of failure it is. */
  failure: UpstreamFailure | null = null
  /** The model that says it answered. */
  model: string | null = null

  take(frame: Frame): void {
    this.model = frame.model || this.model
    for (const event of frame.events) this.event(event)
  }

  get hasProduced(): boolean {
    return this.pieces > 0 || this.imageTokens > 0 || this.soundTokens > 0
  }
  get audioTokens(): number {
    return Math.ceil(this.soundTokens)
  }
  get outputTokens(): number {
    return streamedTokens(this.pieces, this.bytes) + this.imageTokens + this.audioTokens
  }
  /** Of what was seen there are hardly fewer, however it was cut into pieces. */
  get leastTokens(): number {
    return Math.min(this.outputTokens, wholeTokens(this.bytes) + this.imageTokens + this.audioTokens)
  }
  isFinished(choices: number): boolean {
    return this.finished.size >= choices
  }

  private event(event: AnswerEvent): void {
    switch (event.type) {
      case "text":
      case "refusal":
      case "reasoning":
        this.piece(Buffer.byteLength(event.text))
        break
      case "tool":
        this.piece(Buffer.byteLength(event.name) + Buffer.byteLength(event.arguments))
        break
      case "media":
        if (event.media === "image") this.imageTokens += event.tokens
        if (event.media === "image" && !event.isPart) this.pictures++
        else this.soundTokens += event.tokens
        break
      case "usage":
        this.report = mergedReport(this.report, event.report)
        break
      case "finish":
        this.finished.add(event.choice)
        break
      case "error":
        this.errorText = event.message
        this.failure = event.failure ?? null
    }
  }

  private piece(bytes: number): void {
    if (bytes === 0) return
    this.pieces++
    this.bytes += bytes
  }
}

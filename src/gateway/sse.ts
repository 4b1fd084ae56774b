// Incremental parser of text/event-stream (WHATWG HTML §9.2): bytes in, events out. Works across any chunk boundary,
// UTF-8 sequences and CRLF pairs included. Never holds more than one event, nor one above its cap, whatever its lines.

import { BodyReadError } from "../http/index.ts"
import { GATEWAY_LIMITS } from "./limits.ts"

export interface SseSink {
  /** One event: its data lines joined by "\n", and its name ("" when none). */
  event(data: string, name: string): void
}

/** A line, or an event of many lines, grew above the cap; the upstream is broken or hostile. */
export class SseLineTooLong extends BodyReadError {
  constructor(words: string) {
    super("too_large", false, words)
  }
}

export class SseParser {
  private readonly decoder = new TextDecoder()
  /** Pieces of the unfinished line, joined once it ends (joining each time would copy it each time). */
  private pieces: string[] = []
  private pendingChars = 0
  private afterCr = false
  private data: string | null = null
  private name = ""

  constructor(
    private readonly sink: SseSink,
    private readonly lineCharsMax: number = GATEWAY_LIMITS.sseLineCharsMax,
  ) {}

  /** @throws SseLineTooLong */
  push(bytes: Uint8Array): void {
    const text = this.decoder.decode(bytes, { stream: true })
    if (text !== "") this.feed(this.unixLines(text))
  }

  /** Input ended. A last event without its blank line still counts: some servers never send one. */
  end(): void {
    this.feed(this.unixLines(this.decoder.decode()))
    if (this.pendingChars > 0) this.line(this.takeLine(""))
    this.dispatch()
  }

  private unixLines(text: string): string {
    let clean = text
    if (this.afterCr && clean.startsWith("\n")) clean = clean.slice(1)
    if (text !== "") this.afterCr = text.endsWith("\r")
    return clean.includes("\r") ? clean.replace(/\r\n?/g, "\n") : clean
  }

  private feed(text: string): void {
    let start = 0
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      if (this.pendingChars > 0) this.line(this.takeLine(text.slice(start, end)))
      else if (end === start) this.dispatch()
      // Nearly every line: cut out once.
      else if (text.startsWith("data: ", start)) this.grow(text.slice(start + 6, end))
      else this.line(text.slice(start, end))
      start = end + 1
    }
    if (start < text.length) this.keep(start === 0 ? text : text.slice(start))
  }

  private keep(piece: string): void {
    this.pendingChars += piece.length
    if (this.pendingChars > this.lineCharsMax) throw new SseLineTooLong(`a line above ${this.lineCharsMax} characters`)
    this.pieces.push(piece)
  }

  private takeLine(last: string): string {
    if (this.pendingChars === 0) return last
    this.keep(last)
    const line = this.pieces.join("")
    this.pieces = []
    this.pendingChars = 0
    return line
  }

  private line(line: string): void {
    if (line === "") {
      this.dispatch()
      return
    }
    if (line.startsWith("data:")) {
      const value = line.charCodeAt(5) === 32 ? line.slice(6) : line.slice(5)
      this.grow(value)
      return
    }
    if (line.startsWith("event:")) this.name = line.slice(line.charCodeAt(6) === 32 ? 7 : 6)
    else if (line === "data") this.grow("")
    // Comments, ids and retry times of the upstream are its own business.
  }

  private grow(value: string): void {
    this.data = this.data === null ? value : `${this.data}\n${value}`
    if (this.data.length > this.lineCharsMax) throw new SseLineTooLong(`an event above ${this.lineCharsMax} characters`)
  }

  private dispatch(): void {
    const data = this.data
    const name = this.name
    this.data = null
    this.name = ""
    if (data !== null) this.sink.event(data, name)
  }
}

/** One event as we send it, always framed the same way whatever the upstream's framing was. */
export function sseEvent(data: string, name = ""): string {
  const head = name === "" ? "" : `event: ${name}\n`
  if (!data.includes("\n")) return `${head}data: ${data}\n\n`
  return `${head}data: ${data.split("\n").join("\ndata: ")}\n\n`
}

/** A comment line; clients skip it, proxies see life. */
export const sseComment = (text: string): string => `: ${text}\n\n`

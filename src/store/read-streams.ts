// The Worker's side of long reads: each has a connection and a moment of its own, and is asked for one piece after the other, so that
// other questions come between. Whoever stops asking is forgotten after a while: a moment that stays holds the log back.
import { LIMITS } from "../app/index.ts"
import { openReadOnly } from "./open.ts"
import type { Reader } from "./types.ts"

/** What a long read sees of the database: all that was committed before its first question. */
export interface Moment {
  /** What follows sees a later moment. Until then the log cannot be copied back beyond this one, and every read goes through all of it. */
  renew(): void
}

/** Named reads that come in pieces, cloneable each; all of one moment, unless they renew it. */
export type HeavyStreams = Record<string, (reader: Reader, input: unknown, moment: Moment) => Iterable<unknown>>

export interface StreamQuestion {
  /** Names the stream for as long as it lives; given by who asks. */
  stream: number
  /** Asks for no more. */
  end?: boolean
}

interface Open {
  pieces: Iterator<unknown>
  close(): void
  timer: ReturnType<typeof setTimeout>
}

export class ReadStreams {
  private readonly open = new Map<number, Open>()
  constructor(
    private readonly streams: HeavyStreams,
    private readonly idleMs: number = LIMITS.readStreamIdleMs,
  ) {}

  /** The next piece; `done` with the last, after which the stream is gone. A stream that never was begins. */
  next(
    { stream, end }: StreamQuestion,
    path: string,
    name: string,
    input: unknown,
  ): { done: boolean; piece?: unknown } {
    if (end) {
      this.close(stream)
      return { done: true }
    }
    const one = this.open.get(stream) ?? this.begin(stream, path, name, input)
    clearTimeout(one.timer)
    one.timer = this.timer(stream)
    try {
      const { done, value } = one.pieces.next()
      if (done) this.close(stream)
      return done ? { done: true } : { done: false, piece: value }
    } catch (error) {
      this.close(stream)
      throw error
    }
  }

  closeAll(): void {
    for (const stream of [...this.open.keys()]) this.close(stream)
  }

  private begin(stream: number, path: string, name: string, input: unknown): Open {
    const read = this.streams[name]
    if (!read) throw new Error(`no heavy read is named ${name}`)
    if (input === undefined) throw new Error("this read was given up; nobody had asked for more")
    const reader = openReadOnly(path)
    reader.get("BEGIN")
    const pieces = read(reader, input, { renew: () => renew(reader) })[Symbol.iterator]()
    const one = { pieces, close: () => reader.close(), timer: this.timer(stream) }
    this.open.set(stream, one)
    return one
  }

  private timer(stream: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.close(stream), this.idleMs)
  }

  private close(stream: number): void {
    const one = this.open.get(stream)
    this.open.delete(stream)
    if (!one) return
    clearTimeout(one.timer)
    one.close()
  }
}

function renew(reader: Reader): void {
  reader.get("COMMIT")
  reader.get("BEGIN")
}

// Traces of charged calls (W3C Trace Context, OpenTelemetry): where a call spent its time. One of our own and no library: @opentelemetry
// costs 7 to 11 µs a span and hooks of its own into every await; a call costs 160 µs. Off, it is one comparison with null.
import { randomBytes } from "node:crypto"

export type Attribute = string | number | boolean
export type Attributes = Readonly<Record<string, Attribute | null | undefined>>

/** A finished stretch of a call. Times are ms of `performance.now()`. */
export interface Span {
  traceId: string
  spanId: string
  parentId: string | null
  name: string
  /** Of OTLP: 1 internal, 2 server, 3 client. */
  kind: 1 | 2 | 3
  startMs: number
  endMs: number
  attributes: Attributes
  /** Why it failed; null = it did not. */
  error: string | null
}

interface Phase {
  spanId: string
  name: string
  kind: Span["kind"]
  startMs: number
  attributes: Attributes
}

/** One call that is traced: a span, and under it its phases, one after the other. */
export class CallTrace {
  private readonly spanId = idOf(8)
  private phase: Phase | null = null
  private isOver = false

  constructor(
    readonly traceId: string,
    private readonly parentId: string | null,
    private readonly name: string,
    private readonly startMs: number,
    private readonly keep: (span: Span) => void,
  ) {}

  /**
   * Ends the phase before and begins the next.
   * @returns `traceparent` for whoever is asked meanwhile
   */
  begin(name: string, kind: Span["kind"] = 1, attributes: Attributes = {}, startMs = performance.now()): string {
    this.endPhase()
    const spanId = idOf(8)
    this.phase = { spanId, name, kind, startMs, attributes }
    return `00-${this.traceId}-${spanId}-01`
  }

  /** @param error why it failed */
  endPhase(error: string | null = null): void {
    const { phase, traceId, spanId: parentId } = this
    if (phase === null) return
    this.phase = null
    this.keep({ ...phase, traceId, parentId, endMs: performance.now(), error })
  }

  /** The call is over; said once. */
  end(attributes: Attributes, error: string | null = null): void {
    if (this.isOver) return
    this.isOver = true
    this.endPhase(error)
    const { traceId, spanId, parentId, name, startMs } = this
    this.keep({ traceId, spanId, parentId, name, kind: 2, startMs, endMs: performance.now(), attributes, error })
  }
}

/** Asked of the system a few hundred at a time: six for each call would cost more than the spans. */
const POOL_BYTES = 4_096
let pool = Buffer.alloc(0)
let used = 0

function idOf(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES)
    used = 0
  }
  used += bytes
  return pool.toString("hex", used - bytes, used)
}

/** `00-<trace>-<parent>-<flags>` (W3C Trace Context §3.2); later versions begin alike. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

export interface Tracer {
  /** @returns null when this one is not traced */
  begin(request: Request, name: string, startMs: number): CallTrace | null
}

/**
 * @param ratio of calls that are traced, 0 to 1. By the trace's id, so that all parts of one trace decide alike; callers cannot ask for
 * more than that, only for less.
 */
export function createTracer(ratio: number, keep: (span: Span) => void): Tracer {
  return {
    begin(request, name, startMs) {
      const sent = request.headers.get("traceparent")
      const [, traceId = idOf(16), parentId = null, flags = "01"] = (sent && TRACEPARENT.exec(sent)) || []
      const isWanted = (Number.parseInt(flags, 16) & 1) === 1
      if (!isWanted || Number.parseInt(traceId.slice(-13), 16) / 2 ** 52 >= ratio) return null
      return new CallTrace(traceId, parentId, name, startMs, keep)
    },
  }
}

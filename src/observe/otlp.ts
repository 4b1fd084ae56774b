// Sends spans to a collector: OTLP over HTTP as JSON (opentelemetry.io/docs/specs/otlp), in batches, beside everything else. A collector that
// is away costs spans, never calls or memory.
import { type Log, PRODUCT_NAME, VERSION, within } from "../app/index.ts"
import type { Attribute, Attributes, Span } from "./trace.ts"

/** Spans that wait to be sent; later ones are dropped and counted. */
const WAITING_MAX = 4_096
const BATCH_MAX = 512
const EVERY_MS = 5_000
const ANSWER_MS = 10_000
/** What the last of them get when the server stops. */
const STOP_MS = 2_000

export interface ExporterOptions {
  /** With its path, such as http://127.0.0.1:4318/v1/traces. */
  url: string
  headers: Readonly<Record<string, string>>
  log: Log
  everyMs?: number
}

export class Exporter {
  private waiting: Span[] = []
  private sending: Promise<void> | null = null
  /** The last try failed: the next waits for the timer. */
  private isAway = false
  private readonly timer: ReturnType<typeof setInterval>
  /** Spans that were lost: the collector was away, or too many came. */
  dropped = 0
  sent = 0

  constructor(private readonly options: ExporterOptions) {
    this.timer = setInterval(() => void this.send(1), options.everyMs ?? EVERY_MS)
    this.timer.unref?.()
  }

  readonly keep = (span: Span): void => {
    if (this.waiting.length >= WAITING_MAX) return void this.dropped++
    // A busy server fills the room many times before the timer comes.
    if (this.waiting.push(span) >= BATCH_MAX && !this.isAway) void this.send(BATCH_MAX)
  }

  async stop(): Promise<void> {
    clearInterval(this.timer)
    await within(this.sending ?? Promise.resolve(), STOP_MS)
    await within(this.send(1), STOP_MS)
  }

  private send(min: number): Promise<void> {
    this.sending ??= this.flush(min).finally(() => {
      this.sending = null
    })
    return this.sending
  }

  /** Sends while at least so many wait. */
  private async flush(min: number): Promise<void> {
    while (this.waiting.length >= min) {
      const batch = this.waiting.splice(0, BATCH_MAX)
      try {
        await this.post(batch)
        this.sent += batch.length
        this.isAway = false
      } catch (error) {
        this.dropped += batch.length
        this.isAway = true
        this.options.log.warn("traces.unsent", { spans: batch.length, error })
        return
      }
    }
  }

  private async post(spans: readonly Span[]): Promise<void> {
    const response = await fetch(this.options.url, {
      method: "POST",
      headers: { ...this.options.headers, "content-type": "application/json" },
      body: JSON.stringify(documentOf(spans)),
      signal: AbortSignal.timeout(ANSWER_MS),
      redirect: "manual",
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`the collector answered ${response.status}`)
  }
}

const anyValueOf = (value: Attribute) =>
  typeof value === "string"
    ? { stringValue: value }
    : typeof value === "boolean"
      ? { boolValue: value }
      : Number.isInteger(value)
        ? { intValue: String(value) }
        : { doubleValue: value }

const attributesOf = (attributes: Attributes) =>
  Object.entries(attributes).flatMap(([key, value]) =>
    value === null || value === undefined ? [] : [{ key, value: anyValueOf(value) }],
  )

/** ns since 1970; JavaScript's numbers hold µs. */
const nanosOf = (ms: number): string => `${Math.round((performance.timeOrigin + ms) * 1_000)}000`

export const documentOf = (spans: readonly Span[]) => ({
  resourceSpans: [
    {
      resource: {
        attributes: attributesOf({ "service.name": PRODUCT_NAME.toLowerCase(), "service.version": VERSION }),
      },
      scopeSpans: [
        {
          scope: { name: PRODUCT_NAME.toLowerCase(), version: VERSION },
          spans: spans.map(({ traceId, spanId, parentId, name, kind, startMs, endMs, attributes, error }) => ({
            traceId,
            spanId,
            ...(parentId === null ? {} : { parentSpanId: parentId }),
            name,
            kind,
            startTimeUnixNano: nanosOf(startMs),
            endTimeUnixNano: nanosOf(endMs),
            attributes: attributesOf(attributes),
            status: error === null ? { code: 0 } : { code: 2, message: error },
          })),
        },
      ],
    },
  ],
})

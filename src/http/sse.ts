// Live pages: one stream of server-sent events per page in sight, saying only that something moved; the page then asks for what
// it shows. Lives in memory, costs nothing while nobody listens, and never holds up a stopping server.
import { AppError, LIMITS } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import { Waves } from "./sse-waves.ts"

/** What a stream watches; both are asked after commits, at most every `liveGapMs`, and must be quick. */
export interface Watched {
  /** Whose stream: their oldest ends when they open too many. */
  key: number
  /** False ends the stream: signed out, suspended, expired. */
  isAlive(): boolean
  /** A short text that changes with what the page shows; ASCII without line breaks. */
  stamp(): string
}

export interface Sse {
  /**
   * Answers GET with a stream. Events: `moved` (id = the new stamp), `over` (data: signed-out, replaced; do not come back).
   * @param since the stamp the page was made with; when it is another by now, `moved` comes at once
   * @throws AppError overloaded, unavailable
   */
  open(watched: Watched, since: string | null): Response
  readonly size: number
  /** Ends all streams and refuses new ones; called before the listener stops. */
  close(): void
}

interface Stream extends Watched {
  last: string
  controller: ReadableStreamDefaultController<Uint8Array>
  /** Heartbeats in a row that found the reader not reading. */
  stuck: number
}

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  // Tells buffering proxies (nginx) to pass events on as they come.
  "x-accel-buffering": "no",
}
/** Chunks that may wait for a slow reader; "moved" repeats itself, so more are never needed. */
const WAITING_MAX = 4
/** Heartbeats that a reader may miss before its stream is given up. */
const STUCK_MAX = 8

const encoder = new TextEncoder()
const over = (why: string): string => `event: over\ndata: ${why}\n\n`

/** The answer to a page whose session is over by the time it listens (again): it leaves, as one does that listened all along. */
export const signedOutEvents = (): Response => new Response(over("signed-out"), { headers: HEADERS })

/** @returns whether it could be said: a reader that does not read is not waited for */
function send(stream: Stream, text: string): boolean {
  if ((stream.controller.desiredSize ?? 0) <= 0) return false
  stream.controller.enqueue(encoder.encode(text))
  return true
}

/** @returns whether something moved and was said */
function tellMove(stream: Stream): boolean {
  const stamp = stream.stamp()
  if (stamp === stream.last || !send(stream, `event: moved\nid: ${stamp}\ndata: ${stamp}\n\n`)) return false
  stream.last = stamp
  return true
}

/** Whoever listens now. Follows commits and keeps the heartbeat only while somebody does. */
class Streams {
  private readonly open = new Set<Stream>()
  private readonly waves: Waves<Stream>
  private unsubscribe: (() => void) | null = null
  private heartbeat: ReturnType<typeof setInterval> | null = null

  constructor(
    private readonly store: Pick<Store, "committed">,
    gapMs: number,
    private readonly heartbeatMs: number,
  ) {
    this.waves = new Waves(
      () => this.open,
      (stream) => this.look(stream),
      gapMs,
    )
  }

  get size(): number {
    return this.open.size
  }

  start(stream: Stream, since: string | null): void {
    const own = [...this.open].filter((other) => other.key === stream.key)
    if (own.length >= LIMITS.ssePerUserMax && own[0]) this.end(own[0], "replaced")
    this.open.add(stream)
    this.unsubscribe ??= this.store.committed(() => this.waves.onCommit())
    if (!this.heartbeat) {
      this.heartbeat = setInterval(() => this.beat(), this.heartbeatMs)
      this.heartbeat.unref?.()
    }
    send(stream, "retry: 3000\n\n")
    if (since !== null && since !== stream.last) {
      stream.last = since
      this.look(stream)
    }
  }

  end(stream: Stream, why: string | null): void {
    if (!this.open.delete(stream)) return
    try {
      if (why) send(stream, over(why))
      stream.controller.close()
    } catch {
      // The reader left in the same moment.
    }
    if (this.open.size > 0) return
    this.unsubscribe?.()
    this.unsubscribe = null
    if (this.heartbeat) clearInterval(this.heartbeat)
    this.heartbeat = null
    this.waves.stop()
  }

  endAll(): void {
    for (const stream of [...this.open]) this.end(stream, null)
  }

  /** @returns whether something was said */
  private look(stream: Stream): boolean {
    try {
      if (stream.isAlive()) return tellMove(stream)
      this.end(stream, "signed-out")
      return true
    } catch {
      // What cannot be read now (the store closes) ends here; the page comes back by itself.
      this.end(stream, null)
      return true
    }
  }

  private beat(): void {
    for (const stream of [...this.open]) {
      // Days begin and sessions end without a commit.
      if (this.look(stream) || send(stream, ":\n\n")) stream.stuck = 0
      else if (++stream.stuck >= STUCK_MAX) this.end(stream, null)
    }
  }
}

export function createSse(deps: { store: Pick<Store, "committed">; gapMs?: number; heartbeatMs?: number }): Sse {
  const { store, gapMs = LIMITS.liveGapMs, heartbeatMs = LIMITS.liveHeartbeatMs } = deps
  const streams = new Streams(store, gapMs, heartbeatMs)
  let isClosed = false

  return {
    open(watched, since) {
      if (isClosed) throw new AppError("unavailable", "The server is stopping.", { retryAfterSeconds: 5 })
      if (streams.size >= LIMITS.sseStreamsMax)
        throw new AppError("overloaded", "Too many live pages are open.", { retryAfterSeconds: 60 })
      const last = watched.stamp()
      let stream: Stream | null = null
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            stream = { ...watched, last, controller, stuck: 0 }
            streams.start(stream, since)
          },
          cancel() {
            if (stream) streams.end(stream, null)
          },
        },
        { highWaterMark: WAITING_MAX },
      )
      return new Response(body, { headers: HEADERS })
    },
    get size() {
      return streams.size
    },
    close() {
      isClosed = true
      streams.endAll()
    },
  }
}

// Live pages: one stream of server-sent events per page in sight, saying only that something moved; the page then asks for what
// it shows. Lives in memory, costs nothing while nobody listens, and never holds up a stopping server.
import { AppError, LIMITS } from "../app/index.ts"
import type { Store } from "../store/index.ts"

/** What a stream watches; both are asked after commits, at most every `liveGapMs`, and must be quick. */
export interface Watched {
  /** Whose stream: their oldest ends when they open too many. */
  key: number
  /** False ends the stream: signed out, suspended, expired. */
  isAlive(): boolean
  /** A short text that changes with what the page shows; ASCII without line breaks. */
  stamp(): string
}

export interface Live {
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

export function createLive(deps: { store: Pick<Store, "committed">; gapMs?: number; heartbeatMs?: number }): Live {
  const { store, gapMs = LIMITS.liveGapMs, heartbeatMs = LIMITS.liveHeartbeatMs } = deps
  const streams = new Set<Stream>()
  let isClosed = false
  let unsubscribe: (() => void) | null = null
  let heartbeat: ReturnType<typeof setInterval> | null = null
  let wave: ReturnType<typeof setTimeout> | null = null
  let wavedAtMs = Number.NEGATIVE_INFINITY
  /** Streams that the wave has not come to, and whether a commit came meanwhile. */
  let rest: Stream[] = []
  let isDirty = false
  /** What the last wave worked. */
  let busyMs = 0

  const send = (stream: Stream, text: string): boolean => {
    if ((stream.controller.desiredSize ?? 0) <= 0) return false
    stream.controller.enqueue(encoder.encode(text))
    return true
  }
  const end = (stream: Stream, why: string | null): void => {
    if (!streams.delete(stream)) return
    try {
      if (why) send(stream, over(why))
      stream.controller.close()
    } catch {
      // The reader left in the same moment.
    }
    if (streams.size > 0) return
    unsubscribe?.()
    unsubscribe = null
    if (heartbeat) clearInterval(heartbeat)
    if (wave) clearTimeout(wave)
    heartbeat = wave = null
    rest = []
  }
  /** @returns whether something was said */
  const look = (stream: Stream): boolean => {
    if (!stream.isAlive()) {
      end(stream, "signed-out")
      return true
    }
    const stamp = stream.stamp()
    if (stamp === stream.last || !send(stream, `event: moved\nid: ${stamp}\ndata: ${stamp}\n\n`)) return false
    stream.last = stamp
    return true
  }
  const guarded = (stream: Stream): boolean => {
    try {
      return look(stream)
    } catch {
      // What cannot be read now (the store closes) ends here; the page comes back by itself.
      end(stream, null)
      return true
    }
  }
  /** In slices, so that many streams never hold up a call. */
  const lookAtSome = (): void => {
    const startMs = performance.now()
    for (let next = rest.pop(); next; next = rest.pop()) {
      guarded(next)
      if (performance.now() - startMs > LIMITS.liveSliceMs) break
    }
    busyMs += performance.now() - startMs
    wave = rest.length > 0 ? setTimeout(lookAtSome, 1) : null
    if (wave) return
    wavedAtMs = performance.now()
    if (isDirty) onCommit()
  }
  /** Right after a quiet commit, every `gapMs` while they follow each other, and never for more than a tenth of the time. */
  const onCommit = (): void => {
    isDirty = rest.length > 0
    if (wave) return
    const waitMs = Math.max(5, wavedAtMs + Math.max(gapMs, 10 * busyMs) - performance.now())
    wave = setTimeout(() => {
      isDirty = false
      busyMs = 0
      rest = [...streams]
      lookAtSome()
    }, waitMs)
  }
  const beat = (): void => {
    for (const stream of [...streams]) {
      // Days begin and sessions end without a commit.
      if (guarded(stream) || send(stream, ":\n\n")) stream.stuck = 0
      else if (++stream.stuck >= STUCK_MAX) end(stream, null)
    }
  }
  const start = (stream: Stream, since: string | null): void => {
    const own = [...streams].filter((other) => other.key === stream.key)
    if (own.length >= LIMITS.livePerUserMax && own[0]) end(own[0], "replaced")
    streams.add(stream)
    unsubscribe ??= store.committed(onCommit)
    if (!heartbeat) {
      heartbeat = setInterval(beat, heartbeatMs)
      heartbeat.unref?.()
    }
    send(stream, "retry: 3000\n\n")
    if (since !== null && since !== stream.last) {
      stream.last = since
      guarded(stream)
    }
  }

  return {
    open(watched, since) {
      if (isClosed) throw new AppError("unavailable", "The server is stopping.", { retryAfterSeconds: 5 })
      if (streams.size >= LIMITS.liveStreamsMax)
        throw new AppError("overloaded", "Too many live pages are open.", { retryAfterSeconds: 60 })
      const last = watched.stamp()
      let stream: Stream | null = null
      const body = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            stream = { ...watched, last, controller, stuck: 0 }
            start(stream, since)
          },
          cancel() {
            if (stream) end(stream, null)
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
      for (const stream of [...streams]) end(stream, null)
    },
  }
}

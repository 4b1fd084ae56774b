// When live streams are looked at: right after a quiet commit, every `gapMs` while commits follow each other, and never for more
// than a tenth of the time.
import { LIMITS } from "../app/index.ts"

export class Waves<Stream> {
  private timer: ReturnType<typeof setTimeout> | null = null
  private endedAtMs = Number.NEGATIVE_INFINITY
  /** Streams that the wave has not come to, and whether a commit came meanwhile. */
  private rest: Stream[] = []
  private isDirty = false
  /** What the last wave worked. */
  private busyMs = 0

  constructor(
    private readonly all: () => Iterable<Stream>,
    private readonly look: (stream: Stream) => unknown,
    private readonly gapMs: number,
  ) {}

  onCommit(): void {
    this.isDirty = this.rest.length > 0
    if (this.timer) return
    const waitMs = Math.max(5, this.endedAtMs + Math.max(this.gapMs, 10 * this.busyMs) - performance.now())
    this.timer = setTimeout(() => {
      this.isDirty = false
      this.busyMs = 0
      this.rest = [...this.all()]
      this.lookAtSome()
    }, waitMs)
  }

  stop(): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = null
    this.rest = []
  }

  /** In slices, so that many streams never hold up a call. */
  private lookAtSome(): void {
    const startMs = performance.now()
    for (let next = this.rest.pop(); next; next = this.rest.pop()) {
      this.look(next)
      if (performance.now() - startMs > LIMITS.liveSliceMs) break
    }
    this.busyMs += performance.now() - startMs
    this.timer = this.rest.length > 0 ? setTimeout(() => this.lookAtSome(), 1) : null
    if (this.timer) return
    this.endedAtMs = performance.now()
    if (this.isDirty) this.onCommit()
  }
}

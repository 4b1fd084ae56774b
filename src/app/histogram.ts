// Histogram: how often a figure fell under each bound, as Prometheus counts it. Made once; an observation finds a bound and adds two
// numbers, so it may stand where calls pass.

export class Histogram {
  /** Per bound, not summed up; the last are those above every bound. */
  readonly counts: Float64Array
  /** Of everything observed. */
  sum = 0

  /** @param bounds upper bounds, ascending, in the unit of what is observed */
  constructor(readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1)
  }

  observe(value: number): void {
    const { bounds } = this
    let at = 0
    while (at < bounds.length && value > bounds[at]!) at++
    this.counts[at]!++
    this.sum += value
  }

  get count(): number {
    return this.counts.reduce((all, one) => all + one, 0)
  }
}

/** ms of an answer: from a page out of memory to the longest stream. */
export const ANSWER_MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000]
/** ms of one commit or one sync: from memory to a disk that is about to fail. */
export const DISK_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1_000]
/** Mutations of one commit; the last bound is `LIMITS.commitMutationsMax`. */
export const BATCH = [1, 2, 4, 8, 16, 32, 64, 128, 256]

// Mutations that wait for a commit: settles and releases first, new holds last (DESIGN §3). Arrays with a moving start, so that
// taking one costs the same however many wait.
import type { Lane, Tx, WriteContext } from "./types.ts"

export interface Job {
  ctx: WriteContext
  mutation: (tx: Tx) => unknown
  resolve: (value: unknown) => void
  reject: (error: unknown) => void
}

/** What became of it in its batch; its promise settles once that is durable. */
export interface Outcome {
  job: Job
  value?: unknown
  error?: unknown
  failed: boolean
  effects: (() => void)[]
}

export class Lanes {
  private readonly jobs: Record<Lane, Job[]> = { settle: [], normal: [], hold: [] }
  private readonly starts: Record<Lane, number> = { settle: 0, normal: 0, hold: 0 }

  push(lane: Lane, job: Job): void {
    this.jobs[lane].push(job)
  }

  /** The next that is to run; undefined when none waits. */
  next(): Job | undefined {
    return this.take("settle") ?? this.take("normal") ?? this.take("hold")
  }

  /** All that wait, in the order they would have run. */
  takeAll(): Job[] {
    const all: Job[] = []
    for (let job = this.next(); job; job = this.next()) all.push(job)
    return all
  }

  private take(lane: Lane): Job | undefined {
    const jobs = this.jobs[lane]
    if (this.starts[lane] === jobs.length) return undefined
    const job = jobs[this.starts[lane]++]
    if (this.starts[lane] === jobs.length) {
      this.jobs[lane] = []
      this.starts[lane] = 0
    }
    return job
  }
}

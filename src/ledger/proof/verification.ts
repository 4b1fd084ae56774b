// The proof of the books as the server runs it: by the hour or when an admin asks, one at a time, in a read Worker of its own, remembered with
// everything that was looked at. Knows how far the running one is.
import type { Clock } from "../../app/index.ts"
import type { Moment, ReadWorker, WriteContext } from "../../store/index.ts"
import type { Sql } from "../books/types.ts"
import { hasPostings } from "./store-proof.ts"
import type { VerifyReport } from "./types.ts"
import type { proofVerbs } from "./verbs.ts"
import { type VerifyProgress, verify, verifySteps } from "./verify.ts"

/** Name of this long read. */
export const VERIFY_BOOKS = "ledger.verify-steps"

export interface RunningVerification extends VerifyProgress {
  startedMs: number
}

export interface Verification {
  /** The newest remembered one. */
  readonly last: { atMs: number; ok: boolean } | null
  readonly running: RunningVerification | null
  /** Starts one, or waits for the one that runs; recorded before it answers. */
  run(ctx: WriteContext): Promise<VerifyReport>
}

type Piece = VerifyProgress | { report: VerifyReport }

/** The Worker's side: progress, then the report. */
export function* verifyPieces(sql: Sql, _input: unknown, moment: Moment): Generator<Piece> {
  const report = yield* verifySteps(sql, moment)
  yield { report }
}

export function createVerification(deps: {
  proofs: Pick<ReadWorker, "stream">
  books: Sql
  ledger: Pick<ReturnType<typeof proofVerbs>, "recordVerification" | "verifications">
  clock: Clock
}): Verification {
  const { proofs, books, ledger, clock } = deps
  let running: RunningVerification | null = null
  let current: Promise<VerifyReport> | null = null

  async function prove(ctx: WriteContext): Promise<VerifyReport> {
    const startedMs = clock.now()
    const began = performance.now()
    running = { startedMs, done: 0, of: 1, name: "" }
    // A house that has just been set up is proved in place: a Worker takes 0.2 s of a core to start.
    if (!hasPostings(books)) {
      const report = verify(books)
      await ledger.recordVerification(ctx, { report, startedMs, tookMs: performance.now() - began })
      return report
    }
    for await (const piece of proofs.stream<Piece>(VERIFY_BOOKS)) {
      if (!("report" in piece)) {
        running = { startedMs, ...piece }
        continue
      }
      const { report } = piece
      await ledger.recordVerification(ctx, { report, startedMs, tookMs: performance.now() - began })
      return report
    }
    throw new Error("the proof of the books ended without a report")
  }

  return {
    get last() {
      const [run] = ledger.verifications(1)
      return run ? { atMs: run.startedMs, ok: run.ok } : null
    },
    get running() {
      return running
    },
    run(ctx) {
      current ??= prove(ctx).finally(() => {
        current = null
        running = null
      })
      return current
    },
  }
}

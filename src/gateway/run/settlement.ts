// The one settle point of a streamed call: whatever ends it, and however often, it is settled once. Pays what was produced, or what
// the upstream reported; nothing when nothing came.
import type { AppError } from "../../app/index.ts"
import type { HeldCall, Outcome, Receipt } from "../types.ts"
import { noteEstimate, usageOf } from "./attempts.ts"
import { asFailure, type Deadlines, type StopReason } from "./deadlines.ts"
import type { RunDeps } from "./unary.ts"
import type { UpstreamStream } from "./upstream-stream.ts"

/** What of an answer in pieces is charged. */
export type Metered = Pick<UpstreamStream, "quote" | "meter" | "isWhole">

export class Settlement {
  receipt: Promise<Receipt> | null = null
  private firstTokenMs: number | null = null

  /** @param onSettling called once, before the settle is queued */
  constructor(
    private readonly deps: RunDeps,
    private readonly held: HeldCall,
    private readonly deadlines: Deadlines,
    private readonly onSettling: () => void,
  ) {}

  noteFirstToken({ meter }: Pick<Metered, "meter">): void {
    if (this.firstTokenMs !== null || !meter.hasProduced) return
    this.firstTokenMs = Math.round(performance.now() - this.held.call.startMs)
  }

  stopped(reason: StopReason, source: Metered): Promise<Receipt> {
    if (reason === "client_gone") return this.settle(source, reason, null, 499)
    const { error } = asFailure(null, this.deadlines)
    return this.settle(source, reason, error, error.status)
  }

  settle(source: Metered, end: Outcome["end"], error: AppError | null, status: number): Promise<Receipt> {
    if (this.receipt) return this.receipt
    const { quote, meter } = source
    const isEmpty = !meter.hasProduced && meter.report === null && end !== "client_gone"
    const isFree = isEmpty || (error !== null && !meter.hasProduced)
    const used = usageOf(quote, meter, end !== "done" && !source.isWhole)
    const outcome: Outcome = {
      quote,
      answeredModel: meter.model,
      usage: isFree ? null : used.usage,
      costPico: used.costPico,
      source: used.source,
      status,
      errorCode: error?.code ?? null,
      end,
      firstTokenMs: this.firstTokenMs,
    }
    noteEstimate(this.deps.log, this.held.call.requestId, outcome, meter)
    return this.record(outcome)
  }

  record(outcome: Outcome): Promise<Receipt> {
    if (this.receipt) return this.receipt
    this.onSettling()
    this.receipt = this.held.settle(outcome)
    // Fails only when the process ends, and then recovery settles: nobody may be left to hear it.
    this.receipt.catch(() => {})
    return this.receipt
  }
}

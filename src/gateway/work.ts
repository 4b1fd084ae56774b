// Calls of what is no model and runs elsewhere, such as a tool: what it costs is known before, and is charged when it went well.
import type { ErrorCode } from "../app/index.ts"
import type { EndReason } from "../ledger/index.ts"
import type { Tx } from "../store/index.ts"
import type { FixedCall } from "./fixed.ts"

export interface WorkCall extends Omit<FixedCall, "answer"> {
  /** How long it may run at most; its credits are held so long. */
  runMs: number
  /** Asks more, inside the body that holds. @throws AppError */
  requireIn?(tx: Tx): void
  /**
   * Runs once the credits are held and durable. Whatever it throws, and whatever ends it early, costs nothing.
   * @param signal aborted when its person is suspended or the server stops
   */
  run(signal: AbortSignal): Promise<WorkDone>
}

export interface WorkDone extends Pick<FixedCall, "answer"> {
  /** False: it failed, and is free. */
  isCharged: boolean
  /** How it ended, where it was not well. */
  end?: EndReason
  /** What it is counted as, where it answered that it failed. */
  errorCode?: ErrorCode
}

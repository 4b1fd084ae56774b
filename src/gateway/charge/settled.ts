// A settle that is tried again until its commit succeeds (DESIGN §4).
import type { NotPromise, Tx, WriteContext } from "../../store/index.ts"
import type { HeldDeps } from "./held.ts"

const SETTLE = { lane: "settle" } as const
const RETRY_MS_MAX = 1_000

/** The call happened and is owed: it waits in memory for as long as the process lives. */
export async function settledSurely<T>(
  deps: Pick<HeldDeps, "store" | "figures" | "log" | "isClosing">,
  ctx: WriteContext,
  request: string,
  body: (tx: Tx) => NotPromise<T>,
): Promise<T> {
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
    try {
      return await deps.store.write(ctx, body, SETTLE)
    } catch (error) {
      deps.figures.settleRetries++
      deps.log.error("gateway.settle_failed", { request, error })
      await Bun.sleep(waitMs)
      if (deps.isClosing()) throw error
    }
  }
}

// What the road of a call stands on, beside the house.
import type { Watch } from "../../../gateway/index.ts"
import type { SafeForward } from "../../../http/index.ts"
import type { Tx, WriteContext } from "../../../store/index.ts"
import type { CallsCore } from "../core.ts"
import type { Gate } from "../gate.ts"
import type { ProductKeyUses } from "../keys/uses.ts"
import type { CallLog } from "../log/gather.ts"
import type { Signals } from "../signals/watch.ts"

export interface ForwardDeps extends CallsCore {
  forwardFetch: SafeForward
  gate: Gate
  watch: Watch
  uses: ProductKeyUses
  callLog: CallLog
  signals: Signals | null
  /** Tried again until it is committed, for as long as the process lives: what is owed and what is given back. */
  untilWritten(ctx: WriteContext, mutation: (tx: Tx) => void): Promise<void>
}

// Recovery of orphaned holds: those of a dead process at boot, those past their lease in the sweeper. Charges
// what is known to have been used, never more and never silently nothing (DESIGN §4).
import { type Clock, type Ids, nano } from "../../app/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import { principal } from "../books/rules.ts"
import { openHoldsWhere } from "../books/store-memory.ts"
import type { OpenHold } from "../books/types.ts"
import { findOpen, OF_NO_BOOT } from "./hold.ts"
import { bestKnownCost, splitByWeights } from "./rules.ts"
import { settleIn } from "./settle.ts"
import type { HoldRef, RecoverReport } from "./types.ts"

const HOLDS_PER_ROUND = 200

/** All open holds of other boots, but those that outlive theirs. */
export function recoverHolds(store: Store, ids: Ids, bootId: string): Promise<RecoverReport> {
  const ctx = { actor: "system:recovery", requestId: "job:recover", reason: "call cut off by a restart" }
  const others = openHoldsWhere(store.read, "boot_id <>", bootId)
  return resolveAll(
    store,
    ids,
    ctx,
    others.filter((hold) => hold.bootId !== OF_NO_BOOT),
  )
}

/** Open holds past their lease whose call no one in this process is working on. */
export function sweep(
  store: Store,
  clock: Clock,
  ids: Ids,
  isAlive: (callId: string) => boolean,
): Promise<RecoverReport> {
  const ctx = { actor: "system:sweeper", requestId: "job:sweep", reason: "call abandoned" }
  const overdue = openHoldsWhere(store.read, "lease_until_ms <=", clock.now())
  return resolveAll(
    store,
    ids,
    ctx,
    overdue.filter((hold) => !isAlive(hold.callId)),
  )
}

async function resolveAll(store: Store, ids: Ids, ctx: WriteContext, holds: OpenHold[]): Promise<RecoverReport> {
  const report = { resolved: 0, released: 0, chargedNano: nano(0) }
  for (let from = 0; from < holds.length; from += HOLDS_PER_ROUND) {
    const charges = await Promise.all(
      holds
        .slice(from, from + HOLDS_PER_ROUND)
        .map((hold) => store.write(ctx, (tx) => resolveAlone(tx, ids, hold), { lane: "settle" })),
    )
    for (const chargedNano of charges) {
      if (chargedNano === null) continue
      report.resolved++
      if (chargedNano === 0) report.released++
      report.chargedNano = nano(Math.min(report.chargedNano + chargedNano, Number.MAX_SAFE_INTEGER))
    }
  }
  return report
}

/** The charge says whose call it was and of which kind, as the hold does. @returns n$ charged; null when it was resolved meanwhile */
function resolveAlone(tx: Tx, ids: Ids, ref: HoldRef): number | null {
  const hold = findOpen(tx, ref)
  if (!hold) return null
  const charge = splitByWeights(bestKnownCost(hold), {
    upstream: hold.splitUpstream,
    developer: hold.splitDeveloper,
    platform: hold.splitPlatform,
  })
  const { already } = settleIn(tx, ids, {
    hold,
    charge,
    developer: hold.developerId === null ? null : principal(hold.developerId),
    call: {
      status: 500,
      errorCode: "internal",
      end: "recovered",
      latencyMs: tx.now - hold.createdMs,
      firstTokenMs: null,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      source: charge.totalNano === 0 ? "none" : "estimated",
    },
  })
  return already ? 0 : charge.totalNano
}

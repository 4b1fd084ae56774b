// Recovery of orphaned holds: those of a dead process at boot, those past their lease in the sweeper. Charges
// what is known to have been used, never more and never silently nothing (DESIGN §4).
import { type Clock, type HoldId, type Ids, nano } from "../../app/index.ts"
import type { Store, Tx, WriteContext } from "../../store/index.ts"
import { principal } from "../books/rules.ts"
import { ownerIdOf } from "../books/store.ts"
import type { Principal } from "../books/types.ts"
import { bestKnownCost, splitByWeights } from "./rules.ts"
import { releaseIn, settleIn } from "./settle.ts"
import { findHold, holdsOfOtherBoots, overdueHolds } from "./store.ts"
import type { OnResolved, RecoverReport } from "./types.ts"

const HOLDS_PER_ROUND = 200

/** All open holds of other boots. */
export function recoverHolds(store: Store, ids: Ids, bootId: string, onResolved?: OnResolved): Promise<RecoverReport> {
  const ctx = { actor: "system:recovery", requestId: "job:recover", reason: "call cut off by a restart" }
  return resolveAll(
    store,
    ids,
    ctx,
    (afterId) => holdsOfOtherBoots(store.read, bootId, afterId, HOLDS_PER_ROUND),
    onResolved,
  )
}

/** Open holds past their lease whose call no one in this process is working on. */
export function sweep(
  store: Store,
  clock: Clock,
  ids: Ids,
  isAlive: (callId: string) => boolean,
  onResolved?: OnResolved,
): Promise<RecoverReport> {
  const ctx = { actor: "system:sweeper", requestId: "job:sweep", reason: "call abandoned" }
  const next = (afterId: number) => overdueHolds(store.read, clock.now(), afterId, HOLDS_PER_ROUND)
  return resolveAll(store, ids, ctx, next, onResolved, (hold) => !isAlive(hold.callId))
}

interface OpenHold {
  id: HoldId
  callId: string
}

async function resolveAll(
  store: Store,
  ids: Ids,
  ctx: WriteContext,
  page: (afterId: number) => OpenHold[],
  onResolved?: OnResolved,
  mine: (hold: OpenHold) => boolean = () => true,
): Promise<RecoverReport> {
  const report = { resolved: 0, released: 0, chargedNano: nano(0) }
  for (let afterId = 0; ; ) {
    const holds = page(afterId)
    const charges = await Promise.all(
      holds
        .filter(mine)
        .map(({ id }) => store.write(ctx, (tx) => resolveAlone(tx, ids, id, onResolved), { lane: "settle" })),
    )
    for (const chargedNano of charges) {
      if (chargedNano === null) continue
      report.resolved++
      if (chargedNano === 0) report.released++
      report.chargedNano = nano(Math.min(report.chargedNano + chargedNano, Number.MAX_SAFE_INTEGER))
    }
    if (holds.length < HOLDS_PER_ROUND) return report
    afterId = holds.at(-1)!.id
  }
}

/** @returns n$ charged; null when the hold was resolved in the meantime */
function resolveAlone(tx: Tx, ids: Ids, holdId: HoldId, onResolved?: OnResolved): number | null {
  const hold = findHold(tx, holdId)
  if (hold?.state !== "open") return null
  const charge = splitByWeights(bestKnownCost(hold), {
    upstream: hold.splitUpstream,
    developer: hold.splitDeveloper,
    platform: hold.splitPlatform,
  })
  const developer: Principal | null = hold.developerId === null ? null : principal(hold.developerId)
  let settled = null
  if (charge.totalNano === 0) releaseIn(tx, ids, holdId)
  else settled = settleIn(tx, ids, { holdId, charge, developer })
  onResolved?.(tx, {
    holdId,
    callId: hold.callId,
    reason: hold.reason,
    owner: principal(ownerIdOf(tx, hold.accountId)),
    mode: hold.mode,
    clientId: hold.clientId,
    scope: hold.scope,
    stage: hold.stage,
    charge,
    developer,
    settled,
  })
  return charge.totalNano
}

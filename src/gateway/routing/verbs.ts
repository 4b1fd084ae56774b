// What an operator does with routing, and sees of it.
import { auditIn } from "../../audit/index.ts"
import type { OrmReader, Tx } from "../../store/index.ts"
import type { CallAttempt, Routing, RoutingVerbs, Upstream } from "../types.ts"
import { known, shown, type UpstreamDeps } from "../upstreams/accounts.ts"
import { refuseWrong } from "../upstreams/fields.ts"
import { routingOf, setRouting, upstreamRow, upstreamRows } from "../upstreams/store.ts"
import { ATTEMPTS_ROWS_MAX, FAILED_SHOWN, PRIORITY_MAX, RPM_MAX, TPM_MAX, WEIGHT_MAX } from "./limits.ts"
import { liveOf, stampOf } from "./live.ts"
import { type AttemptRow, attemptsOf, deleteOldAttempts, failedAttempts } from "./store.ts"

export const routingVerbs = (deps: UpstreamDeps): RoutingVerbs => ({
  setRoutingIn: (tx, publicId, routing) => setRoutingIn(deps, tx, publicId, routing),
  setRouting: (ctx, publicId, routing) => deps.store.write(ctx, (tx) => setRoutingIn(deps, tx, publicId, routing)),
  health(publicId) {
    const row = upstreamRow(deps.store.read, publicId)
    return row && liveOf(deps.router.health.account(row.id), routingOf(row), deps.clock.now())
  },
  healthStamp: () => stampOf(deps.router.health, deps.clock.now()),
  attempts: (callId) => named(deps.store.read, attemptsOf(deps.store.read, callId)),
  failedAttempts(publicId) {
    const row = upstreamRow(deps.store.read, publicId)
    return row ? named(deps.store.read, failedAttempts(deps.store.read, row.id, FAILED_SHOWN)) : []
  },
  forgetOldAttemptsIn: (tx, beforeMs, rows) => deleteOldAttempts(tx, beforeMs, ATTEMPTS_ROWS_MAX, rows),
})

function setRoutingIn(deps: UpstreamDeps, tx: Tx, publicId: string, routing: Routing): Upstream {
  const row = known(upstreamRow(tx, publicId))
  refuseWrong({
    weight: wrong(routing.weight, 1, WEIGHT_MAX),
    priority: wrong(routing.priority, 0, PRIORITY_MAX),
    requestsPerMinute: routing.requestsPerMinute === null ? null : wrong(routing.requestsPerMinute, 1, RPM_MAX),
    tokensPerMinute: routing.tokensPerMinute === null ? null : wrong(routing.tokensPerMinute, 1, TPM_MAX),
  })
  const before = routingOf(row)
  setRouting(tx, row.id, routing)
  auditIn(tx, { action: actOf(before, routing), subject: publicId, before, after: routing })
  tx.afterCommit(() => deps.registry.load(deps.store.read))
  return shown(deps, tx, publicId)
}

function actOf(before: Routing, after: Routing) {
  if (after.isDraining === before.isDraining) return "upstream.routed" as const
  return after.isDraining ? ("upstream.drained" as const) : ("upstream.undrained" as const)
}

const wrong = (value: number, min: number, max: number): string | null =>
  Number.isSafeInteger(value) && value >= min && value <= max
    ? null
    : `Enter a whole number from ${min} to ${max.toLocaleString("en")}.`

/** With the names that accounts have now; one that is gone has none. */
function named(reader: OrmReader, rows: readonly AttemptRow[]): CallAttempt[] {
  if (rows.length === 0) return []
  const upstreams = new Map(upstreamRows(reader).map((row) => [row.id, row]))
  return rows.map(({ upstreamId, id: _, ...attempt }) => {
    const row = upstreams.get(upstreamId)
    return { ...attempt, upstream: row ? { publicId: row.publicId, name: row.name } : null }
  })
}

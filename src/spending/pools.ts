// Pools that run low or empty: their developer is told of each once, and again after the pool was filled.
import { eachAlone, nano } from "../app/index.ts"
import type { LivePool } from "../sponsors/index.ts"
import type { Tx } from "../store/index.ts"
import { SPENDING_LIMITS as L } from "./limits.ts"
import { poolEmpty, poolLow } from "./mails-lows.ts"
import { type PoolRow, poolOf, savePool } from "./store.ts"
import type { SpendingDeps } from "./types.ts"
import { plainName } from "./words.ts"

const CTX = { actor: "system:tell-pools", requestId: "job_tell-pools", reason: "a pool runs out" }

type Deps = Pick<SpendingDeps, "store" | "sponsors" | "oauth" | "payers" | "mails">

/** One slice of pools. @returns where to go on; null = that was all */
export async function tellPools(deps: Deps, after: number, rows: number): Promise<number | null> {
  const pools = deps.sponsors.poolsAfter(after, rows)
  const watched = pools.filter(({ isOn, mode }) => isOn && mode === "live")
  const next = pools.length < rows ? null : pools.at(-1)!.owner.id
  await eachAlone(
    watched,
    ({ owner }) => owner.id,
    (pool) => lookAt(deps, pool),
    next,
  )
  return next
}

async function lookAt(deps: Deps, pool: LivePool): Promise<void> {
  const before = poolOf(deps.store.read, pool.owner.id)
  if (isSame(before, nextOf(before, pool))) return
  await deps.store.write(CTX, (tx) => {
    const row = poolOf(tx, pool.owner.id)
    const next = nextOf(row, pool)
    savePool(tx, next)
    if (next.told !== null && next.told !== row?.told) tellIn(deps, tx, pool, next.told)
  })
}

const isSame = (one: PoolRow | null, other: PoolRow): boolean =>
  one !== null && one.fullNano === other.fullNano && one.told === other.told

/** What calls hold counts as there: it may come back. */
function nextOf(row: PoolRow | null, pool: LivePool): PoolRow {
  const { id: poolId } = pool.owner
  const hasNano = nano(pool.leftNano + pool.heldNano)
  // Seen for the first time: what it paid already was there once.
  if (row === null) return toldOf({ poolId, fullNano: nano(hasNano + pool.usedNano), told: null }, hasNano)
  const isFilled = hasNano > row.fullNano || (row.told === "empty" && hasNano >= L.poolEmptyNano)
  if (isFilled) return { poolId, fullNano: hasNano, told: null }
  if (row.told === "low" && hasNano >= row.fullNano * L.poolLowShare) return { ...row, told: null }
  return toldOf(row, hasNano)
}

/** One that never had anything has not run out. */
function toldOf(row: PoolRow, hasNano: number): PoolRow {
  if (row.fullNano < L.poolEmptyNano) return row
  if (hasNano < L.poolEmptyNano) return { ...row, told: "empty" }
  return hasNano < row.fullNano * L.poolLowShare ? { ...row, told: "low" } : row
}

function tellIn({ oauth, payers, mails }: Deps, tx: Tx, pool: LivePool, told: "low" | "empty"): void {
  const app = oauth.clientById(pool.clientId)
  const developer = payers.userById(pool.developerId)
  if (!app || app.removedMs !== null || app.ownerId !== pool.developerId) return
  if (!developer || payers.isSuspended(developer.id)) return
  const data = { app: plainName(app.name, "your app"), appId: app.publicId, leftNano: pool.leftNano }
  mails.queueIn(tx, told === "low" ? poolLow : poolEmpty, { to: developer.email, data, uselessAfterMs: null })
}

// Writing usage: always a call row and its day together, in the caller's mutation.
import { ClientId, dayOf, UserId } from "../app/index.ts"
import type { ResolvedHold } from "../ledger/index.ts"
import type { Tx } from "../store/index.ts"
import { addToDay, insertCall, pricesRow } from "./store.ts"
import type { RefusedRow, UsageDeps, UsageRow } from "./types.ts"

const PRICES_MAX = 1_000

/** Row ids of the prices in use, so that a call does not look them up. Filled between commit and answer only. */
export class PricesMemory {
  private readonly ids = new Map<string, number>()

  idIn(tx: Tx, snapshot: string): number {
    const known = this.ids.get(snapshot)
    if (known !== undefined) return known
    const id = pricesRow(tx, snapshot)
    tx.afterCommit(() => {
      if (this.ids.size >= PRICES_MAX) this.ids.clear()
      this.ids.set(snapshot, id)
    })
    return id
  }
}

/** A refusal is an answer below 500 that was never sent to an upstream; a failure is everything else that went wrong. */
export function recordIn(prices: PricesMemory, tx: Tx, row: UsageRow): number {
  const day = dayOf(row.atMs)
  const refused = row.end === "refused" ? 1 : 0
  const failed = refused === 0 && row.errorCode !== null && row.end !== "client_gone" ? 1 : 0
  const id = insertCall(tx, row, day, row.prices === null ? null : prices.idIn(tx, row.prices))
  addToDay(tx, row, day, failed, refused)
  return id
}

const NOTHING = {
  upstreamId: null,
  upstreamModel: null,
  firstTokenMs: null,
  inputTokens: 0,
  cachedTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  prices: null,
} as const
const NO_CHARGE = {
  source: "none",
  chargeNano: 0,
  upstreamNano: 0,
  developerNano: 0,
  platformNano: 0,
  collectedNano: 0,
  uncollectedNano: 0,
  transactionId: null,
} as const

export function recordRefused({ store, log }: UsageDeps, prices: PricesMemory, row: RefusedRow): void {
  const ctx = { actor: "system:gateway", requestId: row.publicId, reason: "call refused" }
  store
    .write(ctx, (tx) => recordIn(prices, tx, { ...NOTHING, ...NO_CHARGE, ...row, atMs: tx.now, end: "refused" }))
    .catch((error) => log.warn("usage.refused_not_recorded", { request: row.publicId, error }))
}

export function recordResolvedIn(prices: PricesMemory, tx: Tx, resolved: ResolvedHold): void {
  const { charge, settled, developer } = resolved
  if (resolved.owner.kind !== "principal") return
  recordIn(prices, tx, {
    ...NOTHING,
    publicId: resolved.callId,
    atMs: tx.now,
    mode: resolved.mode,
    userId: UserId(resolved.owner.id),
    clientId: resolved.clientId ?? ClientId(0),
    developerId: developer?.id ?? null,
    kind: "chat",
    scope: resolved.scope,
    model: resolved.reason,
    stream: resolved.stage === "streaming",
    status: 500,
    errorCode: "internal",
    end: "recovered",
    latencyMs: 0,
    source: charge.totalNano === 0 ? "none" : "estimated",
    chargeNano: charge.totalNano,
    upstreamNano: charge.upstreamNano,
    developerNano: charge.developerNano,
    earnedNano: settled?.earnedNano ?? 0,
    platformNano: charge.platformNano,
    collectedNano: settled?.collectedNano ?? 0,
    uncollectedNano: settled?.uncollectedNano ?? charge.totalNano,
    transactionId: settled?.transactionId ?? null,
  })
}

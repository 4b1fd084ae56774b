// A developer's own share of what their app's calls cost (SPEC DE-8): within the operator's bounds, kept in memory for the calls. Whoever
// allowed the app before it was raised pays no more than before, until they are asked again.
import { AppError, ensure } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { SHARE_MAX, SHARE_MIN } from "../settings.ts"
import type { AccessClaims, Client, OwnerFilter } from "../types.ts"
import { consentGrantedMs, saveShare, sharesSet } from "./store-shares.ts"
import { ownedIn } from "./verbs.ts"

/** Of an app that has ever had one of its own. */
export interface Share {
  /** Basis points of the model's price; null: the price rule's. */
  bp: number | null
  raisedMs: number | null
  /** The lowest before it was raised; null: the price rule's. */
  beforeBp: number | null
}

/** By client id. */
export type Shares = Map<number, Share>

export const loadShares = (reader: Reader): Shares => new Map(sharesSet(reader).map(({ id, ...share }) => [id, share]))

export interface SetShare {
  ownerId: OwnerFilter
  clientPublicId: string
  /** Null: the price rule's. */
  shareBp: number | null
}

/** @throws AppError not_found, validation_failed (outside the operator's bounds) */
export function setShareIn(core: Core, tx: Tx, { ownerId, clientPublicId, shareBp }: SetShare): void {
  const client = ownedIn(tx, ownerId, clientPublicId)
  if (shareBp === client.shareBp) return
  ensure(client.ownerId !== null, "conflict", "Nobody earns by this app.")
  const { min, max } = shareBounds(core)
  if (shareBp !== null && !(Number.isSafeInteger(shareBp) && shareBp >= min && shareBp <= max)) {
    const words = `Choose a share from ${min / 100}% to ${max / 100}%.`
    throw new AppError("validation_failed", words, { formErrors: { shareBp: words } })
  }
  const share = shareAfter(core.shares.get(client.id), shareBp, tx.now)
  saveShare(tx, client.id, share)
  tx.afterCommit(() => core.shares.set(client.id, share))
  const [before, after] = [{ shareBp: client.shareBp }, { shareBp }]
  auditIn(tx, { action: "client.share_set", subject: client.publicId, before, after })
}

export const shareBounds = (core: Pick<Core, "setting">): { min: number; max: number } => ({
  min: core.setting(SHARE_MIN),
  max: core.setting(SHARE_MAX),
})

/** Unless it is known to be no more than before, it was raised: of a price rule nobody knows what it says for the next model. */
function shareAfter(known: Share | undefined, bp: number | null, nowMs: number): Share {
  const before = known ?? { bp: null, raisedMs: null, beforeBp: null }
  if (bp !== null && before.bp !== null && bp <= before.bp) return { ...before, bp }
  const lowest =
    before.raisedMs === null
      ? before.bp
      : [before.bp, before.beforeBp].reduce((a, b) => (a === null ? b : b === null ? a : Math.min(a, b)))
  return { bp, raisedMs: nowMs, beforeBp: lowest }
}

/**
 * What of the model's price goes to the developer of the app that calls.
 * @param ruleBp what the price rule says
 */
export function shareFor(core: Core, claims: Pick<AccessClaims, "clientId" | "consentId">, ruleBp: number): number {
  const share = core.shares.get(claims.clientId)
  if (!share) return ruleBp
  const { min, max } = shareBounds(core)
  // The operator's bounds hold from the next call on, also for what was set before them.
  const own = share.bp === null ? ruleBp : Math.min(Math.max(share.bp, min), max)
  if (share.raisedMs === null || claims.consentId === null) return own
  const allowedMs = consentGrantedMs(core.store.read, claims.consentId)
  return allowedMs !== null && allowedMs >= share.raisedMs ? own : Math.min(own, share.beforeBp ?? ruleBp)
}

/** Whether somebody who allowed the app then has to be asked about its share. */
export const isRaisedSince = ({ shareRaisedMs }: Pick<Client, "shareRaisedMs">, allowedMs: number): boolean =>
  shareRaisedMs !== null && allowedMs < shareRaisedMs

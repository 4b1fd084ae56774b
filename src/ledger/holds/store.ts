// SQL of open holds, as fixed texts. Decides nothing. The writer's memory has them all; rows are for the case that this process dies.
import { invariant } from "../../app/index.ts"
import { inserter, type Reader, type Tx } from "../../store/index.ts"
import { openHolds } from "../books/tables.ts"
import type { HoldPart, OpenHold } from "../books/types.ts"

const insertHoldRow = inserter(openHolds)

export function insertHold(tx: Tx, hold: OpenHold): void {
  const { parts } = hold
  insertHoldRow(tx, {
    id: hold.id,
    accountId: hold.accountId,
    callId: hold.callId,
    bootId: hold.bootId,
    callerId: hold.callerId,
    clientId: hold.clientId,
    keyId: hold.keyId,
    scope: hold.scope,
    limited: hold.limited,
    routeId: hold.routeId,
    stream: hold.stream,
    amountNano: hold.amountNano,
    lotId: parts.length === 1 ? parts[0]!.lotId : null,
    lots: lotsText(parts),
    stage: hold.stage,
    inputCostNano: hold.inputCostNano,
    knownCostNano: hold.knownCostNano,
    splitUpstream: hold.splitUpstream,
    splitDeveloper: hold.splitDeveloper,
    splitPlatform: hold.splitPlatform,
    developerId: hold.developerId,
    promoCapNano: hold.promoCapNano,
    leaseUntilMs: hold.leaseUntilMs,
    createdMs: hold.createdMs,
  })
}

const lotsText = (parts: readonly HoldPart[]): string | null =>
  parts.length > 1 ? JSON.stringify(parts.map(({ lotId, amountNano }) => [lotId, amountNano])) : null

/** What is held at this moment, by everybody. */
export const heldNow = (reader: Reader): { holds: number; amountNano: number } =>
  reader.get<{ holds: number; amountNano: number }>(
    "SELECT COUNT(*) AS holds, COALESCE(SUM(amount_nano), 0) AS amountNano FROM open_holds",
  )!

export function deleteHold(tx: Tx, { id, accountId }: OpenHold): void {
  const { changes } = tx.run("DELETE FROM open_holds WHERE account_id = ? AND id = ?", accountId, id)
  invariant(changes === 1, "a hold resolves once")
}

/** Writes what marks, raises and renewals change. */
export function updateHold(tx: Tx, hold: OpenHold): void {
  const { parts } = hold
  const { changes } = tx.run(
    `UPDATE open_holds SET amount_nano = ?, lot_id = ?, lots = ?, stage = ?, known_cost_nano = ?, lease_until_ms = ?,
       route_id = ?, input_cost_nano = ?, split_upstream = ?, split_developer = ?, split_platform = ?
     WHERE account_id = ? AND id = ?`,
    hold.amountNano,
    parts.length === 1 ? parts[0]!.lotId : null,
    lotsText(parts),
    hold.stage,
    hold.knownCostNano,
    hold.leaseUntilMs,
    hold.routeId,
    hold.inputCostNano,
    hold.splitUpstream,
    hold.splitDeveloper,
    hold.splitPlatform,
    hold.accountId,
    hold.id,
  )
  invariant(changes === 1, "only an open hold changes")
}

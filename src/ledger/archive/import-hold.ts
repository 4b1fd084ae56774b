// A call in progress of the file: its hold stands open as it did, for whoever recovers it.
import type { Tx } from "../../store/index.ts"
import { insertHold } from "../holds/store.ts"
import type { HoldLine } from "./export-format.ts"
import { sameAccount, sameLot } from "./import-posted.ts"

/** Its route and its key are not in the file; the charge that recovery writes has none then. */
export function keepHold(tx: Tx, line: HoldLine): void {
  const partsNano = line.lots.reduce((sum, part) => sum + part.nano, 0)
  if (partsNano !== line.amountNano) throw new Error("its lots do not add up to what is held")
  sameAccount(tx, line.account, "wallet", line.owner)
  for (const part of line.lots) sameLot(tx, part.lotRow, part.lot)
  insertHold(tx, {
    id: line.id,
    accountId: line.account,
    callId: line.callId,
    bootId: line.bootId,
    callerId: line.callerId,
    clientId: line.clientId,
    keyId: null,
    scope: line.scope,
    limited: line.limited,
    routeId: null,
    stream: line.stream,
    amountNano: line.amountNano,
    parts: line.lots.map((part) => ({ lotId: part.lotRow, amountNano: part.nano })),
    stage: line.stage,
    inputCostNano: line.inputCostNano,
    knownCostNano: line.knownCostNano,
    splitUpstream: line.splitUpstream,
    splitDeveloper: line.splitDeveloper,
    splitPlatform: line.splitPlatform,
    developerId: line.developerId,
    promoCapNano: line.promoCapNano,
    leaseUntilMs: line.leaseUntilMs,
    createdMs: line.createdMs,
  })
}

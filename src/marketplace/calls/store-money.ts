// SQL of what calls cost beside their plans.
import { insertRow, type Reader, type Tx } from "../../store/index.ts"
import { marketOverages } from "../tables.ts"
import type { OverageLine } from "./money.ts"

/** @param sign -1 takes it back */
export function addOverage(tx: Tx, line: OverageLine, sign: 1 | -1): void {
  if (sign === 1) {
    const add = `ON CONFLICT (subscription_id, period_start_ms, terms_id, endpoint_id, unit_nano) DO UPDATE SET
      units = units + excluded.units, nano = nano + excluded.nano, commission_nano = commission_nano + excluded.commission_nano`
    insertRow(tx, marketOverages, line, add)
    return
  }
  tx.run(
    `UPDATE market_overages SET units = units - ?, nano = nano - ?, commission_nano = commission_nano - ?
     WHERE subscription_id = ? AND period_start_ms = ? AND terms_id = ? AND endpoint_id = ? AND unit_nano = ?`,
    line.units,
    line.nano,
    line.commissionNano,
    line.subscriptionId,
    line.periodStartMs,
    line.termsId,
    line.endpointId,
    line.unitNano,
  )
}

/** n$ that units above the quota came to in a billing period, those of calls that run included. */
export const overageSpent = (reader: Reader, subscriptionId: number, periodStartMs: number): number =>
  reader.get<{ nano: number | null }>(
    "SELECT SUM(nano) AS nano FROM market_overages WHERE subscription_id = ? AND period_start_ms = ? AND endpoint_id = 0",
    subscriptionId,
    periodStartMs,
  )?.nano ?? 0

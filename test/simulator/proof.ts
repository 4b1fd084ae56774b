// The ledger's own proof of its books, and projections that are thrown away and computed again.

import type { Tx } from "../../src/store/index.ts"
import { Difference, same } from "./difference.ts"
import type { Machine } from "./machine.ts"
import { ctx } from "./operations/people.ts"

export function proveAll(ledger: Machine["ledger"]): void {
  const report = ledger.verify()
  const broken = report.checks.filter((check) => check.violations > 0)
  if (broken.length > 0)
    throw new Difference(
      `verify: ${broken.map((one) => `${one.name} (${one.violations}): ${one.examples}`).join("; ")}`,
    )
  same("verify", report.ok, true)
}

/** What SQLite lets one forget of a projection; the comparison afterwards says whether all of it came back. */
const FORGET = [
  "UPDATE accounts SET balance_nano = 0 WHERE kind <> 'wallet'",
  `UPDATE lots SET consumed_nano = 0, expired_nano = 0, voided_nano = 0, clawed_nano = 0, remaining_nano = granted_nano, unspent = 1, frozen = 1 - frozen`,
  "DELETE FROM charge_days",
  "DELETE FROM charge_client_days",
  "DELETE FROM free_budget_day",
  "DELETE FROM earning_days",
  "UPDATE wallet_callers SET used_nano = used_nano + 1",
]

/**
 * Healthy projections need no change; forgotten ones come back as they were. What was remembered of them while they were wrong goes.
 * @param look reads wallets into the memory
 */
export async function rebuildFromNothing({ store, ledger, foreign }: Machine, look: (tx: Tx) => void): Promise<void> {
  const untouched = await store.write(ctx, (tx) => ledger.rebuildProjectionsIn(tx))
  same("rebuilding healthy books", untouched, { changed: 0 })
  foreign.run(FORGET)
  await store.write(ctx, (tx) => {
    look(tx)
    ledger.rebuildProjectionsIn(tx)
  })
}

// The ledger's own proof of its books, and projections that are thrown away and computed again.
import { Difference, same } from "./difference.ts"
import type { Machine } from "./machine.ts"
import { ctx } from "./operations/people.ts"

/** Off while the proof is being moved to the new books. */
const PROOF = process.env.SIM_PROOF === "1"

export function proveAll(ledger: Machine["ledger"]): void {
  if (!PROOF) return
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
  `UPDATE lots SET consumed_nano = 0, expired_nano = 0, voided_nano = 0, clawed_nano = 0, remaining_nano = granted_nano, unspent = 1`,
  "DELETE FROM charge_days",
  "DELETE FROM free_budget_day",
  "DELETE FROM earning_days",
]

/** Healthy projections need no change; forgotten ones come back as they were. */
export async function rebuildFromNothing({ store, ledger, foreign }: Machine): Promise<void> {
  if (!PROOF) return
  const untouched = await store.write(ctx, (tx) => ledger.rebuildProjectionsIn(tx))
  same("rebuilding healthy books", untouched, { changed: 0 })
  foreign.run(FORGET)
  await store.write(ctx, (tx) => ledger.rebuildProjectionsIn(tx))
}

// Money by UTC day, from the books: what came in, went back, is disputed, and was kept by the processor.
import { nano } from "../../app/index.ts"
import { type MoneyDay, readMoneyDays } from "../../ledger/index.ts"
import type { Reader } from "../../store/index.ts"
import type { MoneyOfDay } from "./types.ts"

/** Days on which anything moved, oldest first. */
export function moneyDays(reader: Reader, span: { fromMs: number; toMs: number }): MoneyOfDay[] {
  const days = Map.groupBy(readMoneyDays(reader, { mode: "live", ...span }), ({ day }) => day)
  return [...days]
    .sort(([a], [b]) => a - b)
    .map(([day, rows]) => ({
      day,
      inNano: sum(rows, "cash", ["topup", "subscription"], -1),
      // One that failed comes back as a reversal.
      refundsNano: sum(rows, "cash", ["refund", "reversal"], 1),
      disputesNano: sum(rows, "disputes", ["refund", "reversal"], 1),
      feesNano: sum(rows, "processor_fees", ["fee"], -1),
    }))
    .filter((one) => one.inNano || one.refundsNano || one.disputesNano || one.feesNano)
}

const sum = (
  rows: readonly MoneyDay[],
  account: MoneyDay["account"],
  types: readonly MoneyDay["type"][],
  sign: 1 | -1,
) =>
  nano(
    rows
      .filter((row) => row.account === account && types.includes(row.type))
      .reduce((total, { amountNano }) => total + sign * amountNano, 0),
  )

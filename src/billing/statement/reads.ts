// What takes the read Worker's time: sums over what moved money, and the comparison object by object.
import type { HeavyReads } from "../../store/index.ts"
import { compare } from "./compare.ts"
import { moneyDays } from "./days.ts"
import type { ComparisonInput } from "./types.ts"

export const COMPARE = "billing.compare"
export const MONEY_DAYS = "billing.money-days"

export const STATEMENT_READS: HeavyReads = {
  [COMPARE]: (reader, input) => reader.snapshot(() => compare(reader, input as ComparisonInput)),
  [MONEY_DAYS]: (reader, input) => moneyDays(reader, input as ComparisonInput),
}

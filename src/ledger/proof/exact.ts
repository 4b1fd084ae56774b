// Running balances of all accounts, exact to 64 bits and beyond, in two numbers an account: `high` × 2^26 + `low`. BigInt would be
// right, too, and several times slower over millions of entries.
import type { AccountId } from "../../app/index.ts"
import type { Sql } from "../books/types.ts"
import { lastAccountId } from "./store-walk.ts"

const UNIT = 67_108_864

export interface Sums {
  /** @returns whether the account has now what is shown; an account that does not exist has nothing */
  add(accountId: AccountId, amountNano: number, shownHigh: number, shownLow: number): boolean
  of(accountId: AccountId): bigint
}

export function createSums(sql: Sql): Sums {
  const size = lastAccountId(sql) + 1
  const high = new Float64Array(size)
  const low = new Float64Array(size)
  return {
    add(accountId, amountNano, shownHigh, shownLow) {
      if (!(accountId >= 0 && accountId < size)) return false
      const amountHigh = Math.floor(amountNano / UNIT)
      const lowSum = low[accountId]! + (amountNano - amountHigh * UNIT)
      const carry = lowSum >= UNIT ? 1 : 0
      low[accountId] = lowSum - carry * UNIT
      high[accountId] = high[accountId]! + amountHigh + carry
      return high[accountId] === shownHigh && low[accountId] === shownLow
    },
    of: (accountId) => BigInt(high[accountId] ?? 0) * BigInt(UNIT) + BigInt(low[accountId] ?? 0),
  }
}

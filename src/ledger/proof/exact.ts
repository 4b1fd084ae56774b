// Running balances of all accounts, exact to 64 bits and beyond, in two numbers an account: `high` × 2^26 + `low`. BigInt would be
// right, too, and several times slower over millions of charges.
import type { AccountId } from "../../app/index.ts"
import type { Sql } from "../books/types.ts"
import { lastAccountId } from "./store-walk.ts"

const UNIT = 67_108_864

export interface Sums {
  /** Adds to what an account has; one that does not exist has nothing. */
  add(accountId: AccountId, amountNano: number): void
  /** Whether an account that exists has exactly this, told in two halves. */
  is(accountId: AccountId, high: number, low: number): boolean
  /** The same for a figure of less than 2^53. */
  isExactly(accountId: AccountId, nano: number): boolean
  of(accountId: AccountId): bigint
}

export function createSums(sql: Sql): Sums {
  let size = lastAccountId(sql) + 1
  let high = new Float64Array(size)
  let low = new Float64Array(size)
  /** Accounts are numbered in their order; some are younger than the walk. */
  const exists = (accountId: number): boolean => {
    if (accountId < size) return accountId >= 0
    size = Math.max(size, lastAccountId(sql) + 1)
    if (accountId >= size) return false
    high = grown(high, size)
    low = grown(low, size)
    return true
  }
  const is = (accountId: number, shownHigh: number, shownLow: number) =>
    high[accountId] === shownHigh && low[accountId] === shownLow
  return {
    add(accountId, amountNano) {
      if (!exists(accountId)) return
      const amountHigh = Math.floor(amountNano / UNIT)
      const lowSum = low[accountId]! + (amountNano - amountHigh * UNIT)
      const carry = lowSum >= UNIT ? 1 : 0
      low[accountId] = lowSum - carry * UNIT
      high[accountId] = high[accountId]! + amountHigh + carry
    },
    is,
    isExactly(accountId, nano) {
      const shownHigh = Math.floor(nano / UNIT)
      return is(accountId, shownHigh, nano - shownHigh * UNIT)
    },
    of: (accountId) => BigInt(high[accountId] ?? 0) * BigInt(UNIT) + BigInt(low[accountId] ?? 0),
  }
}

function grown(values: Float64Array<ArrayBuffer>, size: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(Math.max(size, Math.ceil(values.length * 1.5)))
  longer.set(values)
  return longer
}

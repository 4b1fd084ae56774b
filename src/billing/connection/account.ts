// Whose key it is. Customers and prices of one account are nobody and nothing to another, and the processor only says so once somebody
// wants to pay; so it is asked with each new key, and once an hour.
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { Processor } from "../stripe/index.ts"
import { adoptAccount, connectionRow, newestCustomer, saveAccount } from "./store.ts"

export interface Learned {
  isTest: boolean
  /** What it says of itself; null = the key may not say. */
  told: string | null
  /** What was made last is known to it, or nothing was made yet. */
  isKnown: boolean
}

/** What was last learned of the keys of a mode; empty = nothing. */
export const accountOf = (reader: Reader, isTest: boolean): string => {
  const { testAccount, liveAccount } = connectionRow(reader)
  return (isTest ? testAccount : liveAccount) ?? ""
}

export const isNamed = (account: string): boolean => account.startsWith("acct_")

/** @throws ProcessorError */
export async function learn(reader: Reader, processor: Processor): Promise<Learned> {
  const { isTest } = processor
  const before = accountOf(reader, isTest)
  const told = await processor.account()
  if (told !== null && told === before) return { isTest, told, isKnown: true }
  const last = newestCustomer(reader, { isTest, account: before })
  return { isTest, told, isKnown: last === null || (await processor.knowsCustomer(last)) }
}

export function learnedIn(tx: Tx, { isTest, told, isKnown }: Learned): void {
  const before = accountOf(tx, isTest)
  if (told === before) return
  // Named now, and the same as ever.
  if (isKnown && !isNamed(before)) {
    if (told === null) return
    adoptAccount(tx, { isTest, from: before, to: told })
    saveAccount(tx, { isTest, account: told })
    return
  }
  // The key may not say, and knows what was made: nothing has changed.
  if (told === null && isKnown) return
  const after = told ?? `unnamed:${tx.now}`
  const isOther = newestCustomer(tx, { isTest, account: before }) !== null
  saveAccount(tx, { isTest, account: after, ...(isOther ? { before } : {}) })
  if (!isOther) return
  auditIn(tx, {
    action: "payments.account_changed",
    subject: "payments:account",
    before: { account: before },
    after: { account: after, mode: isTest ? "test" : "live" },
  })
}

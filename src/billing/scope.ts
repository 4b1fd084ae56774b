// Whose things at the processor a key knows: those of its mode and of its account.
import type { BillingDeps, BillingDepsOn } from "./types.ts"

export interface Scope {
  isTest: boolean
  /** `acct_…`; empty where nobody knows. */
  account: string
}

export const scopeOn = ({ processor, account }: Pick<BillingDepsOn, "processor" | "account">): Scope => ({
  isTest: processor.isTest,
  account,
})

/** @returns null without a key: then all count */
export const scopeOf = ({ processor, account }: BillingDeps): Scope | null =>
  processor === null ? null : { isTest: processor.isTest, account }

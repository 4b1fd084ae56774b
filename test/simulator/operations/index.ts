// Everything that may happen.
import type { Operation } from "../act.ts"
import { CALLS } from "./calls.ts"
import { CLAWS } from "./claws.ts"
import { CORRECTIONS } from "./corrections.ts"
import { CREDITS } from "./credits.ts"
import { EARNINGS } from "./earnings.ts"
import { PLAN_INVOICES, PURCHASES } from "./payments.ts"
import { PLANS } from "./plans.ts"
import { REMEMBERED } from "./remembered.ts"
import { SALES } from "./sales.ts"
import { SPONSOR } from "./sponsor.ts"

export const LEDGER: readonly Operation[] = [
  ...CREDITS,
  ...CALLS,
  ...CORRECTIONS,
  ...CLAWS,
  ...PURCHASES,
  ...EARNINGS,
  ...SALES,
  ...SPONSOR,
  ...REMEMBERED,
]
export const OPERATIONS: readonly Operation[] = [...LEDGER, ...PLANS, ...PLAN_INVOICES]

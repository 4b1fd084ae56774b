// What a developer may tell us, and what free credits may earn them. Pure.
import { AppError, type Nano, nameProblem, nano, type Reserved, tidyName } from "../app/index.ts"

const COMPANY_CHARS_MAX = 120

/** @returns null for an empty company. @throws AppError validation_failed */
export function companyOf(text: string | null, reserved: Reserved): string | null {
  const company = tidyName(text)
  if (company === "") return null
  const problem = nameProblem(company, { of: "company", charsMax: COMPANY_CHARS_MAX, ...reserved })
  if (!problem) return company
  throw new AppError("validation_failed", problem, { formErrors: { company: problem } })
}

const ALL_BP = 10_000

/** A share of the day's free budget, rounded down; no budget, no cap. */
export const promoCapOf = (freeBudgetNano: number | null, capBp: number): Nano | null =>
  freeBudgetNano === null ? null : nano((BigInt(freeBudgetNano) * BigInt(capBp)) / BigInt(ALL_BP))

// What a developer may tell us, and what free credits may earn them. Pure.
import { AppError } from "../app/index.ts"

/** The agreement shown at /developer-agreement. A new text gets a new version, and everybody is asked again. */
export const AGREEMENT_VERSION = "2026-01"

const COMPANY_CHARS_MAX = 120

/** @returns null for an empty company. @throws AppError validation_failed */
export function companyOf(text: string | null): string | null {
  const company = (text ?? "").normalize("NFC").trim()
  if (company === "") return null
  if (company.length <= COMPANY_CHARS_MAX && !/\p{Cc}/u.test(company)) return company
  const words = `Give the company in one line of up to ${COMPANY_CHARS_MAX} characters.`
  throw new AppError("validation_failed", words, { formErrors: { company: words } })
}

const ALL_BP = 10_000

/** A share of the day's free budget, rounded down; no budget, no cap. */
export const promoCapOf = (freeBudgetNano: number | null, capBp: number): number | null =>
  freeBudgetNano === null ? null : Number((BigInt(freeBudgetNano) * BigInt(capBp)) / BigInt(ALL_BP))

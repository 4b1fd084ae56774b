// What a developer may tell us, and what an operator may set. Pure.
import { AppError, type Nano, nano } from "../app/index.ts"
import type { EarningTerms } from "./types.ts"

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

const MATURITY_DAYS_MAX = 365
const ALL_BP = 10_000

const BOUNDS: Record<keyof EarningTerms, { least: number; most: number; words: string }> = {
  paidDays: { least: 1, most: MATURITY_DAYS_MAX, words: `Give whole days from 1 to ${MATURITY_DAYS_MAX}.` },
  promoDays: { least: 1, most: MATURITY_DAYS_MAX, words: `Give whole days from 1 to ${MATURITY_DAYS_MAX}.` },
  promoCapBp: { least: 0, most: ALL_BP, words: "Give a share from 0 to 100 %." },
  payoutMinNano: { least: 1, most: Number.MAX_SAFE_INTEGER, words: "Give an amount above 0." },
}

/** @throws AppError validation_failed with a sentence for each field that is out of bounds */
export function checkedTerms(terms: EarningTerms): EarningTerms {
  const formErrors: Record<string, string> = {}
  for (const [field, { least, most, words }] of Object.entries(BOUNDS)) {
    const value = terms[field as keyof EarningTerms]
    if (!Number.isSafeInteger(value) || value < least || value > most) formErrors[field] = words
  }
  if (Object.keys(formErrors).length === 0) return terms
  throw new AppError("validation_failed", "Look at the marked fields again.", { formErrors })
}

/** A share of the day's free budget, rounded down; no budget, no cap. */
export const promoCapOf = (freeBudgetNano: number | null, capBp: number): Nano | null =>
  freeBudgetNano === null ? null : nano((BigInt(freeBudgetNano) * BigInt(capBp)) / BigInt(ALL_BP))

// What a developer may tell us. Pure.
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

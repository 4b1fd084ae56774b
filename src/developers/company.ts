// The company that people read as the maker of somebody's apps.
import { AppError } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import { houseNameIn } from "../brand/index.ts"
import type { Tx } from "../store/index.ts"
import { companyOf } from "./rules.ts"
import { saveCompany } from "./store.ts"
import type { Developer } from "./types.ts"

/** @param asked empty: their own name is read. @throws AppError validation_failed, forbidden */
export function changeCompanyIn(tx: Tx, before: Developer | null, asked: { publicId: string; company: string }): void {
  if (!before?.agreementCurrent) throw new AppError("forbidden", "Accept the developer agreement first.")
  const company = companyOf(asked.company, { house: houseNameIn(tx), kept: before.company })
  if (company === before.company) return
  saveCompany(tx, { userId: before.userId, company })
  const change = { before: { company: before.company }, after: { company } }
  auditIn(tx, { action: "developer.company_changed", subject: asked.publicId, ...change })
}

// What a payer wants on invoices: its own name, address, country and VAT number, in place of what the account says. All of it or none: half an address is on no paper.
import { AppError, COUNTRIES, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { Party } from "../invoices/index.ts"
import { BILLING_LIMITS as L } from "../limits.ts"
import type { BillingDeps } from "../types.ts"
import { deleteDetails, detailsOf, saveDetails } from "./store.ts"

/** Empty everywhere: nothing is wanted. */
export interface BillingDetails {
  name: string
  /** Lines of a letter, without the country. */
  address: string
  /** ISO 3166, two letters. */
  country: string
  /** VAT number or the like; may be empty. */
  taxId: string
}

export const NO_DETAILS: BillingDetails = { name: "", address: "", country: "", taxId: "" }

/** As they are in this body; null: none were given. */
export const detailsIn = (reader: Reader, ownerId: UserId): BillingDetails | null => detailsOf(reader, ownerId)

/** @throws AppError validation_failed with a message per field; forbidden to who may not for a team */
export function setDetailsIn(
  deps: Pick<BillingDeps, "identity">,
  tx: Tx,
  ownerId: UserId,
  typed: BillingDetails,
): void {
  deps.identity.requireActiveIn(tx, ownerId)
  const wanted = tidied(typed)
  const isNone = Object.values(wanted).every((text) => text === "")
  const formErrors = isNone ? {} : (errorsOf(wanted) as Record<string, string>)
  const [first] = Object.values(formErrors)
  if (first) throw new AppError("validation_failed", first, { formErrors })
  const hadSome = detailsOf(tx, ownerId) !== null
  if (isNone) deleteDetails(tx, ownerId)
  else saveDetails(tx, { ownerId, ...wanted })
  // What they are stays out of the log, which outlives them.
  if (!isNone || hadSome)
    auditIn(tx, { action: isNone ? "billing.details_removed" : "billing.details", subject: `user:${ownerId}` })
}

function errorsOf({ name, address, country, taxId }: BillingDetails): Partial<BillingDetails> {
  return {
    ...(name === "" ? { name: "Enter the name that invoices are made out to." } : {}),
    ...(name.length > L.partyCharsMax ? { name: `Keep the name within ${L.partyCharsMax} characters.` } : {}),
    ...(address === "" ? { address: "Enter street and town." } : {}),
    ...(address.length > L.addressCharsMax || address.split("\n").length > L.addressLinesMax
      ? { address: `Keep the address within ${L.addressLinesMax} lines and ${L.addressCharsMax} characters.` }
      : {}),
    ...(COUNTRIES.has(country) ? {} : { country: "Choose a country." }),
    ...(taxId !== "" && !/^[A-Z0-9][A-Z0-9 .\-/]{2,38}[A-Z0-9]$/.test(taxId)
      ? { taxId: "A VAT number has 4 to 40 letters and digits, such as DE123456789." }
      : {}),
  }
}

const tidied = ({ name, address, country, taxId }: BillingDetails): BillingDetails => ({
  name: oneLine(name),
  address: address.split(/\r?\n/).map(oneLine).filter(Boolean).join("\n"),
  country,
  taxId: oneLine(taxId).toUpperCase(),
})

const oneLine = (text: string): string => text.replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim()

/** As they stand on a paper. @param otherTaxId of what the processor was told, where none was given here */
export const partyOf = ({ name, address, country, taxId }: BillingDetails, otherTaxId: string): Partial<Party> => ({
  name,
  address: `${address}\n${COUNTRIES.get(country) ?? country}`,
  taxId: taxId || otherTaxId,
})

// Payments as tables: everything that is known, and what PayPal's mass payments take. Cells that begin like a formula are made harmless.
import { CsvNumber, csvLine } from "../../app/index.ts"
import { minorText } from "../money.ts"
import type { Transfer } from "./transfer.ts"

const HEAD = [
  "payout",
  "kind",
  "holder",
  "iban",
  "bic",
  "routing_number",
  "account_number",
  "account_type",
  "email",
  "currency",
  "amount",
]

/** One line a payment. */
export function csvOf(transfers: readonly Transfer[]): string {
  const lines = transfers.map(({ id, currency, minor, to }) =>
    csvLine([
      id,
      to.kind,
      "holder" in to ? to.holder : "",
      to.kind === "iban" ? to.iban : "",
      to.kind === "iban" ? (to.bic ?? "") : "",
      to.kind === "us_bank" ? to.routing : "",
      to.kind === "us_bank" ? to.account : "",
      to.kind === "us_bank" ? to.use : "",
      to.kind === "paypal" ? to.email : "",
      currency,
      new CsvNumber(minorText(minor, currency)),
    ]),
  )
  return csvLine(HEAD) + lines.join("")
}

/** Email, amount, currency, an id of ours and a note; PayPal's file has no head. */
export const paypalOf = (transfers: readonly Transfer[]): string =>
  transfers
    .flatMap(({ id, currency, minor, to }) =>
      to.kind === "paypal"
        ? [csvLine([to.email, new CsvNumber(minorText(minor, currency)), currency, id, "Payout of your earnings"])]
        : [],
    )
    .join("")

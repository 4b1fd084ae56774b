// Files for a bank or a payment service. What is put into one is in no other, and the same file comes out every time it is asked for.
import { AppError, ensure } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, Tx } from "../store/index.ts"
import { readBic, readIban } from "./banks.ts"
import { payIn } from "./decide.ts"
import type { PayoutsDeps } from "./deps.ts"
import { csvOf, paypalOf } from "./formats/csv.ts"
import { painOf } from "./formats/pain.ts"
import type { Transfer } from "./formats/transfer.ts"
import { openDestination } from "./sealed.ts"
import { DEBTOR_BIC, DEBTOR_IBAN, DEBTOR_NAME } from "./settings.ts"
import { fileByPublicId, idsFor, insertFile, putInFile, rowsOfFile, withdrawFile } from "./store-files.ts"
import type { Debtor, FileFormat, PayoutFile } from "./types.ts"

/** What of it is lacking for a file to a bank, in words; null = nothing. */
export function debtorProblem({ settings }: Pick<PayoutsDeps, "settings">, reader?: Reader): string | null {
  const { name, iban } = debtorOf({ settings }, reader)
  return name !== "" && iban !== ""
    ? null
    : "A file for a bank needs your name and IBAN: give them under Settings, Payouts."
}

function debtorOf({ settings }: Pick<PayoutsDeps, "settings">, reader?: Reader): Debtor {
  const iban = readIban(settings.get(DEBTOR_IBAN, reader))
  const bic = readBic(settings.get(DEBTOR_BIC, reader), null)
  return {
    name: settings.get(DEBTOR_NAME, reader),
    iban: "problem" in iban ? "" : iban.iban,
    bic: "problem" in bic ? "" : (bic.bic ?? ""),
  }
}

/** @throws AppError conflict when nothing is approved that it could pay, or who pays is not said */
export function makeFileIn(
  deps: PayoutsDeps,
  tx: Tx,
  { format, actor }: { format: FileFormat; actor: string },
): PayoutFile {
  const problem = format === "pain" ? debtorProblem(deps, tx) : null
  if (problem !== null) throw new AppError("validation_failed", problem, { formErrors: { format: problem } })
  const ids = idsFor(tx, format)
  const none = "Nothing waits for such a file: what is approved is in one already, or goes another way."
  if (ids.length === 0) throw new AppError("validation_failed", none, { formErrors: { format: none } })
  const publicId = deps.ids.next("pyf")
  const fileId = insertFile(tx, { publicId, format, actor, debtor: JSON.stringify(debtorOf(deps, tx)) })
  putInFile(tx, fileId, ids)
  auditIn(tx, { action: "payout_file.created", subject: publicId, after: { format, payouts: ids.length } })
  return fileByPublicId(tx, publicId)!
}

const fileIn = (reader: Reader, publicId: string): PayoutFile => {
  const file = fileByPublicId(reader, publicId)
  ensure(file, "not_found", "There is no such file. They are listed under Payouts.")
  return file
}

/** It was not sent: what is not over goes back to the queue, and may go into another one. @throws AppError not_found, conflict */
export function withdrawFileIn(tx: Tx, publicId: string): void {
  const file = fileIn(tx, publicId)
  if (file.withdrawnMs !== null) return
  if (rowsOfFile(tx, file.id).some(({ state }) => state === "paid"))
    throw new AppError(
      "conflict",
      "Some of it is paid, so it was sent. Say of the others one by one what came of them.",
    )
  withdrawFile(tx, file.id)
  auditIn(tx, { action: "payout_file.withdrawn", subject: publicId })
}

/** All of it that is not over has left, under one reference. @returns how many @throws AppError not_found, conflict, validation_failed */
export function payFileIn(
  deps: PayoutsDeps,
  tx: Tx,
  { publicId, reference }: { publicId: string; reference: string },
): number {
  const file = fileIn(tx, publicId)
  if (file.withdrawnMs !== null) throw new AppError("conflict", "This file was taken back. Nothing was changed.")
  const open = rowsOfFile(tx, file.id).filter(({ state }) => state === "approved")
  for (const row of open) payIn(deps, tx, { publicId: row.publicId, reference })
  return open.length
}

export interface FileText {
  name: string
  /** A table for PayPal has no head. */
  kind: "xml" | "table" | "bare table"
  text: string
}

/** The file as it is sent. @throws AppError not_found, conflict; KeyringError */
export function textOf(deps: Pick<PayoutsDeps, "store" | "keyring">, publicId: string): FileText {
  const file = fileIn(deps.store.read, publicId)
  if (file.withdrawnMs !== null) throw new AppError("conflict", "This file was taken back, so that nobody sends it.")
  const transfers: Transfer[] = rowsOfFile(deps.store.read, file.id).map((row) => {
    if (row.sealed === null) throw new AppError("conflict", "Where this went is forgotten by now: the file is too old.")
    const to = openDestination(deps.keyring, row.methodPublicId, row.sealed)
    return { id: row.publicId, currency: row.currency, minor: row.paidMinor, to }
  })
  const name = `payouts-${new Date(file.createdMs).toISOString().slice(0, 10)}-${publicId.slice(-6).toLowerCase()}`
  if (file.format === "pain") return { name: `${name}.xml`, kind: "xml", text: painOf(file, transfers) }
  return file.format === "csv"
    ? { name: `${name}.csv`, kind: "table", text: csvOf(transfers) }
    : { name: `${name}.csv`, kind: "bare table", text: paypalOf(transfers) }
}

// The tax number of a payee: set, taken off, shown by its end; read whole by an admin, with a line in the audit log.
import { AppError, ensure, type UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { type SealedColumn, sealIn } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { PayoutsDeps } from "../deps.ts"
import { readTaxNumber, type TaxTyped } from "./rules.ts"
import * as rows from "./store.ts"
import type { TaxNumber } from "./types.ts"

export { TAX_KINDS, taxNumberName } from "./rules.ts"
export type * from "./types.ts"

const PURPOSE = "payout-tax-numbers"
const place = (publicId: string): string => `payout_tax_numbers:sealed:${publicId}`

export const SEALED_TAX_NUMBERS: SealedColumn = {
  what: "tax numbers of payees",
  table: "payout_tax_numbers",
  blob: "sealed",
  assign: "sealed = ?",
  purpose: PURPOSE,
  columns: ["public_id"],
  place,
}

export interface SetTaxNumber extends TaxTyped {
  userId: UserId
}

const shownOf = ({ country, kind, hint }: TaxNumber) => ({ country, kind, hint })

/** In place of the one before; the same again is no change. @throws AppError validation_failed (formErrors by field), forbidden, account_suspended */
export function setTaxNumberIn(deps: PayoutsDeps, tx: Tx, { userId, ...typed }: SetTaxNumber): void {
  deps.developers.requireDeveloperIn(tx, userId)
  const user = deps.identity.requireActiveIn(tx, userId)
  const read = readTaxNumber(typed)
  if ("errors" in read)
    throw new AppError("validation_failed", "Look at the marked fields again.", { formErrors: read.errors })
  const { country, kind } = typed
  const { number, hint } = read
  const before = rows.rowOf(tx, userId)
  const isSame = before?.country === country && before.kind === kind && before.hint === hint
  if (isSame && deps.keyring.open(PURPOSE, place(before.publicId), before.sealed) === number) return
  const publicId = deps.ids.next("ptx")
  rows.saveRow(tx, {
    ownerId: userId,
    publicId,
    country,
    kind,
    hint,
    sealed: sealIn(tx, deps.keyring, SEALED_TAX_NUMBERS, [publicId], number),
    setMs: tx.now,
  })
  auditIn(tx, {
    action: "payout_tax_number.set",
    subject: user.publicId,
    before: before && shownOf(before),
    after: { country, kind, hint },
  })
}

/** Twice is once. @throws AppError account_suspended */
export function removeTaxNumberIn(deps: PayoutsDeps, tx: Tx, userId: UserId): void {
  const user = deps.identity.requireActiveIn(tx, userId)
  const before = rows.rowOf(tx, userId)
  if (!before) return
  rows.deleteRow(tx, userId)
  auditIn(tx, { action: "payout_tax_number.removed", subject: user.publicId, before: shownOf(before) })
}

const NONE = "They gave no tax number."

/** Before an admin reads it: that they did is written down first. @throws AppError not_found */
export function noteTaxNumberReadIn(deps: PayoutsDeps, tx: Tx, userId: UserId): void {
  const row = rows.rowOf(tx, userId)
  ensure(row, "not_found", NONE)
  const subject = deps.identity.userById(userId)?.publicId ?? "nobody"
  auditIn(tx, { action: "payout_tax_number.read", subject, after: shownOf(row) })
}

/** All of it, for an admin. @throws AppError not_found */
export function openTaxNumber({ store, keyring }: PayoutsDeps, userId: UserId): string {
  const row = rows.rowOf(store.read, userId)
  ensure(row, "not_found", NONE)
  return keyring.open(PURPOSE, place(row.publicId), row.sealed)
}

/** The verbs, with what they work with. */
export function taxVerbs(deps: PayoutsDeps) {
  return {
    setTaxNumberIn: (tx: Tx, input: SetTaxNumber) => setTaxNumberIn(deps, tx, input),
    removeTaxNumberIn: (tx: Tx, userId: UserId) => removeTaxNumberIn(deps, tx, userId),
    noteTaxNumberReadIn: (tx: Tx, userId: UserId) => noteTaxNumberReadIn(deps, tx, userId),
    openTaxNumber: (userId: UserId) => openTaxNumber(deps, userId),
    taxNumberOf: (userId: UserId): TaxNumber | null => rows.taxNumberOf(deps.store.read, userId),
  }
}

// Documents of payees: sent, taken off, read, decided about. Sealed at rest; opened for their person and, with a line in the audit log, for an admin.
import { AppError, DAY_MS, ensure, nano, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import type { Bytes } from "../../http/index.ts"
import { type SealedColumn, sealIn, takeSteps } from "../../part/index.ts"
import type { Reader, Tx } from "../../store/index.ts"
import type { PayoutsDeps } from "../deps.ts"
import { PAYOUT_LIMITS as L } from "../limits.ts"
import { payoutCheckDecided } from "../mails.ts"
import { PROOF_ABOVE, TAX_YEARS } from "../settings.ts"
import { formatOf } from "./rules.ts"
import * as rows from "./store.ts"
import type { DocumentFormat, DocumentKind, PayoutDocument } from "./types.ts"

export { DOCUMENT_KINDS, MEDIA_TYPES } from "./rules.ts"
export { checkOf, checksWaiting, deleteEnded, documentsOf } from "./store.ts"
export type * from "./types.ts"

const PURPOSE = "payout-documents"
const place = (publicId: string): string => `payout_documents:sealed:${publicId}`

export const SEALED_DOCUMENTS: SealedColumn = {
  what: "documents of payees",
  table: "payout_documents",
  blob: "sealed",
  assign: "sealed = ?",
  purpose: PURPOSE,
  columns: ["public_id"],
  place,
}

export interface AddDocument {
  userId: UserId
  kind: DocumentKind
  file: Bytes | null
}

const wrongFile = (words: string) => new AppError("validation_failed", words, { formErrors: { file: words } })

/** An admin looks at them from then on; who was approved stays so. @throws AppError validation_failed, forbidden, account_suspended, conflict */
export function addDocumentIn(deps: PayoutsDeps, tx: Tx, { userId, kind, file }: AddDocument): PayoutDocument {
  deps.developers.requireDeveloperIn(tx, userId)
  const user = deps.identity.requireActiveIn(tx, userId)
  if (file === null || file.byteLength === 0) throw wrongFile("Choose a file.")
  if (file.byteLength > L.documentBytes)
    throw wrongFile(`Keep it within ${L.documentBytes / 1024 / 1024} MB. A smaller picture is readable too.`)
  const format = formatOf(file)
  if (format === null) throw wrongFile("This is no whole PDF, JPEG or PNG. Choose another file.")
  const known = rows.documentsOf(tx, userId)
  if (known.length >= L.documentsPerOwner)
    throw wrongFile(`There are ${L.documentsPerOwner} documents already. Take one off first.`)
  if (rows.bytesOfAll(tx) + file.byteLength > L.documentBytesOfAll)
    throw new AppError("conflict", "There is no room for documents now. Ask the people who run this service.")
  const ownerId = userId
  const publicId = deps.ids.next("pyd")
  const document = { publicId, ownerId, kind, format, bytes: file.byteLength, createdMs: tx.now }
  const sealed = sealIn(tx, deps.keyring, SEALED_DOCUMENTS, [publicId], Buffer.from(file).toString("base64"))
  const id = rows.insertDocument(tx, { ...document, sealed })
  if (rows.checkOf(tx, userId)?.state !== "approved")
    rows.saveCheck(tx, { ownerId, state: "pending", because: null, askedMs: tx.now, decidedMs: null })
  auditIn(tx, { action: "payout_document.added", subject: user.publicId, after: { document: publicId, kind, format } })
  return { id, ...document }
}

/** What was looked at stays: it is what the answer stands on. @throws AppError not_found, conflict */
export function removeDocumentIn(
  deps: PayoutsDeps,
  tx: Tx,
  { userId, publicId }: { userId: UserId; publicId: string },
) {
  const document = rows.documentByPublicId(tx, publicId)
  ensure(document && document.ownerId === userId, "not_found", "You have no such document.")
  const check = rows.checkOf(tx, userId)
  if (check?.state === "approved" && document.createdMs <= check.decidedMs!)
    throw new AppError("conflict", "This document was accepted, and stays. It goes with your account.")
  rows.deleteDocument(tx, document.id)
  if (check?.state === "pending" && rows.documentsOf(tx, userId).length === 0) rows.deleteCheck(tx, userId)
  const subject = deps.identity.userById(userId)?.publicId ?? "nobody"
  auditIn(tx, { action: "payout_document.removed", subject, before: { document: publicId, kind: document.kind } })
}

export interface DecideCheck {
  userId: UserId
  decision: "approved" | "refused"
  /** Its person reads it; only where it is refused. */
  because: string
}

/** What was approved can be refused later. @throws AppError not_found, conflict (nothing to look at), validation_failed (because) */
export function decideCheckIn(deps: PayoutsDeps, tx: Tx, { userId, decision, because }: DecideCheck): void {
  const user = deps.identity.userById(userId)
  ensure(user, "not_found", "There is no such user.")
  const before = rows.checkOf(tx, userId)
  if (!before || rows.documentsOf(tx, userId).length === 0)
    throw new AppError("conflict", "They sent no document. There is nothing to decide.")
  if (before.state === decision) throw new AppError("conflict", `They are ${decision} already. Nothing was changed.`)
  const words = because.trim()
  if (decision === "refused" && words === "") {
    const missing = "Say why: they read it."
    throw new AppError("validation_failed", missing, { formErrors: { because: missing } })
  }
  const said = decision === "refused" ? words.slice(0, L.becauseChars) : null
  rows.saveCheck(tx, { ...before, state: decision, because: said, decidedMs: tx.now })
  const after = { state: decision }
  auditIn(tx, { action: "payout_check.decided", subject: user.publicId, before: { state: before.state }, after })
  deps.mails.queueIn(tx, payoutCheckDecided, {
    to: user.email,
    data: { decision, because: said },
    uselessAfterMs: null,
  })
}

export interface OpenedDocument {
  document: PayoutDocument
  format: DocumentFormat
  bytes: Bytes
}

/** @param ownerId null: whosever it is, for an admin @throws AppError not_found */
export function openDocument(
  { store, keyring }: PayoutsDeps,
  ownerId: UserId | null,
  publicId: string,
): OpenedDocument {
  const row = rows.documentByPublicId(store.read, publicId)
  ensure(row && (ownerId === null || row.ownerId === ownerId), "not_found", "There is no such document.")
  const { sealed, endsMs: _, ...document } = row
  const bytes = new Uint8Array(Buffer.from(keyring.open(PURPOSE, place(publicId), sealed), "base64"))
  return { document, format: document.format, bytes }
}

/** Before an admin reads it: that they did is written down first. @throws AppError not_found */
export function noteReadIn(deps: PayoutsDeps, tx: Tx, publicId: string): void {
  const row = rows.documentByPublicId(tx, publicId)
  ensure(row, "not_found", "There is no such document.")
  const subject = deps.identity.userById(UserId(row.ownerId))?.publicId ?? "nobody"
  auditIn(tx, { action: "payout_document.read", subject, after: { document: publicId, kind: row.kind } })
}

/** Another person answers for a payee: what was accepted waits to be looked at again. */
export function reopenCheckIn(deps: Pick<PayoutsDeps, "identity">, tx: Tx, userId: UserId): void {
  const before = rows.checkOf(tx, userId)
  if (before?.state !== "approved") return
  rows.saveCheck(tx, { ...before, state: "pending", because: null, askedMs: tx.now, decidedMs: null })
  auditIn(tx, { action: "payout_check.reopened", subject: deps.identity.userById(userId)?.publicId ?? "nobody" })
}

type Counted = Pick<PayoutsDeps, "settings" | "circleOf">

/** What was asked for this UTC year, by a payee and by others of the same person, without those whose documents were accepted. */
const askedOf = ({ circleOf }: Counted, reader: Reader, ownerId: number, nowMs: number): number =>
  circleOf(reader, UserId(ownerId))
    .filter((id) => rows.checkOf(reader, id)?.state !== "approved")
    .reduce((sum, id) => sum + rows.askedSince(reader, id, yearOf(nowMs)), 0)

/** Whether somebody has to have looked at this person first. @param moreNano what they ask for now, beside what they asked for this UTC year */
export function needsProof(deps: Counted, tx: Tx, ownerId: number, moreNano: number): boolean {
  const above = deps.settings.get(PROOF_ABOVE, tx)
  if (above === null || rows.checkOf(tx, ownerId)?.state === "approved") return false
  return askedOf(deps, tx, ownerId, tx.now) + moreNano > above
}

/** What may be asked for this year before somebody has looked; null = all. */
export function roomBeforeProof(deps: Counted, reader: Reader, ownerId: number, nowMs: number) {
  const above = deps.settings.get(PROOF_ABOVE)
  if (above === null || rows.checkOf(reader, ownerId)?.state === "approved") return null
  return nano(Math.max(0, above - askedOf(deps, reader, ownerId, nowMs)))
}

const yearOf = (ms: number): number => Date.UTC(new Date(ms).getUTCFullYear(), 0, 1)

/** With the account: all but the tax documents of somebody who was paid, which the law wants kept. A slice. */
export function eraseDocumentsIn(
  { settings }: Pick<PayoutsDeps, "settings">,
  tx: Tx,
  ownerId: number,
  max: number,
): number {
  const years = settings.get(TAX_YEARS, tx)
  const keepsTax = years > 0 && rows.wasPaid(tx, ownerId)
  return takeSteps(max, [
    (left) => rows.deleteDocumentsOf(tx, ownerId, keepsTax, left),
    () => rows.endDocumentsOf(tx, ownerId, tx.now + years * YEAR_DAYS * DAY_MS),
    () => rows.deleteCheck(tx, ownerId),
  ])
}
const YEAR_DAYS = 366

// Documents of payees: what is taken, by its bytes; sealed; read by their person and, in the log, by an admin; large sums wait for somebody who
// looked; what the law wants kept stays when the account goes.
import { expect, test } from "bun:test"
import { DAY_MS, nano } from "../app/index.ts"
import { deleteEnded, SEALED_DOCUMENTS } from "./documents/index.ts"
import { formatOf } from "./documents/rules.ts"
import { PAYOUT_LIMITS, PROOF_ABOVE, TAX_YEARS } from "./index.ts"
import { DEV, OTHER, openPayouts, refused } from "./testing.ts"

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"))
const PDF = bytes("%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n")
const PNG = bytes("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0....\0\0\0\0IEND\xae\x42\x60\x82")
const JPEG = bytes("\xff\xd8\xff\xe0\0\x10JFIF\0pixels\xff\xd9")
const USD = 1_000_000_000

test("a document is a whole PDF, JPEG or PNG, by its bytes alone", () => {
  expect([PDF, JPEG, PNG].map(formatOf)).toEqual(["pdf", "jpeg", "png"])
  const wrong = {
    nothing: "",
    text: "I am Ada",
    html: "<html><script>alert(1)</script>",
    svg: "<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
    gif: "GIF89a;",
    zip: "PK\x03\x04",
    exe: "MZ\x90\0",
    "a head alone": "%PDF-1.7",
    "a PDF that breaks off": "%PDF-1.7\n1 0 obj <<",
    "a PDF behind a page": `<html>%PDF-1.7${"x".repeat(50)}%%EOF`,
    "a JPEG that breaks off": "\xff\xd8\xff\xe0\0\x10JFIF\0pix",
    "a PNG that breaks off": "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0",
    "a PNG without its head": "\x89PNG\r\n\x1a\n\0\0\0\x0dtEXt....IEND\xae\x42\x60\x82",
    "a PNG with something behind it": `${Buffer.from(PNG).toString("latin1")}<script>`,
  }
  expect(Object.entries(wrong).filter(([, text]) => formatOf(bytes(text)) !== null)).toEqual([])
})

test("sent, sealed, read by their person alone, and by an admin with a line in the log", async () => {
  const { payouts, write, store, mails, close } = await openPayouts()
  const add = (file: Uint8Array<ArrayBuffer> | null, of = DEV) =>
    write((tx) => payouts.addDocumentIn(tx, { userId: of, kind: "identity", file }))
  const made = await add(PDF)
  expect(payouts.checkOf(DEV)).toMatchObject({ state: "pending", decidedMs: null })
  expect(payouts.documentsOf(DEV)).toEqual([made])
  expect(payouts.documentsOf(OTHER)).toEqual([])
  const row = store.read.get<{ sealed: string }>("SELECT sealed FROM payout_documents")!
  expect(row.sealed).not.toContain("PDF")
  expect(SEALED_DOCUMENTS.place(made.publicId)).toContain(made.publicId)
  expect(payouts.openDocument(DEV, made.publicId)).toMatchObject({ format: "pdf", bytes: PDF })
  expect(() => payouts.openDocument(OTHER, made.publicId)).toThrow("There is no such document.")
  expect(await refused(write((tx) => payouts.removeDocumentIn(tx, { userId: OTHER, publicId: made.publicId })))).toBe(
    "not_found",
  )
  expect(await refused(write((tx) => payouts.noteReadIn(tx, "pyd_none")))).toBe("not_found")
  await write((tx) => payouts.noteReadIn(tx, made.publicId))
  const log = store.read.all<{ action: string }>("SELECT action FROM audit_log ORDER BY id")
  expect(log.map(({ action }) => action)).toEqual(["payout_document.added", "payout_document.read"])

  for (const file of [null, bytes(""), bytes("<svg/>"), new Uint8Array(PAYOUT_LIMITS.documentBytes + 1)])
    expect(await refused(add(file))).toBe("validation_failed")
  for (let n = 1; n < PAYOUT_LIMITS.documentsPerOwner; n++) await add(n % 2 ? JPEG : PNG)
  expect(await refused(add(PDF))).toBe("validation_failed")
  // Of all people together there is an end as well.
  await write((tx) =>
    tx.run("UPDATE payout_documents SET bytes = ? WHERE id = ?", PAYOUT_LIMITS.documentBytesOfAll, made.id),
  )
  expect(await refused(add(PDF, OTHER))).toBe("conflict")
  expect(mails).toEqual([])
  await close()
})

test("pending, refused with a reason, pending again, approved; what was accepted stays, and approval can be taken back", async () => {
  const { payouts, write, mails, clock, close } = await openPayouts()
  const add = () => write((tx) => payouts.addDocumentIn(tx, { userId: DEV, kind: "identity", file: PDF }))
  const decide = (decision: "approved" | "refused", because = "") =>
    write((tx) => payouts.decideCheckIn(tx, { userId: DEV, decision, because }))
  const state = () => payouts.checkOf(DEV)?.state
  expect(await refused(decide("approved"))).toBe("conflict")
  const first = await add()
  expect(payouts.checksWaiting().map(({ ownerId }) => Number(ownerId))).toEqual([DEV])
  expect(await refused(decide("refused", "  "))).toBe("validation_failed")
  await decide("refused", "Too dark")
  expect([state(), payouts.checkOf(DEV)!.because, payouts.checksWaiting()]).toEqual(["refused", "Too dark", []])
  await write((tx) => payouts.removeDocumentIn(tx, { userId: DEV, publicId: first.publicId }))
  clock.advance(1_000)
  const second = await add()
  expect([state(), payouts.checkOf(DEV)!.because]).toEqual(["pending", null])
  await decide("approved")
  expect(await refused(decide("approved"))).toBe("conflict")
  expect(await refused(write((tx) => payouts.removeDocumentIn(tx, { userId: DEV, publicId: second.publicId })))).toBe(
    "conflict",
  )
  clock.advance(1_000)
  const third = await add()
  expect(state()).toBe("approved")
  await write((tx) => payouts.removeDocumentIn(tx, { userId: DEV, publicId: third.publicId }))
  await decide("refused", "It was somebody else’s")
  expect(state()).toBe("refused")
  expect(mails.map(({ kind, data }) => [kind, data.decision])).toEqual([
    ["payout_check", "refused"],
    ["payout_check", "approved"],
    ["payout_check", "refused"],
  ])
  // Nothing to look at: nothing waits.
  await write((tx) => payouts.removeDocumentIn(tx, { userId: DEV, publicId: second.publicId }))
  const alone = await add()
  await write((tx) => payouts.removeDocumentIn(tx, { userId: DEV, publicId: alone.publicId }))
  expect(state()).toBeUndefined()
  await close()
})

test("more than so much in a year waits for somebody who looked, also in pieces, and is not approved after a refusal", async () => {
  const { payouts, write, settings, ready, ask, clock, figures, healthy, close } = await openPayouts()
  await ready(200 * USD)
  await write((tx) => settings.setIn(tx, PROOF_ABOVE, { value: nano(50 * USD) }))
  expect(payouts.roomBeforeProof(DEV)).toBe(nano(50 * USD))
  const first = await ask(30 * USD, "a")
  expect(payouts.roomBeforeProof(DEV)).toBe(nano(20 * USD))
  // In pieces it is as much.
  expect(await refused(ask(21 * USD, "b"))).toBe("validation_failed")
  expect(await refused(ask(null, "c"))).toBe("validation_failed")
  const second = await ask(20 * USD, "d")
  // What came back counts no more.
  await write((tx) => payouts.withdrawIn(tx, { userId: DEV, publicId: second.publicId }))
  expect(payouts.roomBeforeProof(DEV)).toBe(nano(20 * USD))
  await write((tx) => payouts.addDocumentIn(tx, { userId: DEV, kind: "identity", file: PDF }))
  expect(await refused(ask(40 * USD, "e"))).toBe("validation_failed")
  const decide = (decision: "approved" | "refused") =>
    write((tx) => payouts.decideCheckIn(tx, { userId: DEV, decision, because: "x" }))
  await decide("approved")
  expect(payouts.roomBeforeProof(DEV)).toBeNull()
  const large = await ask(40 * USD, "f")
  await decide("refused")
  expect(await refused(write((tx) => payouts.approveIn(tx, large.publicId)))).toBe("conflict")
  expect(await refused(write((tx) => payouts.approveIn(tx, first.publicId)))).toBe("conflict")
  await decide("approved")
  await write((tx) => payouts.approveIn(tx, large.publicId))
  await decide("refused")
  // Another year begins anew, and a sum that is none asks for nothing.
  clock.advance(60 * DAY_MS)
  await ask(30 * USD, "g")
  await write((tx) => settings.setIn(tx, PROOF_ABOVE, { value: null }))
  await write((tx) => payouts.rejectIn(tx, { publicId: first.publicId, because: "x" }))
  await ask(100 * USD, "h")
  healthy()
  expect(figures()[0]).toBe(30 * USD)
  await close()
})

test("documents go with the account; tax documents of somebody who was paid stay for the law's years, then go", async () => {
  const { payouts, write, settings, ready, ask, store, clock, close } = await openPayouts()
  await ready(100 * USD)
  const { publicId } = await ask(20 * USD, "a")
  await write((tx) => payouts.approveIn(tx, publicId))
  await write((tx) => payouts.payIn(tx, { publicId, reference: "R1" }))
  for (const userId of [DEV, OTHER])
    for (const kind of ["identity", "tax", "company"] as const)
      await write((tx) => payouts.addDocumentIn(tx, { userId, kind, file: PDF }))
  const left = () =>
    store.read
      .all<{ of: number; kind: string }>("SELECT owner_id AS of, kind FROM payout_documents ORDER BY id")
      .map(({ of, kind }) => `${of} ${kind}`)
  const slices: number[] = []
  for (const of of [DEV, OTHER])
    do await write((tx) => void slices.push(payouts.eraseDocumentsIn(tx, of, 2)))
    while (slices.at(-1) !== 0)
  expect([left(), Math.max(...slices)]).toEqual([[`${DEV} tax`], 2])
  expect(store.read.all("SELECT * FROM payout_checks")).toEqual([])
  clock.advance(settings.get(TAX_YEARS) * 365 * DAY_MS)
  expect(await write((tx) => deleteEnded(tx, 10))).toBe(0)
  clock.advance(20 * DAY_MS)
  expect(await write((tx) => deleteEnded(tx, 10))).toBe(1)
  expect(left()).toEqual([])
  await close()
})

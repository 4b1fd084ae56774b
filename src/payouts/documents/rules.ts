// What a document is, by its bytes alone: a name and a type that a sender gives are never believed. Nothing of it is parsed or shown here; whoever
// opens it gets a file.
import type { DocumentFormat, DocumentKind } from "./types.ts"

export const DOCUMENT_KINDS: Readonly<Record<DocumentKind, string>> = {
  identity: "Passport, identity card or driving licence",
  address: "Proof of address",
  company: "Register of companies",
  tax: "Tax form or certificate",
}

/** As it is sent out: never as something that a page would open. */
export const MEDIA_TYPES: Readonly<Record<DocumentFormat, string>> = {
  pdf: "application/pdf",
  jpeg: "image/jpeg",
  png: "image/png",
}

const PNG_HEAD = "\x89PNG\r\n\x1a\n"
const PNG_END = "IEND\xae\x42\x60\x82"
const JPEG_END = Buffer.from([0xff, 0xd9])
/** Readers of PDF look for its head in so many bytes, and for its end in as many (ISO 32000-1, annex H, notes 13 and 18). */
const PDF_EDGE = 1_024

/** Null: it is none that is taken. A file that breaks off is none either. */
export function formatOf(bytes: Uint8Array): DocumentFormat | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (from: number, to: number) => buffer.toString("latin1", from, to)
  const end = (size: number) => text(Math.max(0, buffer.length - size), buffer.length)
  if (/^%PDF-[12]\.\d/.test(text(0, 8))) return end(PDF_EDGE).includes("%%EOF") ? "pdf" : null
  if (text(0, 3) === "\xff\xd8\xff") return buffer.lastIndexOf(JPEG_END) > 2 ? "jpeg" : null
  if (text(0, 8) === PNG_HEAD && text(12, 16) === "IHDR") return end(8) === PNG_END ? "png" : null
  return null
}

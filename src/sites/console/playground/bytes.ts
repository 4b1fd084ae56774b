// What files are by their first bytes: what a browser says of a file is not believed. Pure.
import type { Bytes } from "../../../http/index.ts"

const headOf = (bytes: Bytes): string => Buffer.from(bytes.subarray(0, 16)).toString("latin1")

/** The media type of a picture that models take; null: it is none. */
export function pictureType(bytes: Bytes): string | null {
  const head = headOf(bytes)
  if (head.startsWith("\x89PNG")) return "image/png"
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg"
  if (head.startsWith("GIF8")) return "image/gif"
  return head.startsWith("RIFF") && head.slice(8, 12) === "WEBP" ? "image/webp" : null
}

/** How a recording's name ends: providers read its kind there; null: it is none that they take. */
export function soundEnding(bytes: Bytes): string | null {
  const head = headOf(bytes)
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WAVE") return "wav"
  if (head.startsWith("ID3") || /^\xff[\xe2-\xff]/.test(head)) return "mp3"
  if (head.startsWith("OggS")) return "ogg"
  if (head.startsWith("fLaC")) return "flac"
  if (head.slice(4, 8) === "ftyp") return "m4a"
  return head.startsWith("\x1a\x45\xdf\xa3") ? "webm" : null
}

export const dataUrl = (type: string, bytes: Uint8Array): string =>
  `data:${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64")}`

/** What stands for a file of the reader's in code. */
export const PICTURE_HERE = "data:image/png;base64,YOUR_PICTURE"

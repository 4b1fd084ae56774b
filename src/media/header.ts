// What a file says of itself, read before anything is decoded: type by signature, size by header, and what would take endless work.
// Never by name or content type. Sources: ITU T.81 (JPEG) annex B, PNG (third edition) §5, RFC 9649 (WebP), GIF89a.
import { AppError } from "../app/index.ts"
import { MEDIA_LIMITS } from "./rules.ts"

export type SourceType = "jpeg" | "png" | "webp" | "gif"

export interface Header {
  type: SourceType
  /** As stored; a JPEG may say that it is to be turned. */
  width: number
  height: number
}

const refuse = (words: string): never => {
  throw new AppError("validation_failed", words, { formErrors: { picture: words } })
}
const OTHER = "Choose a JPEG, PNG, WebP or GIF picture."
const BROKEN = "This picture is damaged. Choose another one."
const ANIMATED = "This picture moves. Choose one that stands still."

/**
 * Type and size of a picture that may be decoded.
 * @throws AppError validation_failed, with the words under `picture`
 */
export function readHeader(bytes: Uint8Array): Header {
  if (bytes.length === 0) return refuse("Choose a picture.")
  if (bytes.length > MEDIA_LIMITS.bytesMax)
    return refuse(`This picture is larger than ${MEDIA_LIMITS.bytesMax / 1024 / 1024} MB. Choose a smaller one.`)
  const header = headerOf(bytes)
  const { width, height } = header
  const { sideMin, sideMax, pixelsMax } = MEDIA_LIMITS
  if (width < sideMin || height < sideMin)
    return refuse(`This picture is too small. It needs at least ${sideMin} × ${sideMin} pixels.`)
  if (width > sideMax || height > sideMax || width * height > pixelsMax)
    return refuse(`This picture has too many pixels (${width} × ${height}). Choose one of at most 6000 × 4000.`)
  return header
}

export type PictureSize = Pick<Header, "width" | "height">

/**
 * Its size as far as the beginning of a file says it, for estimates: nothing is promised about the rest.
 * @returns null when it is no picture, or says it later
 */
export function sizeIn(beginning: Uint8Array): PictureSize | null {
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength)
  const read = READERS.find(([signature]) =>
    signature.every((byte, at) => byte === null || beginning[at] === byte),
  )?.[1]
  try {
    if (read === jpeg) return firstFrame(view)
    if (read === webp) return webpSize(view)
    return read?.(view) ?? null
  } catch {
    return null
  }
}

const READERS: readonly (readonly [signature: readonly (number | null)[], read: (bytes: DataView) => Header])[] = [
  [[0xff, 0xd8, 0xff], jpeg],
  [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], png],
  [[0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50], webp],
  [[0x47, 0x49, 0x46, 0x38, 0x39, 0x61], gif],
  [[0x47, 0x49, 0x46, 0x38, 0x37, 0x61], gif],
]

function headerOf(bytes: Uint8Array): Header {
  const reader = READERS.find(([signature]) => signature.every((byte, at) => byte === null || bytes[at] === byte))
  if (!reader) return refuse(OTHER)
  try {
    return reader[1](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  } catch (error) {
    // A field beyond the end.
    if (error instanceof RangeError) return refuse(BROKEN)
    throw error
  }
}

/** Of a JPEG, walked no further than its first frame. */
function firstFrame(view: DataView): PictureSize | null {
  for (let at = 2, parts = 0; parts <= MEDIA_LIMITS.partsMax; parts++) {
    const marker = view.getUint8(at + 1)
    if (isFrame(marker)) return frameSize(view, at)
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2)
  }
  return null
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const frameSize = (view: DataView, at: number): PictureSize => ({
  height: view.getUint16(at + 5),
  width: view.getUint16(at + 7),
})

/** Walks marker by marker to the end of the picture: the frame gives its size, scans are counted. */
function jpeg(view: DataView): Header {
  let size: PictureSize | null = null
  let scans = 0
  let at = 2
  for (let parts = 0; at + 4 <= view.byteLength; parts++) {
    if (parts > MEDIA_LIMITS.partsMax) return refuse(BROKEN)
    if (view.getUint8(at) !== 0xff) return refuse(BROKEN)
    const marker = view.getUint8(at + 1)
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at++
      continue
    }
    if (marker === 0xd9) break
    if (isFrame(marker)) {
      // Two frames would be two sizes: which of them the decoder takes is nobody's to guess.
      if (size) return refuse(BROKEN)
      size = frameSize(view, at)
    }
    if (marker === 0xda && ++scans > MEDIA_LIMITS.scansMax) return refuse(BROKEN)
    at += 2 + view.getUint16(at + 2)
    if (marker === 0xda) at = afterScan(view, at)
  }
  if (!size || scans === 0) return refuse(BROKEN)
  return { type: "jpeg", ...size }
}

/** Compressed data ends at a marker that is neither a stuffed byte nor a restart. */
function afterScan(view: DataView, start: number): number {
  for (let at = start; at + 1 < view.byteLength; at++) {
    if (view.getUint8(at) !== 0xff) continue
    const next = view.getUint8(at + 1)
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at
  }
  return view.byteLength
}

/** Of one that moves (APNG) decoders take the first picture. */
function png(view: DataView): Header {
  if (view.getUint32(8) !== 13 || tag(view, 12) !== "IHDR") return refuse(BROKEN)
  return { type: "png", width: view.getUint32(16), height: view.getUint32(20) }
}

function webp(view: DataView): Header {
  if (view.getUint32(4, true) + 8 > view.byteLength + 1) return refuse(BROKEN)
  return webpSize(view)
}

function webpSize(view: DataView): Header {
  const first = tag(view, 12)
  const size24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536 + 1
  if (first === "VP8X") {
    if (view.getUint8(20) & 2) return refuse(ANIMATED)
    return { type: "webp", width: size24(24), height: size24(27) }
  }
  if (first === "VP8L" && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true)
    return { type: "webp", width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  if (first === "VP8 " && view.getUint8(23) === 0x9d && view.getUint8(24) === 0x01 && view.getUint8(25) === 0x2a)
    return { type: "webp", width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff }
  return refuse(BROKEN)
}

/** The screen; a frame lies inside it. */
function gif(view: DataView): Header {
  return { type: "gif", width: view.getUint16(6, true), height: view.getUint16(8, true) }
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3))
}

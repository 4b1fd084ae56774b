// Pixels between the platform's decoder and its encoder: read from the PNG it makes, cut, and handed back in a PNG that holds nothing else.
// Whatever a file carried beside its pixels (EXIF, XMP, ICC profile, texts, trailing bytes) has no way through here.
import { deflateSync, inflateSync } from "node:zlib"
import { invariant } from "../app/index.ts"
import type { Box } from "./rules.ts"

/** RGBA, 8 bits each. */
export interface Pixels {
  width: number
  height: number
  bytes: Uint8Array
}

const CHANNELS = 4
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

/** The PNG that `Bun.Image` makes: RGBA, 8 bits, not interlaced. Never one that a stranger made. */
export function readPng(png: Uint8Array): Pixels {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const width = view.getUint32(16)
  const height = view.getUint32(20)
  const isOurs = view.getUint8(24) === 8 && view.getUint8(25) === 6 && view.getUint8(28) === 0
  invariant(isOurs, "the platform makes PNGs of RGBA with 8 bits")
  const parts: Uint8Array[] = []
  for (let at = SIGNATURE.length; at + 12 <= png.length; ) {
    const length = view.getUint32(at)
    if (nameAt(png, at + 4) === "IDAT") parts.push(png.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  const stride = width * CHANNELS
  const lines = inflateSync(Buffer.concat(parts), { maxOutputLength: (stride + 1) * height })
  const bytes = new Uint8Array(stride * height)
  for (let row = 0; row < height; row++) unfilter(lines, row * (stride + 1), bytes, row * stride, stride)
  return { width, height, bytes }
}

const nameAt = (png: Uint8Array, at: number): string => String.fromCharCode(...png.subarray(at, at + 4))

/** One line, PNG §9. */
function unfilter(lines: Uint8Array, from: number, out: Uint8Array, to: number, stride: number): void {
  const filter = lines[from]!
  for (let at = 0; at < stride; at++) {
    const left = at < CHANNELS ? 0 : out[to + at - CHANNELS]!
    const up = to === 0 ? 0 : out[to + at - stride]!
    const corner = at < CHANNELS || to === 0 ? 0 : out[to + at - stride - CHANNELS]!
    out[to + at] = lines[from + 1 + at]! + predicted(filter, left, up, corner)
  }
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0
  if (filter === 1) return left
  if (filter === 2) return up
  if (filter === 3) return (left + up) >> 1
  const guess = left + up - corner
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** The part of a picture inside the box, which lies within it. */
export function cut({ width, bytes }: Pixels, box: Box): Pixels {
  const stride = box.width * CHANNELS
  const part = new Uint8Array(stride * box.height)
  for (let row = 0; row < box.height; row++) {
    const from = ((box.y + row) * width + box.x) * CHANNELS
    part.set(bytes.subarray(from, from + stride), row * stride)
  }
  return { width: box.width, height: box.height, bytes: part }
}

/** A PNG of nothing but these pixels; by default quick to make and to read rather than small. */
export function writePng({ width, height, bytes }: Pixels, level = 0): Uint8Array {
  const stride = width * CHANNELS
  const lines = new Uint8Array((stride + 1) * height)
  for (let row = 0; row < height; row++)
    lines.set(bytes.subarray(row * stride, (row + 1) * stride), row * (stride + 1) + 1)
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  head.set([8, 6], 8)
  return Buffer.concat([
    new Uint8Array(SIGNATURE),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(lines, { level })),
    chunk("IEND", new Uint8Array()),
  ])
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(Buffer.from(name, "latin1"), 4)
  bytes.set(data, 8)
  view.setUint32(8 + data.length, Bun.hash.crc32(bytes.subarray(4, 8 + data.length)))
  return bytes
}

// Pictures for tests, made and spoiled by hand: metadata in every format, lies in headers, files that are two things at once.
import { deflateSync } from "node:zlib"
import { writePng } from "./raw.ts"

const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"))
const join = (...parts: (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.concat(parts.map((part) => Uint8Array.from(part))))

/** Words that must be nowhere afterwards. */
export const SECRET = "GPS-51.5074N-0.1278W-secret"

/** Left half red, right half blue, the upper quarter green: a crop and a turn show in it. */
export function pixels(width: number, height: number, alpha = 255) {
  const rgba = new Uint8Array(width * height * 4)
  for (let at = 0; at < width * height; at++) {
    const isUpper = Math.floor(at / width) < height / 4
    const isLeft = at % width < width / 2
    rgba.set(isUpper ? [0, 200, 0, alpha] : isLeft ? [200, 0, 0, alpha] : [0, 0, 200, alpha], at * 4)
  }
  return { width, height, bytes: rgba }
}

export const pngOf = (width: number, height: number, alpha = 255): Uint8Array => writePng(pixels(width, height, alpha))

export const jpegOf = (width: number, height: number, progressive = false): Promise<Uint8Array> =>
  new Bun.Image(pngOf(width, height)).jpeg({ quality: 90, progressive }).bytes()

export const webpOf = (width: number, height: number): Promise<Uint8Array> =>
  new Bun.Image(pngOf(width, height)).webp({ quality: 90 }).bytes()

/** One pixel of one colour, repeated: a GIF of `frames` pictures. */
export function gifOf(width: number, height: number, frames = 1): Uint8Array {
  const size = [width & 255, width >> 8, height & 255, height >> 8]
  const clear = [0x04, 0x01]
  const frame = [0x2c, 0, 0, 0, 0, ...size, 0, 2, clear.length, ...clear, 0]
  const head = [...bytes("GIF89a"), ...size, 0x80, 0, 0, 250, 10, 10, 10, 10, 250]
  return join(head, ...Array.from({ length: frames }, () => frame), [0x3b])
}

/** EXIF with an orientation, and the secret where a place would stand. */
function exif(orientation: number): Uint8Array {
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]
  const place = [0x88, 0x25, 0, 2, 0, 0, 0, SECRET.length, 0, 0, 0, 38]
  return join(bytes("MM\0*"), [0, 0, 0, 8, 0, 2], entry, place, [0, 0, 0, 0], bytes(SECRET))
}

/** A colour profile that says the secret: read by nobody, kept by many. */
function profile(): Uint8Array {
  const icc = new Uint8Array(160)
  new DataView(icc.buffer).setUint32(0, icc.length)
  icc.set(bytes("lcms\x04\x30\0\0mntrRGB XYZ "), 4)
  icc.set(bytes("acsp"), 36)
  icc.set(bytes(SECRET), 128)
  return icc
}

/** A JPEG with EXIF (turned), XMP, a profile, a comment, and bytes behind its end. */
export async function tellingJpeg(width: number, height: number, orientation = 1): Promise<Uint8Array> {
  const plain = await jpegOf(width, height)
  const segment = (marker: number, data: Uint8Array) =>
    join([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 255], data)
  return join(
    plain.subarray(0, 2),
    segment(0xe1, join(bytes("Exif\0\0"), exif(orientation))),
    segment(0xe1, bytes(`http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>${SECRET}</x:xmpmeta>`)),
    segment(0xe2, join(bytes("ICC_PROFILE\0\x01\x01"), profile())),
    segment(0xfe, bytes(SECRET)),
    plain.subarray(2),
    bytes(`<script>${SECRET}</script>`),
  )
}

export function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = join(bytes(name), data)
  const [length, crc] = [new DataView(new ArrayBuffer(4)), new DataView(new ArrayBuffer(4))]
  length.setUint32(0, data.length)
  crc.setUint32(0, Bun.hash.crc32(body))
  return join(new Uint8Array(length.buffer), body, new Uint8Array(crc.buffer))
}

/** A PNG with these chunks behind its head. */
export function pngWith(png: Uint8Array, ...chunks: Uint8Array[]): Uint8Array<ArrayBuffer> {
  return join(png.subarray(0, 33), ...chunks, png.subarray(33))
}

/** A PNG that tells in every way a PNG can. */
export const tellingPng = (width: number, height: number): Uint8Array =>
  join(
    pngWith(
      pngOf(width, height),
      chunk("iCCP", join(bytes("p\0\0"), deflateSync(profile()))),
      chunk("tEXt", bytes(`Comment\0${SECRET}`)),
      chunk("zTXt", join(bytes("Author\0\0"), deflateSync(bytes(SECRET)))),
      chunk("iTXt", bytes(`XML:com.adobe.xmp\0\0\0\0\0<x>${SECRET}</x>`)),
      chunk("eXIf", exif(1)),
    ),
    bytes(SECRET),
  )

/** An extended WebP with profile, EXIF and XMP around the picture of a plain one. */
export async function tellingWebp(width: number, height: number): Promise<Uint8Array> {
  const plain = await webpOf(width, height)
  const part = (name: string, data: Uint8Array) => {
    const length = new DataView(new ArrayBuffer(4))
    length.setUint32(0, data.length, true)
    return join(bytes(name), new Uint8Array(length.buffer), data, data.length % 2 ? [0] : [])
  }
  const size = (side: number) => [(side - 1) & 255, ((side - 1) >> 8) & 255, (side - 1) >> 16]
  const head = part("VP8X", join([0x2c, 0, 0, 0], size(width), size(height)))
  const rest = join(part("EXIF", exif(1)), part("XMP ", bytes(`<x>${SECRET}</x>`)))
  const riff = join(bytes("WEBP"), head, part("ICCP", profile()), plain.subarray(12), rest)
  return part("RIFF", riff)
}

/** The last scan of a progressive JPEG, which may be tiny, so many times more. */
export async function scanBomb(width: number, height: number, scans: number): Promise<Uint8Array> {
  const plain = Buffer.from(await jpegOf(width, height, true))
  const last = plain.subarray(plain.lastIndexOf(Buffer.from([0xff, 0xda])), plain.length - 2)
  return join(plain.subarray(0, -2), ...Array.from({ length: scans }, () => last), [0xff, 0xd9])
}

/** The same picture with another size in its head. */
export function lyingPng(width: number, height: number): Uint8Array {
  const head = new DataView(new ArrayBuffer(13))
  head.setUint32(0, width)
  head.setUint32(4, height)
  head.setUint32(8, 0x0806_0000)
  const png = pngOf(32, 32)
  return join(png.subarray(0, 8), chunk("IHDR", new Uint8Array(head.buffer)), png.subarray(33))
}

/** Colour of one pixel of a served picture, by fractions of its sides. */
export async function colourAt(picture: Uint8Array, x: number, y: number): Promise<"red" | "green" | "blue" | "other"> {
  const { readPng } = await import("./raw.ts")
  const { width, height, bytes: rgba } = readPng(await new Bun.Image(picture).png().bytes())
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4
  const [red = 0, green = 0, blue = 0] = rgba.subarray(at, at + 3)
  if (red > 120 && green < 90 && blue < 90) return "red"
  if (green > 120 && red < 90 && blue < 90) return "green"
  return blue > 120 && red < 90 && green < 90 ? "blue" : "other"
}

// What a file says of itself: bombs, lies and everything that is no picture are refused before any decoder sees them.
import { expect, test } from "bun:test"
import { AppError } from "../app/index.ts"
import { readHeader } from "./header.ts"
import { MEDIA_LIMITS } from "./rules.ts"
import { gifOf, jpegOf, lyingPng, pngOf, scanBomb, tellingJpeg, tellingPng, tellingWebp, webpOf } from "./testing.ts"

const text = (words: string): Uint8Array => new TextEncoder().encode(words)

function refusalOf(bytes: Uint8Array): string | undefined {
  try {
    readHeader(bytes)
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.extra.formErrors?.picture
  }
}

test("type and size are read from the bytes", async () => {
  expect(readHeader(await jpegOf(40, 30))).toEqual({ type: "jpeg", width: 40, height: 30 })
  expect(readHeader(await jpegOf(40, 30, true))).toEqual({ type: "jpeg", width: 40, height: 30 })
  expect(readHeader(pngOf(300, 20))).toEqual({ type: "png", width: 300, height: 20 })
  expect(readHeader(await webpOf(33, 44))).toEqual({ type: "webp", width: 33, height: 44 })
  expect(readHeader(gifOf(50, 60, 3))).toEqual({ type: "gif", width: 50, height: 60 })
  expect(readHeader(await new Bun.Image(pngOf(33, 44)).webp({ lossless: true }).bytes())).toMatchObject({ width: 33 })
  expect(readHeader(await tellingJpeg(40, 30))).toMatchObject({ width: 40, height: 30 })
  expect(readHeader(tellingPng(40, 30))).toMatchObject({ width: 40, height: 30 })
  expect(readHeader(await tellingWebp(70, 30))).toMatchObject({ width: 70, height: 30 })
})

test("what is no picture that we take is refused in plain words, whatever it begins with", () => {
  const others = {
    svg: text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
    svgWithHead: text('<?xml version="1.0"?><svg/>'),
    html: text("<!doctype html><script>alert(1)</script>"),
    pdf: text("%PDF-1.7 \n"),
    zip: Uint8Array.from([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0, 0, 0]),
    bmp: text("BM000000000000000000000000000000"),
    tiff: Uint8Array.from([0x49, 0x49, 42, 0, 8, 0, 0, 0]),
    avif: text("\0\0\0\x20ftypavif\0\0\0\0"),
    ico: Uint8Array.from([0, 0, 1, 0, 1, 0, 16, 16]),
    riffThatIsSound: text("RIFF\x24\0\0\0WAVEfmt "),
    shifted: Uint8Array.from([0, ...pngOf(32, 32)]),
    words: text("GIF8"),
  }
  for (const [name, bytes] of Object.entries(others))
    expect([name, refusalOf(bytes)]).toEqual([name, "Choose a JPEG, PNG, WebP or GIF picture."])
  expect(refusalOf(new Uint8Array())).toBe("Choose a picture.")
})

test("sizes that would take all memory are refused by the header alone", () => {
  const sizes: [number, number][] = [
    [100_000, 100_000],
    [0x7fff_ffff, 1],
    [24_000_001, 1],
    [1, 39_000_000],
    [12_001, 20],
    [5_000, 5_000],
    [0xffff_ffff, 0xffff_ffff],
  ]
  for (const [width, height] of sizes) {
    const words = refusalOf(lyingPng(width, height))
    expect([width, height, /too many pixels|too small/.test(words ?? "")]).toEqual([width, height, true])
  }
  expect(refusalOf(lyingPng(0, 0))).toContain("too small")
  expect(refusalOf(gifOf(65_535, 65_535))).toContain("too many pixels")
  expect(refusalOf(pngOf(15, 400))).toContain("too small")
})

test("more bytes than the limit are refused whatever they are", () => {
  const large = new Uint8Array(MEDIA_LIMITS.bytesMax + 1)
  large.set(pngOf(32, 32))
  expect(refusalOf(large)).toBe("This picture is larger than 8 MB. Choose a smaller one.")
})

test("a JPEG with hundreds of scans is refused: each would be a pass over all its pixels", async () => {
  expect(refusalOf(await scanBomb(64, 64, 0))).toBeUndefined()
  expect(refusalOf(await scanBomb(64, 64, 300))).toBe("This picture is damaged. Choose another one.")
})

test("a JPEG with two frames, or without one, is refused", async () => {
  const plain = Buffer.from(await jpegOf(32, 32))
  const frame = plain.subarray(plain.indexOf(Buffer.from([0xff, 0xc0])))
  const part = frame.subarray(0, 2 + frame.readUInt16BE(2))
  const huge = Buffer.from(part)
  huge.writeUInt16BE(60_000, 5)
  const twice = Buffer.concat([plain.subarray(0, 2), huge, plain.subarray(2)])
  expect(refusalOf(twice)).toBeString()
  expect(refusalOf(Buffer.from([0xff, 0xd8, 0xff, 0xd9, 0, 0, 0, 0]))).toBeString()
})

test("a moving WebP is refused in its own words", async () => {
  const moving = Uint8Array.from(await tellingWebp(32, 32))
  moving[20] = moving[20]! | 2
  expect(refusalOf(moving)).toBe("This picture moves. Choose one that stands still.")
})

test("a file that ends anywhere is refused or has the size of the whole; the reader never runs away", async () => {
  for (const whole of [await tellingJpeg(40, 30), tellingPng(40, 30), await tellingWebp(40, 30), gifOf(40, 30)]) {
    for (let end = 0; end < Math.min(whole.length, 700); end++) {
      const cut = whole.slice(0, end)
      if (refusalOf(cut) === undefined) expect(readHeader(cut)).toMatchObject({ width: 40, height: 30 })
    }
  }
})

// What comes out: our own pixels in our own files. Nothing that a file said beside them, upright, cut where the person said.
import { expect, test } from "bun:test"
import { join } from "node:path"
import { deflateSync } from "node:zlib"
import { decodeApart } from "./child.ts"
import { pictureOf } from "./picture.ts"
import { boxOf, cropOf, MEDIA_LIMITS } from "./rules.ts"
import {
  chunk,
  colourAt,
  gifOf,
  jpegOf,
  pngOf,
  pngWith,
  SECRET,
  tellingJpeg,
  tellingPng,
  tellingWebp,
  webpOf,
} from "./testing.ts"

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")

/** Names of the parts of a WebP. */
function partsOf(webp: Uint8Array): string[] {
  const view = Buffer.from(webp)
  const names: string[] = []
  for (let at = 12; at + 8 <= view.length; ) {
    names.push(view.toString("latin1", at, at + 4))
    const length = view.readUInt32LE(at + 4)
    at += 8 + length + (length % 2)
  }
  expect(view.readUInt32LE(4) + 8).toBe(view.length)
  return names
}

test("EXIF with its place, XMP, colour profiles, texts, comments and trailing bytes are gone", async () => {
  const sources = { jpeg: await tellingJpeg(90, 60), png: tellingPng(90, 60), webp: await tellingWebp(90, 60) }
  for (const [name, bytes] of Object.entries(sources)) {
    expect([name, textOf(bytes).includes(SECRET)]).toEqual([name, true])
    for (const purpose of ["avatar", "icon", "screenshot"] as const) {
      for (const file of await pictureOf(bytes, purpose, null)) {
        expect([name, textOf(file.bytes).includes("GPS")]).toEqual([name, false])
        expect(partsOf(file.bytes).filter((part) => !["VP8 ", "VP8L", "VP8X", "ALPH"].includes(part))).toEqual([])
      }
    }
  }
})

test("a picture is kept in the sizes of its purpose, none larger than it was", async () => {
  const widths = async (bytes: Uint8Array, purpose: "avatar" | "icon" | "screenshot") =>
    (await pictureOf(bytes, purpose, null)).map(({ width, height }) => [width, height])
  expect(await widths(await jpegOf(900, 600), "icon")).toEqual([
    [64, 64],
    [128, 128],
    [256, 256],
    [512, 512],
  ])
  expect(await widths(pngOf(100, 300), "avatar")).toEqual([
    [64, 64],
    [100, 100],
  ])
  expect(await widths(await webpOf(40, 40), "icon")).toEqual([[40, 40]])
  expect(await widths(gifOf(640, 640), "screenshot")).toEqual([
    [320, 180],
    [640, 360],
  ])
})

test("without a crop the middle is kept; with one, that part", async () => {
  const [, middle] = await pictureOf(pngOf(400, 200), "avatar", null)
  expect(await colourAt(middle!.bytes, 0.2, 0.8)).toBe("red")
  expect(await colourAt(middle!.bytes, 0.8, 0.8)).toBe("blue")
  expect(await colourAt(middle!.bytes, 0.5, 0.1)).toBe("green")
  const [right] = await pictureOf(pngOf(400, 200), "avatar", { x: 0.6, y: 0.4, width: 0.25 })
  for (const at of [0.1, 0.9]) expect(await colourAt(right!.bytes, at, at)).toBe("blue")
})

test("a picture that says it lies on its side stands up before it is cut", async () => {
  // 6 = turned a quarter to the right when shown: the green upper quarter comes to the right, red to the top.
  const [, turned] = await pictureOf(await tellingJpeg(300, 300, 6), "avatar", null)
  expect(await colourAt(turned!.bytes, 0.9, 0.5)).toBe("green")
  expect(await colourAt(turned!.bytes, 0.3, 0.1)).toBe("red")
  expect(await colourAt(turned!.bytes, 0.3, 0.9)).toBe("blue")
})

test("transparency stays", async () => {
  const [file] = await pictureOf(pngOf(64, 64, 0), "icon", null)
  const [, , , alpha] = (await import("./raw.ts")).readPng(await new Bun.Image(file!.bytes).png().bytes()).bytes
  expect(alpha).toBe(0)
})

test("of a moving GIF the first picture is kept, however many follow", async () => {
  const [one] = await pictureOf(gifOf(64, 64, 1), "avatar", null)
  const [many] = await pictureOf(gifOf(64, 64, 20_000), "avatar", null)
  expect(many!.bytes).toEqual(one!.bytes)
})

test("a crop is three fractions; anything else is the middle, and none leads outside the picture", () => {
  expect(cropOf("0.1 0.05 0.8")).toEqual({ x: 0.1, y: 0.05, width: 0.8 })
  for (const text of [
    "",
    "0 0",
    "0 0 0",
    "-1 0 1",
    "1e9 0 1",
    "NaN 0 1",
    "1 0 1",
    "0.1 0.2 0.3 0.4",
    "0.1,0.2,0.3",
    "9 9 9",
  ])
    expect([text, cropOf(text)]).toEqual([text, null])
  const sizes = [1, 16, 17, 333, 2_048]
  const parts = [0, 0.000001, 0.37, 0.999999]
  for (const width of sizes)
    for (const height of sizes)
      for (const aspect of [1, 16 / 9])
        for (const x of parts)
          for (const y of parts)
            for (const part of [0.000001, 0.5, 1]) {
              const box = boxOf({ width, height }, aspect, { x, y, width: part })
              const isInside =
                box.x >= 0 && box.y >= 0 && box.width > 0 && box.x + box.width <= width && box.y + box.height <= height
              expect([width, height, x, y, part, isInside]).toEqual([width, height, x, y, part, true])
            }
})

test("a PNG whose texts and profile would swell to gigabytes takes no memory", async () => {
  const zeros = deflateSync(new Uint8Array(256 * 1024 * 1024), { level: 9 })
  const joined = (...parts: (Uint8Array | string)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)))
  const plain = await peakOf(pngOf(64, 64))
  for (const bomb of [
    chunk("zTXt", joined("Comment\0\0", zeros)),
    chunk("iTXt", joined("Comment\0\x01\0\0\0", zeros)),
    chunk("iCCP", joined("p\0\0", zeros)),
  ])
    expect((await peakOf(pngWith(pngOf(64, 64), bomb))) - plain).toBeLessThan(128)
})

/** @returns MB that a process of its own took at most to decode it; here other tests' garbage would count too */
async function peakOf(png: Uint8Array): Promise<number> {
  const script = `import { pictureOf } from "${join(import.meta.dir, "picture.ts")}"
    await pictureOf(await Bun.stdin.bytes(), "avatar", null).catch(() => {})`
  const child = Bun.spawn([process.execPath, "-e", script], { stdin: png, stdout: "ignore", stderr: "pipe" })
  expect([await child.exited, await new Response(child.stderr).text()]).toEqual([0, ""])
  return child.resourceUsage()!.maxRSS / 1024 / 1024
}

test("a process of its own does it, and what cannot be decoded is no answer", async () => {
  const files = await decodeApart(await tellingJpeg(300, 200), { purpose: "icon", crop: { x: 0, y: 0, width: 0.5 } })
  expect(files?.map(({ width }) => width)).toEqual([64, 128, 150])
  expect(partsOf(files!.at(-1)!.bytes)).not.toContain("EXIF")
  const cut = pngOf(64, 64).slice(0, 60)
  expect(await decodeApart(cut, { purpose: "icon", crop: null })).toBeNull()
  expect(await decodeApart(new Uint8Array([1, 2, 3]), { purpose: "icon", crop: null })).toBeNull()
}, 60_000)

test("the largest photo that is taken", async () => {
  const { pixelsMax } = MEDIA_LIMITS
  const files = await pictureOf(await new Bun.Image(pngOf(60, 40)).resize(6_000, 4_000).jpeg().bytes(), "icon", null)
  expect(pixelsMax).toBe(6_000 * 4_000)
  expect(files.at(-1)?.width).toBe(512)
}, 60_000)

// The picture that chats and networks show of a link: the house's name, the title of the page, and a sentence, on the house's paper.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assetFolder, lazily } from "../../app/index.ts"
import { type Pixels, writePng } from "../raw.ts"
import { canvasOf, eachCovered, fillPath, type PathCommand } from "./raster.ts"

/** As Open Graph asks for it, px. */
export const CARD = { width: 1200, height: 630 } as const
const MARGIN = 88
/** The line of colour at the top, px. */
const EDGE = 14
/** Side of an icon, px. */
const ICON = 256
/** Of the encoder: flat colours become small at once. */
const PACKED = 6
/** Characters that are looked at: what follows is no title any more. */
const TITLE_CHARS = 160
const TEXT_CHARS = 300
const TITLE_LINES = 3
const TEXT_LINES = 2
/** In place of a character that the font does not have. */
const UNKNOWN = "□"

type Rgb = readonly [number, number, number]
/** `--paper`, `--ink`, `--ink-2` and the accent of tokens.css in the light theme, as browsers compute them. */
export const PAPER: Rgb = [252, 250, 247]
const INK: Rgb = [35, 33, 30]
const QUIET: Rgb = [94, 90, 84]
const ACCENT: Rgb = [0, 106, 164]

export interface CardWords {
  /** Of the house. */
  house: string
  title: string
  text: string
  /** `#rrggbb`; null: the product's own. */
  accent: string | null
}

interface Glyph {
  path: { commands: readonly PathCommand[] }
}
interface Face {
  unitsPerEm: number
  hasGlyphForCodePoint(point: number): boolean
  layout(text: string): { glyphs: readonly Glyph[]; positions: readonly { xAdvance: number }[]; advanceWidth: number }
}

const faces = lazily(() => {
  // Loaded with the first picture, not with the server.
  const { create } = require("fontkit") as { create: (bytes: Buffer) => Face }
  const face = (name: string) => create(readFileSync(join(assetFolder("public"), "fonts", `print-${name}.ttf`)))
  return { regular: face("regular"), strong: face("semibold") }
})

/** Takes some 0.1 s: for the read Worker. @returns a PNG */
export function drawCard({ house, title, text, accent }: CardWords): Uint8Array {
  const picture = groundOf(CARD, PAPER)
  const colour = accent === null ? ACCENT : rgbOf(accent)
  for (let at = 0; at < CARD.width * EDGE; at++) paint(picture.bytes, at, 1, colour)
  const { regular, strong } = faces()
  const size = title.length > 60 ? 60 : 76
  const heads = lines(strong, plain(strong, title, TITLE_CHARS), size, TITLE_LINES)
  const below = lines(regular, plain(regular, text, TEXT_CHARS), 34, TEXT_LINES)
  write(picture, strong, plain(strong, house, 60), { x: MARGIN, baseline: 128, size: 36 }, colour)
  const top = 190 + (300 - heads.length * size * 1.15) / 2 + size
  for (const [at, line] of heads.entries())
    write(picture, strong, line, { x: MARGIN, baseline: top + at * size * 1.15, size }, INK)
  for (const [at, line] of below.entries())
    write(picture, regular, line, { x: MARGIN, baseline: 522 + at * 46, size: 34 }, QUIET)
  return writePng(picture, PACKED)
}

/** A letter on a colour, as apps without a designer have it. @returns a PNG */
export function drawLetter(letter: string, colour: string): Uint8Array {
  const picture = groundOf({ width: ICON, height: ICON }, rgbOf(colour))
  const { strong } = faces()
  const size = ICON * 0.62
  const x = (ICON - widthOf(strong, letter, size)) / 2
  write(picture, strong, letter, { x, baseline: ICON * 0.72, size }, [255, 255, 255])
  return writePng(picture, PACKED)
}

export function groundOf({ width, height }: { width: number; height: number }, [red, green, blue]: Rgb): Pixels {
  const bytes = new Uint8Array(width * height * 4)
  new Uint32Array(bytes.buffer).fill((0xff000000 | (blue << 16) | (green << 8) | red) >>> 0)
  return { width, height, bytes }
}

const rgbOf = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb

/** On one line, with a sign in place of what the font lacks. */
const plain = (face: Face, text: string, chars: number): string =>
  [...text.replace(/\s+/g, " ").trim().slice(0, chars)]
    .map((sign) => (face.hasGlyphForCodePoint(sign.codePointAt(0)!) ? sign : UNKNOWN))
    .join("")

/** Sign by sign, without what fonts do between two: near enough to break lines, and a hundredth of the time. */
function widthOf(face: Face, text: string, size: number): number {
  const known = widths.get(face) ?? new Map<string, number>()
  widths.set(face, known)
  let sum = 0
  for (const sign of text) {
    if (!known.has(sign)) known.set(sign, face.layout(sign).advanceWidth)
    sum += known.get(sign)!
  }
  return (sum / face.unitsPerEm) * size
}
/** Of signs that the font has, some thousands at most. */
const widths = new WeakMap<Face, Map<string, number>>()

/** Words in lines as wide as the picture; a word that is wider is broken, what is left over ends in an ellipsis. */
function lines(face: Face, text: string, size: number, most: number): string[] {
  const room = CARD.width - 2 * MARGIN
  const fits = (line: string) => widthOf(face, line, size) <= room
  const all: string[] = []
  for (const word of text.split(" ")) {
    const last = all.at(-1)
    if (last !== undefined && fits(`${last} ${word}`)) all[all.length - 1] = `${last} ${word}`
    else all.push(...broken(word, fits))
    if (all.length > most) break
  }
  if (all.length <= most) return all
  const kept = all.slice(0, most)
  let end = kept[most - 1]!
  while (end !== "" && !fits(`${end}…`)) end = end.slice(0, -1)
  kept[most - 1] = `${end.trimEnd()}…`
  return kept
}

function broken(word: string, fits: (text: string) => boolean): string[] {
  const parts: string[] = []
  let part = ""
  for (const sign of word) {
    if (part !== "" && !fits(part + sign)) {
      parts.push(part)
      part = ""
    }
    part += sign
  }
  return [...parts, part]
}

interface Line {
  x: number
  baseline: number
  size: number
}

function write(
  { width, height, bytes }: Pixels,
  face: Face,
  text: string,
  { x, baseline, size }: Line,
  colour: Rgb,
): void {
  const scale = size / face.unitsPerEm
  const { glyphs, positions } = face.layout(text)
  const top = Math.max(0, Math.floor(baseline - size * 1.2))
  const canvas = canvasOf(width, Math.min(height - top, Math.ceil(size * 1.7)))
  let pen = x
  for (const [at, glyph] of glyphs.entries()) {
    fillPath(canvas, glyph.path.commands, { x: pen, baseline: baseline - top, scale })
    pen += positions[at]!.xAdvance * scale
  }
  eachCovered(canvas, (index, share) => paint(bytes, index + top * width, share, colour))
}

function paint(bytes: Uint8Array, index: number, share: number, colour: Rgb): void {
  for (let channel = 0; channel < 3; channel++) {
    const at = index * 4 + channel
    bytes[at] = Math.round(bytes[at]! + (colour[channel]! - bytes[at]!) * share)
  }
}

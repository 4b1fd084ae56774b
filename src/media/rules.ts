// Shapes, sizes and limits of pictures, and how a crop is read. Pure.
import type { Crop, Purpose } from "./types.ts"

interface Kind {
  /** Width by height. */
  aspect: number
  /** Widths that are kept, the smallest first; none above what the picture has. */
  widths: readonly number[]
  /** Flat colours and letters, which lossless WebP keeps sharp. */
  isDrawn: boolean
}

export const PURPOSES: Readonly<Record<Purpose, Kind>> = {
  avatar: { aspect: 1, widths: [64, 128, 256], isDrawn: false },
  icon: { aspect: 1, widths: [64, 128, 256, 512], isDrawn: true },
  screenshot: { aspect: 16 / 9, widths: [320, 640, 1280], isDrawn: true },
}

export const MEDIA_LIMITS = {
  /** A photo of a phone as it comes; our page sends much less, because it makes pictures small before. */
  bytesMax: 8 * 1024 * 1024,
  /** A photo of 6000 × 4000: 96 MB while it is decoded. */
  pixelsMax: 24_000_000,
  /** One row of 39 million pixels takes 310 MB to make smaller: no camera makes such sides. */
  sideMax: 12_000,
  /** A picture with less shows nothing. */
  sideMin: 16,
  /** Scans of a progressive JPEG: encoders make about 10. Each is a pass over all pixels and may be 37 bytes long, so that a file of 5 MB would take
   * a quarter of an hour. */
  scansMax: 32,
  /** Parts of a file that are walked through in search of its size. */
  partsMax: 10_000,
  /** Longest side of what is cropped: more than the largest width that is kept, and at most half of a photo, which JPEG decodes at half its size. */
  workSideMax: 1_600,
  /** Thirty times what the largest picture takes, for machines that are full; then the process is ended. */
  decodeMs: 30_000,
  /** Pictures made smaller at once: one processor is left for everything else. */
  decodersMax: 1,
  /** …and waiting, 8 MB each. */
  waitingMax: 8,
  /** Pictures one person may send within ten minutes: some tries with the crop. */
  triesMax: 20,
  triesMs: 600_000,
  /** People whose tries are counted at once. */
  triesKeysMax: 10_000,
  /** Pictures of one person: icons and screenshots of thirty apps. */
  ownedMax: 200,
  ownedBytesMax: 20 * 1024 * 1024,
  /** A picture that is shown nowhere is kept for so long: a form may be half done. */
  unusedMs: 86_400_000,
  /** Pictures deleted in one write: four files of up to 100 kB each. */
  sweepRows: 20,
} as const

/** `/media/<id>/<width>`. */
export const WIDTHS: readonly number[] = [...new Set(Object.values(PURPOSES).flatMap(({ widths }) => widths))]

/** "0.1 0.05 0.8": left, top and width as fractions. Anything else is the middle. */
export function cropOf(text: string): Crop | null {
  const match = /^([01](?:\.\d{1,6})?) ([01](?:\.\d{1,6})?) ([01](?:\.\d{1,6})?)$/.exec(text)
  if (!match) return null
  const [x, y, width] = [Number(match[1]), Number(match[2]), Number(match[3])]
  return width > 0 && x < 1 && y < 1 ? { x, y, width } : null
}

/** A crop in whole pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** The crop as pixels of a picture, moved and made smaller until it lies inside; in its shape within half a pixel. */
export function boxOf(size: { width: number; height: number }, aspect: number, crop: Crop | null): Box {
  const widthMax = Math.min(size.width, size.height * aspect)
  const wanted = crop ? Math.min(crop.width * size.width, widthMax) : widthMax
  const width = Math.max(1, Math.round(wanted))
  const height = Math.max(1, Math.min(size.height, Math.round(wanted / aspect)))
  const within = (start: number, length: number, all: number) =>
    Math.min(Math.max(0, Math.round(start)), Math.max(0, all - length))
  return {
    x: within(crop ? crop.x * size.width : (size.width - width) / 2, width, size.width),
    y: within(crop ? crop.y * size.height : (size.height - height) / 2, height, size.height),
    width,
    height,
  }
}

/** Widths a picture of this width is kept in: never larger than it is. */
export function widthsOf(purpose: Purpose, width: number): number[] {
  return [...new Set(PURPOSES[purpose].widths.map((each) => Math.min(each, width)))]
}

// What a picture comes to in tokens, as OpenAI publishes it, by quality and size: for holds, and where nobody reports.

/** Of 1024 × 1024. */
const SQUARE: Readonly<Record<string, number>> = { low: 272, medium: 1_056, high: 4_160 }
const SQUARE_PIXELS = 1_024 * 1_024
/** The largest of the usual sizes, where the model chooses. */
const AUTO_PIXELS = 1_024 * 1_536

/** @param quality one that is not known counts as the dearest */
export function pictureTokensOf(size: unknown, quality: unknown): number {
  const each = typeof quality === "string" && Object.hasOwn(SQUARE, quality) ? SQUARE[quality]! : SQUARE.high!
  return Math.ceil((each * pixelsOf(size)) / SQUARE_PIXELS)
}

function pixelsOf(size: unknown): number {
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(typeof size === "string" ? size : "") ?? []
  return width && height ? Number(width) * Number(height) : AUTO_PIXELS
}

// Tokens of a picture in a prompt, by the model that looks at it and the picture's size, as the providers document it.
import { type PictureSize, sizeIn } from "../../media/index.ts"

export interface Picture {
  detail: "auto" | "low" | "high" | "original"
  /** Null = nobody can tell before it is fetched. */
  size: PictureSize | null
}

/** The head of a file holds its size; of a JPEG it stands behind what cameras write first. Characters of base64. */
const HEAD_CHARS = 128 * 1024

/** @param base64 of the file, without what stands before it in a data URL */
export function pictureSizeIn(base64: string): PictureSize | null {
  return sizeIn(Buffer.from(base64.slice(0, HEAD_CHARS), "base64"))
}

const TILE = 512
/** Of a picture of 768 × 2,048. */
const TILES_MAX = 8
const PATCH = 32
const PATCHES_MAX = 1_536

interface Looking {
  model: RegExp
  tokens(size: PictureSize): number
  /** Of a picture whose size nobody knows. */
  most: number
  low: number | null
}

/** OpenAI: shrunk into 2,048 × 2,048, then its shorter side to 768, and cut into tiles of 512. */
const tiled = (base: number, each: number) => ({
  most: base + each * TILES_MAX,
  tokens(size: PictureSize) {
    const into = shrunk(size, 2_048)
    const shorter = Math.min(into.width, into.height)
    const { width, height } = shorter > 768 ? scaled(into, 768 / shorter) : into
    return base + each * Math.ceil(width / TILE) * Math.ceil(height / TILE)
  },
})

/** OpenAI's small models: patches of 32 × 32, 1,536 at most, times a factor. */
const patched = (factor: number) => ({
  most: Math.ceil(PATCHES_MAX * factor),
  tokens(size: PictureSize) {
    const patches = Math.ceil(size.width / PATCH) * Math.ceil(size.height / PATCH)
    return Math.ceil(Math.min(patches, PATCHES_MAX) * factor)
  },
})

/** Anthropic: 750 pixels a token, shrunk to 1,568 on the longer side and 1,600 tokens. */
function claude(size: PictureSize): number {
  const { width, height } = shrunk(size, 1_568)
  return Math.min(1_600, Math.ceil((width * height) / 750))
}

/** Google, before Gemini 3: one tile of 258 tokens for small pictures, else tiles of 768. */
function gemini(size: PictureSize): number {
  if (size.width <= 384 && size.height <= 384) return 258
  const into = shrunk(size, 3_072)
  return 258 * Math.ceil(into.width / 768) * Math.ceil(into.height / 768)
}

/** The first that fits; a model nobody here knows looks at any picture for as many as the large providers do at most. */
const LOOKING: readonly Looking[] = [
  { model: /gpt-4o-mini/i, ...tiled(2_833, 5_667), low: 2_850 },
  { model: /(gpt-5|gpt-4\.1)[\w.-]*-nano/i, ...patched(2.46), low: null },
  { model: /(gpt|o4)[\w.-]*-mini/i, ...patched(1.72), low: null },
  { model: /gpt-5/i, ...tiled(70, 140), low: 70 },
  { model: /\bo[13]\b/i, ...tiled(75, 150), low: 75 },
  { model: /gpt-4/i, ...tiled(85, 170), low: 85 },
  { model: /claude/i, tokens: claude, most: 1_600, low: null },
  { model: /gemini-[3-9]/i, tokens: () => 1_120, most: 1_120, low: 280 },
  { model: /gemini/i, tokens: gemini, most: 4_128, low: null },
  { model: /^/, tokens: () => 1_600, most: 1_600, low: null },
]
/** A picture sent at its own size. */
const ORIGINAL_LEAST = 10_000

export function pictureTokens(model: string, { detail, size }: Picture): number {
  const { tokens, most, low } = LOOKING.find((one) => one.model.test(model))!
  if (detail === "low" && low !== null) return low
  const count = size === null ? most : tokens(size)
  return detail === "original" ? Math.max(count, ORIGINAL_LEAST) : count
}

const shrunk = (size: PictureSize, side: number): PictureSize => {
  const longer = Math.max(size.width, size.height)
  return longer > side ? scaled(size, side / longer) : size
}
const scaled = ({ width, height }: PictureSize, by: number): PictureSize => ({ width: width * by, height: height * by })

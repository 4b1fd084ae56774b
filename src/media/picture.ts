// From a stranger's file to our own pictures: decoded, turned upright, cut, made smaller, encoded anew. Runs in a process of its own
// (`child.ts`): the decoders are native code.
import { readHeader } from "./header.ts"
import { cut, readPng, writePng } from "./raw.ts"
import { boxOf, MEDIA_LIMITS, PURPOSES, widthsOf } from "./rules.ts"
import type { Crop, ImageFile, Purpose } from "./types.ts"

/** A photo looks the same to the eye; below 80 faces begin to show blocks. */
const QUALITY = 86

/**
 * The picture in every size that its purpose asks for, the smallest first.
 * @throws AppError validation_failed; Error when the decoder gives up
 */
export async function pictureOf(bytes: Uint8Array, purpose: Purpose, crop: Crop | null): Promise<ImageFile[]> {
  readHeader(bytes)
  const { workSideMax, pixelsMax } = MEDIA_LIMITS
  const upright = await new Bun.Image(bytes, { maxPixels: pixelsMax })
    .resize(workSideMax, workSideMax, { fit: "inside", withoutEnlargement: true })
    .png({ compressionLevel: 0 })
    .bytes()
  const whole = readPng(upright)
  const { aspect, isDrawn } = PURPOSES[purpose]
  const part = cut(whole, boxOf(whole, aspect, crop))
  const bare = writePng(part)
  const files: ImageFile[] = []
  for (const width of widthsOf(purpose, part.width)) {
    const height = Math.max(1, Math.round(width / aspect))
    const sized = () => new Bun.Image(bare).resize(width, height)
    const lossy = await sized().webp({ quality: QUALITY }).bytes()
    const exact = isDrawn ? await sized().webp({ lossless: true }).bytes() : null
    files.push({ width, height, type: "image/webp", bytes: exact && exact.length < lossy.length * 1.5 ? exact : lossy })
  }
  return files
}

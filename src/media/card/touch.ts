// A stored icon as phones put it on their home screen: a PNG without holes, since they show what is transparent black.
import { type Pixels, readPng, writePng } from "../raw.ts"
import { groundOf, PAPER } from "./card.ts"

/** As phones of Apple's ask for it, px. */
const TOUCH = 180
/** Around the icon, px: phones cut the corners. */
const MARGIN = 14
/** Of the encoder: flat colours become small at once. */
const PACKED = 6

/** @param icon one of our own files, never as a stranger sent it. @returns a PNG */
export async function drawTouch(icon: Uint8Array): Promise<Uint8Array> {
  const side = TOUCH - 2 * MARGIN
  const drawn = readPng(await new Bun.Image(icon).resize(side, side).png({ compressionLevel: 0 }).bytes())
  const picture = groundOf({ width: TOUCH, height: TOUCH }, PAPER)
  lay(picture, drawn)
  return writePng(picture, PACKED)
}

function lay(ground: Pixels, icon: Pixels): void {
  for (let row = 0; row < icon.height; row++)
    for (let column = 0; column < icon.width; column++) {
      const from = (row * icon.width + column) * 4
      const to = ((row + MARGIN) * ground.width + column + MARGIN) * 4
      const share = icon.bytes[from + 3]! / 255
      for (let channel = 0; channel < 3; channel++)
        ground.bytes[to + channel] = Math.round(
          icon.bytes[from + channel]! * share + ground.bytes[to + channel]! * (1 - share),
        )
    }
}

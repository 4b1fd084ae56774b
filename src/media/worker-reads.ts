// The drawing of a picture, which takes the read Worker's time.
import type { HeavyReads } from "../store/index.ts"
import { type CardWords, drawCard } from "./card/card.ts"

export const DRAW_CARD = "media.card"

export const CARD_READS: HeavyReads = { [DRAW_CARD]: (_, input) => drawCard(input as CardWords) }

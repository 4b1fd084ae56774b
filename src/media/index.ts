// The door of `media`: one verb stores a picture, another shows it somewhere, a job forgets what is shown nowhere. README.md says how.
import { ensure, invariant, type UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { decodeApart } from "./child.ts"
import { MEDIA_LIMITS, WIDTHS } from "./rules.ts"
import {
  deleteIdleOwners,
  deleteOrphans,
  deleteUse,
  fileOf,
  imageByPublicId,
  isOwner,
  saveOwner,
  saveUse,
  shownAt,
} from "./store.ts"
import { createStoring } from "./store-image.ts"
import type { ImageFile, MediaDeps, Place } from "./types.ts"

export { type CardWords, drawCard, drawLetter } from "./card/card.ts"
export { drawTouch } from "./card/touch.ts"
export { DECODE_VERB, decodeHere } from "./child.ts"
export { type PictureSize, sizeIn } from "./header.ts"
export { mediaPart } from "./part.ts"
export { cropOf, MEDIA_LIMITS, WIDTHS } from "./rules.ts"
export type * from "./types.ts"
export { DRAW_CARD } from "./worker-reads.ts"

export type Media = ReturnType<typeof createMedia>

function showIn(tx: Tx, place: Place, shown: { id: string; ownerId: UserId } | null): void {
  const before = shownAt(tx, place)
  const audit = (after: string | null) =>
    before === after ||
    auditIn(tx, { action: `${place.purpose}.changed` as const, subject: place.subject, before, after })
  if (!shown) {
    deleteUse(tx, place)
    audit(null)
    return
  }
  const image = imageByPublicId(tx, shown.id)
  ensure(image && isOwner(tx, image.id, shown.ownerId), "not_found", "You have no such picture. Choose one again.")
  saveUse(tx, place, image.id, shown.ownerId)
  audit(image.publicId)
}

export function createMedia({ store, clock, decode = decodeApart }: MediaDeps) {
  return {
    /**
     * The one way in for a picture: checked, cut, encoded anew in the sizes of its purpose, and stored as the owner's. It is forgotten
     * after a day unless `showIn` shows it somewhere.
     * @throws AppError validation_failed with words under `picture`, rate_limit_exceeded, overloaded
     */
    storeImage: createStoring({ store, clock, decode }),
    /**
     * Shows a picture of the owner at a place, instead of the one before; null takes it away. Whether the place is the caller's to
     * change, the caller knows.
     * @throws AppError not_found when the picture is not the owner's
     */
    showIn,
    show: (ctx: WriteContext, place: Place, shown: { id: string; ownerId: UserId } | null) =>
      store.write(ctx, (tx) => showIn(tx, place, shown)),
    /** What is shown at a place is another person's from now on, who may have none of it yet. */
    handOverIn(tx: Tx, place: Place, to: UserId): void {
      const shown = shownAt(tx, place)
      const image = shown === null ? null : imageByPublicId(tx, shown)
      if (!image) return
      saveOwner(tx, image.id, to)
      saveUse(tx, place, image.id, to)
    },
    /** Address of what is shown at a place, at least so many pixels wide where it has them; undefined = nothing. */
    addressOf(place: Place, width: number): string | undefined {
      invariant(WIDTHS.includes(width), `pictures are kept in ${WIDTHS.join(", ")} pixels`)
      const id = shownAt(store.read, place)
      return id === null ? undefined : `/media/${id}/${width}`
    },
    /** What `/media/<id>/<width>` sends; null = there is no such picture. */
    fileOf: (id: string, width: number): Pick<ImageFile, "type" | "bytes"> | null => fileOf(store.read, id, width),
    /** One slice of what is shown nowhere. @returns rows it took */
    sweep: (ctx: WriteContext, rowsMax: number): Promise<number> =>
      store.write(ctx, (tx) => {
        const owners = deleteIdleOwners(tx, tx.now - MEDIA_LIMITS.unusedMs, rowsMax)
        return owners + deleteOrphans(tx, Math.max(1, rowsMax - owners))
      }),
  }
}

// The door of `media`: one verb stores a picture, another shows it somewhere, a job forgets what is shown nowhere. README.md says how.
import { AppError, ensure, invariant, type UserId } from "../app/index.ts"
import type { Tx, WriteContext } from "../store/index.ts"
import { decodeApart } from "./child.ts"
import { readHeader } from "./header.ts"
import { createQueue } from "./queue.ts"
import { MEDIA_LIMITS, WIDTHS } from "./rules.ts"
import {
  deleteIdleOwners,
  deleteOrphans,
  deleteUse,
  fileOf,
  imageByPublicId,
  insertImage,
  isOwner,
  ownedBy,
  saveOwner,
  saveUse,
  shownAt,
} from "./store.ts"
import { createTries } from "./tries.ts"
import type { ImageFile, MediaDeps, Place, StoredImage, StoreImage } from "./types.ts"

export { DECODE_VERB, decodeHere } from "./child.ts"
export { mediaPart } from "./part.ts"
export { cropOf, MEDIA_LIMITS, PURPOSES, WIDTHS } from "./rules.ts"
export type * from "./types.ts"

export type Media = ReturnType<typeof createMedia>

const wrong = (words: string): AppError => new AppError("validation_failed", words, { formErrors: { picture: words } })

export function createMedia({ store, clock, decode = decodeApart }: MediaDeps) {
  const queue = createQueue({ runningMax: MEDIA_LIMITS.decodersMax, waitingMax: MEDIA_LIMITS.waitingMax })
  const tries = createTries(clock)

  /** One who has no room left makes nobody work. @throws AppError validation_failed */
  function requireRoom(owned: { images: number; bytes: number }): void {
    if (owned.images < MEDIA_LIMITS.ownedMax && owned.bytes < MEDIA_LIMITS.ownedBytesMax) return
    throw wrong(
      "You have as many pictures as you may keep. Remove one first; it takes a day until there is room again.",
    )
  }

  async function storeImage(ctx: WriteContext, input: StoreImage): Promise<StoredImage> {
    const { ownerId, bytes, purpose, crop = null } = input
    readHeader(bytes)
    requireRoom(ownedBy(store.read, ownerId))
    tries.count(ownerId)
    const files = await queue(() => decode(bytes, { purpose, crop }))
    if (!files) throw wrong("This picture is damaged. Choose another one.")
    const { width, height } = files.at(-1) ?? {}
    invariant(width !== undefined && height !== undefined, "a picture has at least one size")
    const id = idOf(files)
    await store.write(ctx, (tx) => {
      requireRoom(ownedBy(tx, ownerId))
      saveOwner(tx, imageByPublicId(tx, id)?.id ?? insertImage(tx, id, files), ownerId)
    })
    return { id, width, height }
  }

  function showIn(tx: Tx, place: Place, shown: { id: string; ownerId: UserId } | null): void {
    if (!shown) return deleteUse(tx, place)
    const image = imageByPublicId(tx, shown.id)
    ensure(image && isOwner(tx, image.id, shown.ownerId), "not_found", "You have no such picture. Choose one again.")
    saveUse(tx, place, image.id, shown.ownerId)
  }

  return {
    /**
     * The one way in for a picture: checked, cut, encoded anew in the sizes of its purpose, and stored as the owner's. It is forgotten
     * after a day unless `showIn` shows it somewhere.
     * @throws AppError validation_failed with words under `picture`, rate_limit_exceeded, overloaded
     */
    storeImage,
    /**
     * Shows a picture of the owner at a place, instead of the one before; null takes it away. Whether the place is the caller's to
     * change, the caller knows.
     * @throws AppError not_found when the picture is not the owner's
     */
    showIn,
    show: (ctx: WriteContext, place: Place, shown: { id: string; ownerId: UserId } | null) =>
      store.write(ctx, (tx) => showIn(tx, place, shown)),
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

/** Named by content: an address never means another picture, and so is kept by browsers for ever. */
function idOf(files: readonly ImageFile[]): string {
  const hasher = new Bun.CryptoHasher("sha256")
  for (const { width, height, bytes } of files) hasher.update(`${width}x${height}:${bytes.length}:`).update(bytes)
  return `img_${hasher.digest("hex").slice(0, 32)}`
}

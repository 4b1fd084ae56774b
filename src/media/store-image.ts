// The way of a picture into the house: checked, counted, decoded apart, stored by content.
import { AppError, type Clock, invariant } from "../app/index.ts"
import type { Store, WriteContext } from "../store/index.ts"
import type { Decode } from "./child.ts"
import { readHeader } from "./header.ts"
import { createQueue } from "./queue.ts"
import { MEDIA_LIMITS } from "./rules.ts"
import { imageByPublicId, insertImage, ownedBy, saveOwner } from "./store.ts"
import { createTries } from "./tries.ts"
import type { ImageFile, StoredImage, StoreImage } from "./types.ts"

const wrong = (words: string): AppError => new AppError("validation_failed", words, { formErrors: { picture: words } })

/** One who has no room left makes nobody work. @throws AppError validation_failed */
function requireRoom(owned: { images: number; bytes: number }): void {
  if (owned.images < MEDIA_LIMITS.ownedMax && owned.bytes < MEDIA_LIMITS.ownedBytesMax) return
  throw wrong("You have as many pictures as you may keep. Remove one first; it takes a day until there is room again.")
}

export function createStoring({ store, clock, decode }: { store: Store; clock: Clock; decode: Decode }) {
  const queue = createQueue({ runningMax: MEDIA_LIMITS.decodersMax, waitingMax: MEDIA_LIMITS.waitingMax })
  const tries = createTries(clock)

  return async (ctx: WriteContext, input: StoreImage): Promise<StoredImage> => {
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
}

/** Named by content: an address never means another picture, and so is kept by browsers for ever. */
function idOf(files: readonly ImageFile[]): string {
  const hasher = new Bun.CryptoHasher("sha256")
  for (const { width, height, bytes } of files) hasher.update(`${width}x${height}:${bytes.length}:`).update(bytes)
  return `img_${hasher.digest("hex").slice(0, 32)}`
}

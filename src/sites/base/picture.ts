// The form of a picture that shows something, and what it does: stored by `media`, then shown at its place. One for people and for apps.
import type { UserId } from "../../app/index.ts"
import { field, form } from "../../http/index.ts"
import { cropOf, type Media, type Place } from "../../media/index.ts"
import type { WriteContext } from "../../store/index.ts"

export const pictureForm = (label: string, submit: string) =>
  form(
    {
      picture: field.picture({ label, shape: "square", missing: "Choose a picture." }),
      crop: field.hidden({ label: "Part of it", optional: true }),
    },
    { submit },
  )

interface Sent {
  picture: Uint8Array | null
  crop: string
}

/** @throws AppError those of `media.storeImage` */
export async function savePicture(
  media: Pick<Media, "storeImage" | "show">,
  ctx: WriteContext,
  place: Place & { ownerId: UserId },
  { picture, crop }: Sent,
): Promise<void> {
  const { ownerId, purpose, subject } = place
  const input = { ownerId, purpose, bytes: picture ?? new Uint8Array(), crop: cropOf(crop) }
  const { id } = await media.storeImage(ctx, input)
  await media.show(ctx, { purpose, subject }, { id, ownerId })
}

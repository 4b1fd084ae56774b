// The picture of somebody who just came: fetched later, from where the issuer said, and stored like any other, encoded anew. Whatever
// is wrong with it, nobody's sign-in waits for it or fails with it.
import { AppError, UserId } from "../../app/index.ts"
import type { SafeFetch } from "../../http/index.ts"
import { SafeFetchError } from "../../http/index.ts"
import type { Media } from "../../media/index.ts"
import type { Delivery } from "../../part/index.ts"
import type { Tx } from "../../store/index.ts"
import type { Core } from "../core.ts"
import { accountById } from "../store/users.ts"
import type { User } from "../types.ts"
import { FEDERATION_LIMITS as L } from "./limits.ts"

export const PICTURE_TOPIC = "identity.picture"

interface Payload {
  userId: number
  url: string
}

export function queuePictureIn(core: Core, tx: Tx, user: User, url: string | null): void {
  if (url === null || !URL.canParse(url)) return
  const payload: Payload = { userId: user.id, url }
  core.outbox.enqueueIn(tx, { topic: PICTURE_TOPIC, subject: user.publicId, payload })
}

/** Rejects only for what may be over in a while. */
export async function fetchPicture(
  {
    core,
    safeFetch,
    media,
  }: { core: Core; safeFetch: SafeFetch; media: Pick<Media, "addressOf" | "storeImage" | "showIn"> },
  { payload, eventId }: Pick<Delivery, "payload" | "eventId">,
): Promise<void> {
  const { userId, url } = payload as Payload
  const user = accountById(core.store.read, userId)?.user
  if (user?.status !== "active") return
  const place = { purpose: "avatar", subject: user.publicId } as const
  // They chose one of their own meanwhile.
  if (media.addressOf(place, 64) !== undefined) return
  const ctx = { actor: "system:identity", requestId: eventId, reason: "the picture that came with an account" }
  try {
    const answer = await safeFetch(url, { bytesMax: L.pictureBytesMax, deadlineMs: L.requestMs })
    if (answer.status >= 500) throw new Error(`the picture's server answered ${answer.status}`)
    if (answer.status !== 200) return
    const stored = await media.storeImage(ctx, { ownerId: UserId(userId), bytes: answer.bytes, purpose: "avatar" })
    await core.store.write(ctx, (tx) => media.showIn(tx, place, { id: stored.id, ownerId: UserId(userId) }))
  } catch (error) {
    const isNoPicture = error instanceof AppError && error.code === "validation_failed"
    const isNowhere =
      error instanceof SafeFetchError && ["bad_url", "blocked", "too_large", "broken"].includes(error.reason)
    if (!isNoPicture && !isNowhere) throw error
  }
}

// Words of `media`: what is stored, for what, and where it is shown.
import type { Clock, RowId, UserId } from "../app/index.ts"
import type { Store } from "../store/index.ts"
import type { Decode } from "./child.ts"

export type ImageRowId = RowId<"image">

/** What a picture is for. Decides its shape and the sizes it is kept in. */
export type Purpose = "avatar" | "icon" | "screenshot"

/** The part of a picture that is kept, as fractions of its width and height once it stands upright. */
export interface Crop {
  x: number
  y: number
  /** Of the picture's width; the height follows from the shape. */
  width: number
}

export interface StoreImage {
  /** Who pays for the room. */
  ownerId: UserId
  bytes: Uint8Array
  purpose: Purpose
  /** Default: as much as fits, from the middle. */
  crop?: Crop | null | undefined
}

/** A picture that is stored. */
export interface StoredImage {
  /** `img_` and 128 bits of the SHA-256 of what is served. */
  id: string
  width: number
  height: number
}

/** One size of a picture. */
export interface ImageFile {
  width: number
  height: number
  type: ImageType
  bytes: Uint8Array
}

/** What is ever sent. */
export type ImageType = "image/webp"

/** Where a picture is shown: one picture a place. */
export interface Place {
  purpose: Purpose
  /** Public id of whom or what it shows, such as `usr_…`. */
  subject: string
}

export interface MediaDeps {
  store: Store
  clock: Clock
  /** Default: a process of its own. */
  decode?: Decode
}

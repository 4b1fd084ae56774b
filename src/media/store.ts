// All queries of media.
import type { UserId } from "../app/index.ts"
import { findRow, insertRow, type Reader, type Tx } from "../store/index.ts"
import { imageFiles, imageOwners, images, imageUses } from "./tables.ts"
import type { ImageFile, ImageRowId, Place } from "./types.ts"

export type ImageRow = typeof images.$inferSelect

export const imageByPublicId = (reader: Reader, publicId: string): ImageRow | null =>
  findRow(reader, images, "public_id = ?", publicId)

export function insertImage(tx: Tx, publicId: string, files: readonly ImageFile[]): ImageRowId {
  const { width, height } = files.at(-1)!
  const bytes = files.reduce((sum, file) => sum + file.bytes.length, 0)
  const imageId = insertRow(tx, images, { publicId, width, height, bytes, createdMs: tx.now })
  for (const file of files) insertRow(tx, imageFiles, { imageId, ...file })
  return imageId
}

/** Sent again it counts once, and its day begins anew. */
export const saveOwner = (tx: Tx, imageId: ImageRowId, userId: UserId): void =>
  void insertRow(
    tx,
    imageOwners,
    { imageId, userId, createdMs: tx.now },
    "ON CONFLICT (image_id, user_id) DO UPDATE SET created_ms = excluded.created_ms",
  )

export const isOwner = (reader: Reader, imageId: ImageRowId, userId: UserId): boolean =>
  findRow(reader, imageOwners, "image_id = ? AND user_id = ?", imageId, userId) !== null

/** What one person's pictures take. */
export const ownedBy = (reader: Reader, userId: UserId): { images: number; bytes: number } =>
  reader.get<{ images: number; bytes: number }>(
    `SELECT count(*) AS images, coalesce(sum(i.bytes), 0) AS bytes
     FROM image_owners o JOIN images i ON i.id = o.image_id WHERE o.user_id = ?`,
    userId,
  )!

/** The smallest file that is at least so wide, else the widest. */
export const fileOf = (reader: Reader, publicId: string, width: number): Pick<ImageFile, "type" | "bytes"> | null =>
  reader.get<Pick<ImageFile, "type" | "bytes">>(
    `SELECT f.type, f.bytes FROM images i JOIN image_files f ON f.image_id = i.id WHERE i.public_id = ?
     ORDER BY f.width < ?, CASE WHEN f.width < ? THEN -f.width ELSE f.width END LIMIT 1`,
    publicId,
    width,
    width,
  )

/** Public id of what is shown there. */
export const shownAt = (reader: Reader, { purpose, subject }: Place): string | null =>
  reader.get<{ publicId: string }>(
    `SELECT i.public_id AS publicId FROM image_uses u JOIN images i ON i.id = u.image_id
     WHERE u.purpose = ? AND u.subject = ?`,
    purpose,
    subject,
  )?.publicId ?? null

export const saveUse = (tx: Tx, { purpose, subject }: Place, imageId: ImageRowId, userId: UserId): void =>
  void insertRow(
    tx,
    imageUses,
    { purpose, subject, imageId, userId, createdMs: tx.now },
    `ON CONFLICT (purpose, subject) DO UPDATE
     SET image_id = excluded.image_id, user_id = excluded.user_id, created_ms = excluded.created_ms`,
  )

export const deleteUse = (tx: Tx, { purpose, subject }: Place): void =>
  void tx.run("DELETE FROM image_uses WHERE purpose = ? AND subject = ?", purpose, subject)

/** Whoever sent a picture before `beforeMs` and shows it nowhere does not own it any more. @returns rows deleted */
export const deleteIdleOwners = (tx: Tx, beforeMs: number, rowsMax: number): number =>
  tx.run(
    `DELETE FROM image_owners WHERE rowid IN (
       SELECT o.rowid FROM image_owners o WHERE o.created_ms < ? AND NOT EXISTS (
         SELECT 1 FROM image_uses u WHERE u.image_id = o.image_id AND u.user_id = o.user_id) LIMIT ?)`,
    beforeMs,
    rowsMax,
  ).changes

/** Pictures that nobody owns, with their files. @returns pictures deleted */
export function deleteOrphans(tx: Tx, rowsMax: number): number {
  const orphans = tx.all<{ id: ImageRowId }>(
    "SELECT i.id FROM images i WHERE NOT EXISTS (SELECT 1 FROM image_owners o WHERE o.image_id = i.id) LIMIT ?",
    rowsMax,
  )
  for (const { id } of orphans) {
    tx.run("DELETE FROM image_files WHERE image_id = ?", id)
    tx.run("DELETE FROM images WHERE id = ?", id)
  }
  return orphans.length
}

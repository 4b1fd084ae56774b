// The tables of media as TypeScript sees them, once. The migration is the truth; a test compares the two.
import { blob, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"
import type { UserId } from "../app/index.ts"
import type { ImageRowId, ImageType, Purpose } from "./types.ts"

const whole = (name: string) => integer(name).notNull()

export const images = sqliteTable("images", {
  id: integer().primaryKey().$type<ImageRowId>(),
  publicId: text("public_id").notNull(),
  width: whole("width"),
  height: whole("height"),
  bytes: whole("bytes"),
  createdMs: whole("created_ms"),
})

export const imageFiles = sqliteTable(
  "image_files",
  {
    imageId: whole("image_id").$type<ImageRowId>(),
    width: whole("width"),
    height: whole("height"),
    type: text().notNull().$type<ImageType>(),
    bytes: blob({ mode: "buffer" }).notNull().$type<Uint8Array>(),
  },
  (table) => [primaryKey({ columns: [table.imageId, table.width] })],
)

export const imageOwners = sqliteTable(
  "image_owners",
  {
    imageId: whole("image_id").$type<ImageRowId>(),
    userId: whole("user_id").$type<UserId>(),
    createdMs: whole("created_ms"),
  },
  (table) => [primaryKey({ columns: [table.imageId, table.userId] })],
)

export const imageUses = sqliteTable(
  "image_uses",
  {
    purpose: text().notNull().$type<Purpose>(),
    subject: text().notNull(),
    imageId: whole("image_id").$type<ImageRowId>(),
    userId: whole("user_id").$type<UserId>(),
    createdMs: whole("created_ms"),
  },
  (table) => [primaryKey({ columns: [table.purpose, table.subject] })],
)

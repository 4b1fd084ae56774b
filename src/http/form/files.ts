// Fields that hold a file. Its bytes come beside the texts, and are never shown again.
import { Type as t } from "@sinclair/typebox"
import type { UploadShape } from "../../../views/ui/upload.tsx"
import type { Bytes } from "../bounded.ts"
import { type FieldDef, lookOf, value, type Words, wrong } from "./field.ts"

interface PictureOptions extends Words {
  shape: UploadShape
}

/** A picture as it was sent; null when none was chosen. Whether it is one, `media` says. */
export const picture = (options: PictureOptions): FieldDef<Bytes | null> => ({
  name: options.name,
  look: lookOf(options, { control: "upload", shape: options.shape }),
  secret: true,
  read: () => value(null),
  readFile: (bytes) => (bytes === null && options.missing !== undefined ? wrong(options.missing) : value(bytes)),
  write: () => [""],
  typedOf: () => null,
  json: t.Optional(t.Never({ description: "Sent by the page's own form only." })),
})

/** A document as it was sent; null when none was chosen. What it is, its reader says. */
export const document = (options: Words & { accept: string; optional?: boolean }): FieldDef<Bytes | null> => ({
  ...picture({ ...options, shape: "square" }),
  look: lookOf(options, { control: "file", accept: options.accept, optional: options.optional }),
})

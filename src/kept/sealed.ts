// Where kept answers are sealed for: a person and the id of their answer.
import type { SealedColumn } from "../part/index.ts"
import type { Keeper } from "./types.ts"

export const PURPOSE = "kept-answer"
export const place = ({ userId }: Pick<Keeper, "userId">, publicId: string): string =>
  `kept_answers:${userId}:${publicId}`

export const SEALED_EXCHANGES: SealedColumn = {
  what: "kept answers",
  table: "kept_answers",
  blob: "sealed",
  assign: "sealed = ?",
  purpose: PURPOSE,
  columns: ["user_id", "public_id"],
  place: (userId = "", publicId = "") => `kept_answers:${userId}:${publicId}`,
}

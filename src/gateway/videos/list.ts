// A page of the videos of an app or a key, as OpenAI's cursors have it.
import { AppError } from "../../app/index.ts"
import type { Reader } from "../../store/index.ts"
import type { Caller } from "../caller.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import { videoJson } from "./rules.ts"
import { videoOf, videosOf } from "./store.ts"

const refused = (param: string, words: string): AppError => new AppError("invalid_request", words, { param })

/** @throws AppError invalid_request */
export function listOf(reader: Reader, caller: Caller, url: string) {
  const query = new URL(url).searchParams
  const order = query.get("order") ?? "desc"
  if (order !== "asc" && order !== "desc") throw refused("order", "`order` must be asc or desc.")
  const limit = query.get("limit") ?? String(L.pageRows)
  const rows = /^\d{1,3}$/.test(limit) ? Number(limit) : 0
  if (rows < 1 || rows > L.pageRowsMax) throw refused("limit", `\`limit\` must be from 1 to ${L.pageRowsMax}.`)
  const cursor = query.get("after")
  const after = cursor === null ? null : videoOf(reader, caller, cursor)
  if (cursor !== null && !after) throw refused("after", "`after` must be the id of a video.")
  const found = videosOf(reader, caller, { after, isAscending: order === "asc", rows: rows + 1 })
  const data = found.slice(0, rows).map((row) => videoJson(row))
  return {
    object: "list" as const,
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: found.length > rows,
  }
}

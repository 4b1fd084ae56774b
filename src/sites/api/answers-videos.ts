// What the routes of videos answer, for the document.
import { Type as t } from "@sinclair/typebox"
import { CREATED, MODEL } from "./answers.ts"

const VIDEO = {
  id: t.String({ description: "Names the video", examples: ["video_01K9ZT"] }),
  object: t.Literal("video"),
  model: MODEL,
  status: t.Union([t.Literal("queued"), t.Literal("in_progress"), t.Literal("completed"), t.Literal("failed")], {
    description: "How far it is; `failed` costs nothing",
  }),
  progress: t.Integer({ description: "Percent, as far as its provider says", examples: [0] }),
  created_at: CREATED,
  completed_at: t.Union([t.Integer(), t.Null()], {
    description: "When it was done or failed, in seconds",
    examples: [null],
  }),
  expires_at: t.Union([t.Integer(), t.Null()], { description: "When it is deleted, in seconds", examples: [null] }),
  prompt: t.Union([t.String(), t.Null()], {
    description: "What it was asked for, in the answer to asking alone: it is not kept",
    examples: ["A ship comes in"],
  }),
  seconds: t.String({ description: "How long it is", examples: ["4"] }),
  size: t.String({ description: "Width by height in pixels", examples: ["1280x720"] }),
  remixed_from_video_id: t.Union([t.String(), t.Null()], {
    description: "The one it was made anew from",
    examples: [null],
  }),
  error: t.Union(
    [
      t.Object({
        code: t.String({ description: "Why it failed, for programs" }),
        message: t.String({ description: "The same in the provider’s words" }),
      }),
      t.Null(),
    ],
    { description: "Why it failed", examples: [null] },
  ),
}
export const VideoAnswer = t.Object(VIDEO, { description: "OpenAI's video" })
export const VideosAnswer = t.Object(
  {
    object: t.Literal("list"),
    data: t.Array(t.Object(VIDEO), { description: "Videos that this app or key asked for" }),
    first_id: t.Union([t.String(), t.Null()], { description: "Of the page", examples: ["video_01K9ZT"] }),
    last_id: t.Union([t.String(), t.Null()], {
      description: "Of the page: `after` for the next one",
      examples: ["video_01K9ZT"],
    }),
    has_more: t.Boolean({ description: "Whether another page follows", examples: [false] }),
  },
  { description: "A page of videos, newest first" },
)
export const VideoDeleted = t.Object(
  {
    id: t.String({ description: "Of the video", examples: ["video_01K9ZT"] }),
    object: t.Literal("video.deleted"),
    deleted: t.Boolean({ description: "Always true", examples: [true] }),
  },
  { description: "It is gone, here and at its provider" },
)

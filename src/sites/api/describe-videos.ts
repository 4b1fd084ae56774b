// How the routes of videos are described: jobs that take minutes.
import { Type as t } from "@sinclair/typebox"
import { RemixRequest, VideosForm, VideosRequest } from "../../gateway/index.ts"
import { VideoAnswer, VideoDeleted, VideosAnswer } from "./answers-videos.ts"
import { generation, read } from "./describe.ts"

const HOLD = "Its whole price is held at once, and charged when it is done; one that fails costs nothing."
const LATER =
  "Ask `GET /v1/videos/{video}` how far it is, or let a webhook (`video.completed`, `video.failed`) tell you."

export const create = generation({
  operationId: "createVideo",
  summary: "Ask for a video",
  description: `OpenAI's videos: words, and a picture to begin with, become a video, which takes minutes. ${HOLD} ${LATER} The picture comes as a file of a form, or within JSON as a data URL.`,
  request: VideosForm,
  example: { model: "sora-2", prompt: "A ship comes in", seconds: "4", size: "1280x720" },
  isForm: true,
  asJson: {
    request: VideosRequest,
    example: { model: "sora-2", prompt: "A ship comes in", seconds: 4, size: "1280x720" },
  },
  answer: VideoAnswer,
})

export const remix = generation({
  operationId: "remixVideo",
  summary: "Make a video anew",
  description: `Another one of a finished video, as long and as large, by other words. ${HOLD} ${LATER}`,
  request: RemixRequest,
  example: { prompt: "The same at night" },
  answer: VideoAnswer,
  errors: ["not_found", "conflict"],
  path: ["video"],
})

const AI = { tag: "AI" } as const
const ONE = { ...AI, path: ["video"], errors: ["not_found"] } as const

export const list = read({
  ...AI,
  operationId: "listVideos",
  summary: "List videos",
  answer: VideosAnswer,
  errors: ["invalid_request"],
  query: {
    limit: t.Integer({ minimum: 1, maximum: 100, default: 20, description: "Videos of a page" }),
    after: t.String({ description: "The last one of the page before" }),
    order: t.Union([t.Literal("asc"), t.Literal("desc")], { default: "desc", description: "Oldest or newest first" }),
  },
})
export const one = read({ ...ONE, operationId: "getVideo", summary: "Read how far a video is", answer: VideoAnswer })
export const remove = read({
  ...ONE,
  operationId: "deleteVideo",
  summary: "Delete a video",
  answer: VideoDeleted,
  errors: ["not_found", "conflict"],
})
export const content = read({
  ...ONE,
  operationId: "getVideoContent",
  summary: "Download a video",
  answer: t.String({
    format: "binary",
    description:
      "The video, passed on from its provider as long as it is kept there. `Range` is answered with a part of it",
  }),
  errors: ["not_found", "conflict", "invalid_request", "provider_error"],
  query: {
    variant: t.Union([t.Literal("video"), t.Literal("thumbnail"), t.Literal("spritesheet")], {
      default: "video",
      description: "The video, or pictures of it where its provider makes some",
    }),
  },
  type: "video/mp4",
})

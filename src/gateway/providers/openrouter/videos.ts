// Videos of OpenRouter: one route for the models of many makers. A job has no size in its answers and no list; its file is fetched there by
// its place.
import type { JobWire } from "../jobs.ts"
import { withPicture } from "../openai/picture-json.ts"
import { jobsWire, toldJobs } from "../openai/videos.ts"
import { bearerAt } from "../openai/wire.ts"
import type { Account, Endpoint } from "../provider.ts"

const one = (account: Account, id: string, path = ""): Endpoint =>
  bearerAt(account, `${account.baseUrl}/videos/${encodeURIComponent(id)}${path}`)

const jobs: JobWire = {
  ...toldJobs,
  read: (account, id) => one(account, id),
  content: (account, id, variant) => (variant === "video" ? one(account, id, "/content?index=0") : null),
}

export const openrouterVideos = jobsWire({
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/videos`),
  encode({ model, question }) {
    const { prompt, seconds, size, ...more } = question.fields ?? {}
    const body = { ...more, model, prompt, duration: Number(seconds), size }
    return withPicture(question, body, (url) => ({
      frame_images: [{ type: "image_url", image_url: { url }, frame_type: "first_frame" }],
    }))
  },
  jobs,
})

// Videos of xAI (Grok Imagine), which speaks OpenAI's wire but for them: lengths and shapes have its own names, a job is a request, and where
// its file lies only its state tells.
import { cannot } from "../conversation.ts"
import type { JobWire } from "../jobs.ts"
import type { Account, EncodedForm, ModelRequest } from "../provider.ts"
import { withPicture } from "./picture-json.ts"
import { object } from "./usage.ts"
import { idOf, jobsWire, stateOf } from "./videos.ts"
import { bearerAt } from "./wire.ts"

export const isXai = ({ baseUrl }: Account): boolean => URL.parse(baseUrl)?.hostname === "api.x.ai"

/** As OpenAI names sizes. */
const SHAPES: Readonly<Record<string, { aspect_ratio: string; resolution: string }>> = {
  "854x480": { aspect_ratio: "16:9", resolution: "480p" },
  "480x854": { aspect_ratio: "9:16", resolution: "480p" },
  "1280x720": { aspect_ratio: "16:9", resolution: "720p" },
  "720x1280": { aspect_ratio: "9:16", resolution: "720p" },
  "1920x1080": { aspect_ratio: "16:9", resolution: "1080p" },
  "1080x1920": { aspect_ratio: "9:16", resolution: "1080p" },
}

function encode({ model, question }: ModelRequest): string | EncodedForm {
  const { prompt, seconds, size, ...more } = question.fields ?? {}
  const shape = SHAPES[String(size)]
  if (!shape) throw cannot("size", `This model makes ${Object.keys(SHAPES).join(", ")}`)
  const body = { ...more, model, prompt, duration: Number(seconds), ...shape }
  return withPicture(question, body, (url) => ({ image: { url } }))
}

type Json = Record<string, unknown>
const fileOf = (json: Json): string | null => {
  const { url } = object(json.video)
  return typeof url === "string" && URL.canParse(url) ? url : null
}

const jobs: JobWire = {
  needsState: true,
  submitted(text) {
    const { request_id: id } = object(JSON.parse(text))
    return { id: idOf({ id }), state: { status: "queued", progress: null, error: null, expiresMs: null } }
  },
  read: (account, id) => bearerAt(account, `${account.baseUrl}/videos/${encodeURIComponent(id)}`),
  state(text) {
    const json = object(JSON.parse(text))
    const state = stateOf(json)
    if (state.status !== "completed" || fileOf(json) !== null) return state
    const error = { code: "content_filter", message: "The provider's filters did not let it through." }
    return { ...state, status: "failed", error }
  },
  content(account, _, variant, text) {
    const url = fileOf(object(JSON.parse(text)))
    if (url === null || variant !== "video") return null
    // The key goes to nobody but the account's own server.
    const isOwn = new URL(url).origin === new URL(account.baseUrl).origin
    return isOwn ? bearerAt(account, url) : { url, headers: {} }
  },
}

export const xaiVideos = jobsWire({
  endpoint: (account) => bearerAt(account, `${account.baseUrl}/videos/generations`),
  encode,
  jobs,
})

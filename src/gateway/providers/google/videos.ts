// Videos of Google (Veo): an operation that runs long, looked after by its name. What it made is a file, which only its state tells; at Vertex AI it lies
// in the state itself.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { cannot } from "../conversation.ts"
import { brokenAnswer } from "../failure.ts"
import type { JobState, JobWire } from "../jobs.ts"
import { jsonWithFiles } from "../pieced.ts"
import type { Account, EncodedForm, Endpoint, ModelRequest, UpstreamFetch, Wire } from "../provider.ts"
import { refusal } from "./refusal.ts"

type Json = Record<string, unknown>
const object = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** As OpenAI names sizes. */
const SHAPES: Readonly<Record<string, { aspectRatio: string; resolution: string }>> = {
  "1280x720": { aspectRatio: "16:9", resolution: "720p" },
  "720x1280": { aspectRatio: "9:16", resolution: "720p" },
  "1920x1080": { aspectRatio: "16:9", resolution: "1080p" },
  "1080x1920": { aspectRatio: "9:16", resolution: "1080p" },
}

/** @param more what this API is told beside */
const encodeWith =
  (more: object): Wire["encode"] =>
  ({ question }: ModelRequest): string | EncodedForm => {
    const { prompt, seconds, size } = question.fields ?? {}
    const shape = SHAPES[String(size)]
    if (!shape) throw cannot("size", "This model makes 1280x720, 720x1280, 1920x1080 and 1080x1920")
    const parameters = { ...shape, durationSeconds: Number(seconds), ...more }
    const [image] = (question.conversation === null && question.files) || []
    if (!image) return JSON.stringify({ instances: [{ prompt }], parameters })
    const open = `{"instances":[{"prompt":${JSON.stringify(prompt)},"image":{"mimeType":${JSON.stringify(image.type)},"bytesBase64Encoded":"`
    return jsonWithFiles([open, image, `"}}],"parameters":${JSON.stringify(parameters)}}`])
  }

/** `models/veo-…/operations/…`: it becomes a part of an address. */
const NAME = /^(?:models\/[\w.-]{1,200}\/)?operations\/[\w-]{1,200}$/
/** Google keeps what it made for two days. */
const KEPT_MS = 2 * 86_400_000

const jobs = (headers: (account: Account) => Record<string, string>): JobWire => ({
  needsState: true,
  submitted(text) {
    const json = object(JSON.parse(text))
    if (typeof json.name !== "string" || !NAME.test(json.name)) throw new SyntaxError("an operation without a name")
    return { id: json.name, state: stateOf(json, madeByGemini) }
  },
  read: (account, id) => ({ url: `${account.baseUrl}/${id}`, headers: headers(account) }),
  state: (text) => stateOf(object(JSON.parse(text)), madeByGemini),
  content(account, _, variant, text): Endpoint | null {
    const uri = uriIn(object(JSON.parse(text)))
    if (uri === null || variant !== "video") return null
    // The key goes to nobody but the account's own server.
    const isOwn = URL.canParse(uri) && new URL(uri).origin === new URL(account.baseUrl).origin
    return { url: uri, headers: isOwn ? headers(account) : {} }
  },
})

/**
 * Vertex AI's: asked by POST for an operation by its whole name. What it made lies in its answer, for nobody is asked to put it into a bucket.
 * `projects/…/models/veo-…/operations/…`: a part of it becomes one of an address.
 */
const VERTEX_NAME =
  /^projects\/[\w.:-]{1,100}\/locations\/[\w-]{1,60}\/publishers\/google\/models\/([\w.-]{1,200})\/operations\/[\w-]{1,200}$/

const vertexJobs = (endpoint: VertexEndpoint): JobWire => ({
  fileIn: "bytesBase64Encoded",
  submitted(text) {
    const json = object(JSON.parse(text))
    if (typeof json.name !== "string" || !VERTEX_NAME.test(json.name))
      throw new SyntaxError("an operation without a name")
    return { id: json.name, state: stateOf(json, madeByVertex) }
  },
  async read(account, id, fetch) {
    const [, model = ""] = VERTEX_NAME.exec(id) ?? []
    const at = await endpoint(account, `${model}:fetchPredictOperation`, fetch)
    return { ...at, body: JSON.stringify({ operationName: id }) }
  },
  state: (text) => stateOf(object(JSON.parse(text)), madeByVertex),
  content: () => null,
})

/** A finished one, as far as its operation tells; null: there is none. */
type Made = (json: Json) => Pick<JobState, "expiresMs" | "bytes"> | null
const madeByGemini: Made = (json) => (uriIn(json) === null ? null : { expiresMs: Date.now() + KEPT_MS })
const madeByVertex: Made = (json) => {
  const { videos } = object(json.response)
  const [first] = Array.isArray(videos) ? videos : []
  const bytes = Number(object(first).bytesBase64Encoded)
  // How long an operation can be asked for is not said.
  return bytes > 0 ? { expiresMs: null, bytes } : null
}

const responseOf = ({ response }: Json): Json => object(object(response).generateVideoResponse)
/** Why its filters kept it back; both APIs have it in another place. */
const reasonOf = (json: Json): unknown => {
  const reasons = responseOf(json).raiMediaFilteredReasons ?? object(json.response).raiMediaFilteredReasons
  return Array.isArray(reasons) ? reasons[0] : undefined
}

function uriIn(json: Json): string | null {
  const { generatedSamples } = responseOf(json)
  const [first] = Array.isArray(generatedSamples) ? generatedSamples : []
  const { uri } = object(object(first).video)
  return typeof uri === "string" ? uri : null
}

function stateOf(json: Json, made: Made): JobState {
  if (json.name === undefined && json.done === undefined) throw new SyntaxError("no operation")
  const base = { progress: null, error: null, expiresMs: null }
  if (json.done !== true) return { ...base, status: "in_progress" }
  if (json.error !== undefined) {
    const { status, code, message } = object(json.error)
    const error = { code: String(status ?? code ?? "failed").toLowerCase(), message: String(message ?? "") }
    return { ...base, status: "failed", error }
  }
  const file = made(json)
  if (file) return { ...base, status: "completed", ...file }
  const reason = reasonOf(json)
  const message = typeof reason === "string" ? reason : "The provider's filters did not let it through."
  return { ...base, status: "failed", error: { code: "content_filter", message } }
}

const wireWith = (endpoint: Wire["endpoint"], jobs: JobWire, more: object): Wire => ({
  name: "videos",
  endpoint,
  encode: encodeWith(more),
  cannot: () => null,
  decodeStream: () => {
    throw brokenAnswer("videos do not stream")
  },
  decodeWhole: (text) => {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  },
  refusal,
  jobs,
})

export const videosWire = (headers: (account: Account) => Record<string, string>): Wire =>
  wireWith(
    (account, { model }) => ({
      url: `${account.baseUrl}/models/${encodeURIComponent(model)}:predictLongRunning`,
      headers: headers(account),
    }),
    jobs(headers),
    {},
  )

/** Of a method of a model: `veo-…:predictLongRunning`. */
type VertexEndpoint = (account: Account, method: string, fetch: UpstreamFetch) => Promise<Endpoint>

/** One, with sound: as it is priced. */
export const vertexVideosWire = (endpoint: VertexEndpoint): Wire =>
  wireWith(
    (account, { model }, fetch) => endpoint(account, `${encodeURIComponent(model)}:predictLongRunning`, fetch),
    vertexJobs(endpoint),
    { sampleCount: 1, generateAudio: true },
  )

// The wire of videos, OpenAI's and its imitators': a job is asked for, looked after by its id, fetched when it is done, and deleted.
import { GATEWAY_LIMITS } from "../../limits.ts"
import { brokenAnswer } from "../failure.ts"
import type { JobState, JobWire, ListedJob } from "../jobs.ts"
import { encodeForm } from "../multipart.ts"
import type { Account, Endpoint, ModelRequest, Wire } from "../provider.ts"
import { refusal } from "./refusal.ts"
import { object } from "./usage.ts"
import { bearerAt } from "./wire.ts"

type Json = Record<string, unknown>

const at = (account: Account, path: string): Endpoint => bearerAt(account, `${account.baseUrl}/videos${path}`)
const one = (account: Account, id: string, path = ""): Endpoint => at(account, `/${encodeURIComponent(id)}${path}`)

/** What a job is told as: its id and its state in one object. */
export const toldJobs: Pick<JobWire, "submitted" | "state"> = {
  submitted(text) {
    const json = object(JSON.parse(text))
    return { id: idOf(json), state: stateOf(json) }
  },
  state: (text) => stateOf(object(JSON.parse(text))),
}

const jobs: JobWire = {
  ...toldJobs,
  read: (account, id) => one(account, id),
  content: (account, id, variant) => one(account, id, variant === "video" ? "/content" : `/content?variant=${variant}`),
  remove: (account, id) => one(account, id),
  remix: (account, id, { question }) => ({
    at: one(account, id, "/remix"),
    body: JSON.stringify({ prompt: question.fields?.prompt }),
  }),
  list: (account) => at(account, "?limit=100&order=desc"),
  listed,
}

/** A wire whose answers are jobs. */
export const jobsWire = (own: Pick<Wire, "endpoint" | "encode"> & { jobs: JobWire }): Wire => ({
  name: "videos",
  cannot: () => null,
  decodeStream: () => {
    throw brokenAnswer("videos do not stream")
  },
  decodeWhole: (text) => {
    throw brokenAnswer({ body: text.slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax) })
  },
  refusal,
  ...own,
})

export const videosWire = jobsWire({
  endpoint: (account) => at(account, ""),
  encode: (request: ModelRequest) =>
    request.question.conversation === null && request.question.files?.length
      ? encodeForm(request)
      : JSON.stringify({ ...request.question.fields, model: request.model }),
  jobs,
})

const ID_CHARS_MAX = 500
/** @throws SyntaxError when it names none */
export function idOf({ id }: Json): string {
  if (typeof id !== "string" || id === "" || id.length > ID_CHARS_MAX) throw new SyntaxError("a job without an id")
  return id
}

/** Words of the many servers that imitate it, too; one that nobody knows is of a job under way. */
const STATUS: Readonly<Record<string, JobState["status"]>> = {
  queued: "queued",
  pending: "queued",
  completed: "completed",
  done: "completed",
  succeeded: "completed",
  failed: "failed",
  cancelled: "failed",
  canceled: "failed",
  expired: "failed",
  error: "failed",
}

/** @throws SyntaxError when it says nothing of a job */
export function stateOf(json: Json): JobState {
  const { status, progress, expires_at } = json
  if (typeof status !== "string") throw new SyntaxError("a job without a status")
  const said = typeof json.error === "string" ? { message: json.error } : object(json.error)
  const known = Object.hasOwn(STATUS, status) ? STATUS[status]! : "in_progress"
  return {
    status: known,
    progress: typeof progress === "number" && progress >= 0 && progress <= 100 ? Math.floor(progress) : null,
    error:
      known === "failed"
        ? { code: typeof said.code === "string" ? said.code : status, message: String(said.message ?? "") }
        : null,
    expiresMs: typeof expires_at === "number" && expires_at > 0 ? expires_at * 1_000 : null,
  }
}

function listed(text: string): ListedJob[] {
  const { data } = object(JSON.parse(text))
  return (Array.isArray(data) ? data.map(object) : []).flatMap(({ id, prompt, model, seconds, size, created_at }) =>
    typeof id === "string" && id !== "" && id.length <= ID_CHARS_MAX && typeof prompt === "string"
      ? [
          {
            id,
            prompt,
            model: String(model),
            seconds: Number(seconds),
            size: String(size),
            createdMs: Number(created_at) * 1_000,
          },
        ]
      : [],
  )
}

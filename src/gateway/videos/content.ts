// What a finished video is, passed on from its provider: whole or in ranges, as long as it is kept there. Its address is the provider's word:
// one on the account's own server gets the account's key; any other is judged as one that a person gave, and gets none.
import { AppError } from "../../app/index.ts"
import { CORS } from "../envelope.ts"
import type { Endpoint, Variant } from "../providers/index.ts"
import { fileAnswer } from "./file-in-answer.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import { type At, askedFor, placeOf, readJob } from "./looking.ts"
import { isOpen } from "./rules.ts"
import type { VideoRow } from "./store.ts"
import type { VideoDeps } from "./types.ts"

const VARIANTS: readonly Variant[] = ["video", "thumbnail", "spritesheet"]
const RANGE = /^bytes=\d{0,15}-\d{0,15}$/
const TYPE = /^(video|image)\/[a-z0-9.+-]{1,40}$/
const PASSED = ["content-length", "content-range", "accept-ranges", "etag", "last-modified"] as const

/** @throws AppError invalid_request */
export function variantIn(request: Request): Variant {
  const said = new URL(request.url).searchParams.get("variant") ?? "video"
  const variant = VARIANTS.find((one) => one === said)
  if (variant) return variant
  throw new AppError("invalid_request", `\`variant\` must be ${VARIANTS.join(" or ")}.`, { param: "variant" })
}

/** @throws AppError conflict, not_found, provider_error */
export async function contentOf(
  deps: VideoDeps,
  row: VideoRow,
  variant: Variant,
  request: Request,
  requestId: string,
): Promise<Response> {
  if (isOpen(row)) throw new AppError("conflict", "This video is not done yet. Ask again when its status is completed.")
  if (row.status === "failed" || row.jobId === null) throw gone("This video could not be made.")
  if (row.expiresMs !== null && row.expiresMs <= deps.clock.now()) throw gone("This video has expired.")
  const at = placeOf(deps, row)
  if (!at) throw gone("The provider of this video is not there any more.")
  const range = request.headers.get("range")
  const headers = { "accept-encoding": "identity", ...(range && RANGE.test(range) ? { range } : {}) }
  const leaving = new AbortController()
  request.signal.addEventListener("abort", () => leaving.abort(), { once: true })
  const response = await opened(deps, at, { row, variant, headers }, leaving)
  return told(response, leaving, requestId)
}

const gone = (words: string): AppError => new AppError("not_found", words, { param: "video_id" })
const broken = (error: unknown): AppError =>
  new AppError("provider_error", "The AI provider did not send this video. Try again.", {}, error)

async function opened(
  deps: VideoDeps,
  at: At,
  asked: { row: VideoRow; variant: Variant; headers: Record<string, string> },
  { signal }: AbortController,
): Promise<Response> {
  const { upstream } = at
  try {
    if (at.jobs.fileIn !== undefined) return await sentInside(at, at.jobs.fileIn, asked, signal)
    const endpoint = await endpointOf(at, asked.row.jobId!, asked.variant)
    if (!endpoint) throw noVariant()
    const first = await fetched(deps, at, endpoint, asked.headers, signal)
    const next = first.status >= 300 && first.status < 400 ? first.headers.get("location") : null
    if (next === null || !URL.canParse(next, endpoint.url)) return first
    void first.body?.cancel().catch(() => {})
    // Files lie elsewhere: one step, and no key.
    return await fetched(deps, at, { url: new URL(next, endpoint.url).href, headers: {} }, asked.headers, signal)
  } catch (error) {
    if (error instanceof AppError) throw error
    deps.log.warn("videos.content_failed", { video: asked.row.publicId, upstream: upstream.name, error })
    throw broken(error)
  }
}

/** The answer about the job holds the file. */
function sentInside(
  at: At,
  member: string,
  { row, variant, headers }: { row: VideoRow; variant: Variant; headers: Record<string, string> },
  signal: AbortSignal,
): Promise<Response> {
  if (variant !== "video") throw noVariant()
  const part = { range: headers.range ?? null, size: row.fileBytes }
  return fileAnswer(() => askedFor(at, row.jobId!, signal), member, part)
}

const noVariant = () => new AppError("invalid_request", "This model makes no such variant.", { param: "variant" })

async function endpointOf(at: At, jobId: string, variant: Variant): Promise<Endpoint | null> {
  const state = at.jobs.needsState ? await readJob(at, jobId) : ""
  if (state === null) throw gone("This video has expired.")
  return at.jobs.content(at.upstream.account, jobId, variant, state)
}

function fetched(
  { forward }: Pick<VideoDeps, "forward">,
  { upstream }: At,
  { url, headers }: Endpoint,
  more: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const { "content-type": _, ...own } = headers
  const all = { ...own, ...more }
  if (new URL(url).origin !== new URL(upstream.account.baseUrl).origin)
    return forward(url, { method: "GET", headers: Object.entries(all), body: null, signal })
  return upstream.fetch(url, { method: "GET", headers: all, signal, redirect: "manual", decompress: false })
}

function told(response: Response, leaving: AbortController, requestId: string): Response {
  const { status } = response
  const drop = () => void response.body?.cancel().catch(() => {})
  if (status === 404 || status === 410) {
    drop()
    throw gone("This video has expired.")
  }
  const type = (response.headers.get("content-type") ?? "").split(";")[0]!.trim().toLowerCase()
  const isFile = status === 200 || status === 206
  if (!isFile && status !== 416) {
    drop()
    throw broken({ status })
  }
  if (isFile && (!TYPE.test(type) || response.headers.has("content-encoding"))) {
    drop()
    throw broken({ type })
  }
  const headers = new Headers({ ...CORS, "x-request-id": requestId, "cache-control": "private, no-store" })
  if (isFile) headers.set("content-type", type)
  for (const name of PASSED) {
    const value = response.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  if (isFile && response.body) return new Response(pulled(response.body, leaving), { status, headers })
  drop()
  return new Response(null, { status, headers })
}

/** Read as it is taken, so that a slow reader fills no memory; one that stops sending is given up. */
function pulled(body: ReadableStream<Uint8Array>, leaving: AbortController): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(to) {
        const timer = setTimeout(() => leaving.abort(), L.gapMs)
        try {
          const { done, value } = await reader.read()
          if (done) to.close()
          else to.enqueue(value)
        } catch {
          to.error(new Error("the file broke off"))
        } finally {
          clearTimeout(timer)
        }
      },
      cancel() {
        leaving.abort()
        void reader.cancel().catch(() => {})
      },
    },
    { highWaterMark: 0 },
  )
}

// The sandbox's videos: jobs that need no memory, since their ids say what they are. They are done at once, or as they were told.
import type { UpstreamInit } from "../provider.ts"
import { before, toldIn } from "./magic.ts"
import { mp4 } from "./movie.ts"
import { png, sidesOf } from "./picture.ts"

interface Job {
  act: string
  /** When it is done. */
  endMs: number
  createdMs: number
  seconds: number
  size: string
  seed: string
  model: string
}

const PREFIX = "sandboxvideo_"
/** Pictures of a test are small. */
const SIDE_MAX = 320

/** @returns null: this is nothing of videos */
export async function filmed(url: string, init: UpstreamInit): Promise<Response | null> {
  const found = /\/videos(?:\/([^/?]+))?(\/[a-z]+)?(?:\?.*)?$/.exec(url)
  if (!found) return null
  const [, id = "", more = ""] = found
  if (init.method === "POST") return asked(init, id === "" ? null : jobIn(id))
  if (id === "") return Response.json({ object: "list", data: [] })
  const job = jobIn(id)
  if (!job) return Response.json({ error: { message: "There is no such video.", code: "not_found" } }, { status: 404 })
  if (init.method === "DELETE") return Response.json({ id, object: "video.deleted", deleted: true })
  return more === "/content" ? content(job, url, init) : Response.json(document(id, job))
}

async function asked(init: UpstreamInit, from: Job | null): Promise<Response> {
  const body = init.form
    ? Object.fromEntries(init.form.fields)
    : (JSON.parse(typeof init.body === "string" ? init.body : "{}") as Record<string, string>)
  const prompt = body.prompt ?? ""
  const told = toldIn(prompt)
  if (told.act === "refuse") {
    const error = {
      message: "The sandbox was told to refuse.",
      type: "invalid_request_error",
      code: "moderation_blocked",
    }
    return Response.json({ error }, { status: 400 })
  }
  // Told a status, it is refused; without one it is taken, and fails.
  const isRefused = told.act === "fail" && /^\s*sandbox:\s?fail[\s=]+\d/i.test(prompt)
  const instead = isRefused ? await before(told, init.signal) : null
  if (instead) return instead
  // Told to break, its answer is lost.
  if (told.act === "break") throw Object.assign(new Error("the sandbox broke off"), { code: "ECONNRESET" })
  const createdMs = Date.now()
  const job: Job = {
    act: told.act,
    createdMs,
    endMs: createdMs + (told.act === "stall" ? told.ms : 0),
    seconds: from?.seconds ?? Number(body.seconds ?? 4),
    size: from?.size ?? body.size ?? "720x1280",
    seed: Bun.hash.xxHash32(prompt).toString(36),
    model: from?.model ?? body.model ?? "",
  }
  // Its name is its own, though the same was asked for before.
  const salt = crypto.randomUUID().slice(0, 8)
  const id = `${PREFIX}${Buffer.from(JSON.stringify({ ...job, salt })).toString("base64url")}`
  return Response.json({ ...document(id, job), status: "queued", progress: 0, completed_at: null })
}

function jobIn(id: string): Job | null {
  if (!id.startsWith(PREFIX)) return null
  try {
    return JSON.parse(Buffer.from(id.slice(PREFIX.length), "base64url").toString()) as Job
  } catch {
    return null
  }
}

function document(id: string, { act, endMs, createdMs, seconds, size, model }: Job) {
  const isDone = Date.now() >= endMs
  const isFailed = isDone && act === "fail"
  return {
    id,
    object: "video",
    model,
    status: isFailed ? "failed" : isDone ? "completed" : "in_progress",
    progress: isDone ? 100 : 50,
    created_at: Math.floor(createdMs / 1_000),
    completed_at: isDone ? Math.floor(endMs / 1_000) : null,
    expires_at: Math.floor(createdMs / 1_000) + 86_400,
    seconds: String(seconds),
    size,
    error: isFailed ? { code: "sandbox_failed", message: "The sandbox was told to fail." } : null,
  }
}

function content(job: Job, url: string, init: UpstreamInit): Response {
  const [width, height] = smaller(job.size)
  const picture = (at: number) => Buffer.from(png(`${job.seed}${at}`, width, height), "base64")
  const isVideo = !/[?&]variant=(thumbnail|spritesheet)/.test(url)
  const frames = Array.from({ length: isVideo ? job.seconds : 1 }, (_, at) => picture(at))
  const bytes = new Uint8Array(isVideo ? mp4(frames, width, height) : frames[0]!)
  const headers = { "content-type": isVideo ? "video/mp4" : "image/png", "accept-ranges": "bytes" }
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(init.headers.range ?? "") ?? []
  if (from === undefined) return new Response(bytes, { headers })
  const start = Number(from)
  const end = Math.min(to ? Number(to) : bytes.length - 1, bytes.length - 1)
  const range = `${start > end ? "*" : `${start}-${end}`}/${bytes.length}`
  if (start > end) return new Response(null, { status: 416, headers: { "content-range": `bytes ${range}` } })
  const partial = { ...headers, "content-range": `bytes ${range}` }
  return new Response(bytes.subarray(start, end + 1), { status: 206, headers: partial })
}

function smaller(size: string): [number, number] {
  const [width, height] = sidesOf(size)
  const by = Math.min(1, SIDE_MAX / Math.max(width, height))
  return [Math.round(width * by), Math.round(height * by)]
}

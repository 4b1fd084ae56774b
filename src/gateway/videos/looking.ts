// How far a video is: asked of its provider by whoever wants to know, and by a job of the server, each time by any of several. What they
// find is written by compare and set.
import { Lru } from "../../app/index.ts"
import { readDecoded } from "../../http/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { type JobState, type JobWire, utf8 } from "../providers/index.ts"
import type { ReadyUpstream } from "../types.ts"
import { type Ended, endIn } from "./ending.ts"
import { textBeside } from "./file-in-answer.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import { adoptLost } from "./lost.ts"
import { isOpen, nextLookMs } from "./rules.ts"
import { dropLease, dueVideos, setNext, setUnderWay, takeLease, type VideoRow, videoById } from "./store.ts"
import type { VideoDeps } from "./types.ts"

const CTX: WriteContext = { actor: "system:videos", requestId: "job:videos", reason: "how far it is" }
const SETTLE = { lane: "settle" } as const

export interface At {
  upstream: ReadyUpstream
  jobs: JobWire
}

/** Null: its account is gone, or cannot be opened. One that was asked for with a key of its person's is at that key alone. */
export function placeOf(
  { registry, ring, store }: Pick<VideoDeps, "registry" | "ring" | "store">,
  row: VideoRow,
): At | null {
  const operators = registry.byId(store.read, row.upstreamId)
  const upstream = row.ownKey === null ? operators : operators && (ring?.at(row.userId, row.ownKey, operators) ?? null)
  const jobs = upstream?.provider.wireFor("videos", upstream.account)?.jobs
  return upstream && jobs ? { upstream, jobs } : null
}

/** The answer about a job. */
export async function askedFor({ upstream, jobs }: At, id: string, signal: AbortSignal): Promise<Response> {
  const { url, headers, body } = await jobs.read(upstream.account, id, upstream.fetch)
  const how = body === undefined ? ({ method: "GET" } as const) : ({ method: "POST", body } as const)
  return upstream.fetch(url, { ...how, headers, signal, redirect: "manual", decompress: false })
}

/** @throws whatever keeps from reading it; null: there is no such job */
export async function readJob({ upstream, jobs }: At, id: string): Promise<string | null> {
  const signal = AbortSignal.timeout(jobs.fileIn === undefined ? L.readMs : L.readFileMs)
  const response = await askedFor({ upstream, jobs }, id, signal)
  const text =
    jobs.fileIn === undefined
      ? utf8(await readDecoded(response, L.answerBytesMax))
      : await textBeside(response, jobs.fileIn)
  if (response.status === 404 || response.status === 410) return null
  if (!response.ok) throw new Error(`status ${response.status}`)
  return text
}

const lost = (message: string): Ended => ({ status: "failed", code: "video_lost", message })

/** Nobody else's key can ask for it. */
const KEY_GONE: Ended = {
  status: "failed",
  code: "own_key_removed",
  message: "The key of yours that it was asked for with was deleted. What was held of your credits is yours again.",
}

/** Looks once. Never throws for what a provider does. */
export async function look(deps: VideoDeps, row: VideoRow): Promise<void> {
  const nowMs = deps.clock.now()
  const ageMs = nowMs - row.createdMs
  if (ageMs > L.openMsMax) return end(deps, row, lost("It was not done within a day. Its credits are yours again."))
  if (row.status === "submitting" && deps.submitting.has(row.id)) return later(deps, row)
  if (row.ownKey !== null && !deps.ring?.knows(row.ownKey)) return end(deps, row, KEY_GONE)
  const at = placeOf(deps, row)
  if (row.status === "submitting") {
    const found = await adoptLost(deps, row, at)
    if (found === "none" && ageMs > L.lostMs)
      return end(
        deps,
        row,
        lost("The provider’s answer was lost, and it has no such video. Its credits are yours again."),
      )
    return found === "adopted" ? undefined : later(deps, row)
  }
  if (!at || row.jobId === null) return later(deps, row)
  let state: JobState
  try {
    const text = await readJob(at, row.jobId)
    if (text === null) {
      if (ageMs <= L.unknownMs) return later(deps, row)
      return end(deps, row, lost("The provider does not know it any more. Its credits are yours again."))
    }
    state = at.jobs.state(text)
  } catch (error) {
    deps.log.warn("videos.unread", { video: row.publicId, upstream: at.upstream.name, error })
    return later(deps, row)
  }
  await note(deps, row, state)
}

async function note(deps: VideoDeps, row: VideoRow, state: JobState): Promise<void> {
  const { status, error, expiresMs, progress } = state
  if (status === "completed") return end(deps, row, { status, expiresMs, bytes: state.bytes ?? null })
  if (status === "failed") {
    const { code, message } = error ?? { code: "failed", message: "" }
    return end(deps, row, { status, code, message })
  }
  const nextMs = nextLookMs(deps.clock.now(), row.tries)
  await deps.store.write(CTX, (tx) => setUnderWay(tx, row.id, { status, progress: progress ?? row.progress, nextMs }))
}

const later = (deps: VideoDeps, row: VideoRow): Promise<void> =>
  deps.store.write(CTX, (tx) => setNext(tx, row.id, nextLookMs(deps.clock.now(), row.tries)))

async function end(deps: VideoDeps, row: VideoRow, ended: Ended): Promise<void> {
  await deps.store.write({ ...CTX, requestId: row.callId }, (tx) => void endIn(deps, tx, row, ended), SETTLE)
}

/** For whoever asks for one: as it is by now, at most a moment old. */
export function createRefresh(deps: VideoDeps): (row: VideoRow) => Promise<VideoRow | null> {
  const running = new Map<number, Promise<void>>()
  const seenMs = new Lru<number>(10_000)
  return async (row) => {
    if (!isOpen(row)) return row
    const known = running.get(row.id)
    const nowMs = deps.clock.now()
    if (!known && nowMs - (seenMs.get(row.publicId) ?? Number.NEGATIVE_INFINITY) < L.readEveryMs) return row
    if (!known) seenMs.set(row.publicId, nowMs)
    const looking = known ?? look(deps, row).finally(() => running.delete(row.id))
    if (!known) running.set(row.id, looking)
    await looking
    return videoById(deps.store.read, row.id)
  }
}

/** Those that are due, each under a lease. @returns whether more may be */
export async function lookAfter(deps: VideoDeps): Promise<boolean> {
  const { store, clock } = deps
  const due = dueVideos(store.read, clock.now(), L.lookingMax)
  await Promise.all(
    due.map(async (row) => {
      const isOurs = await store.write(CTX, (tx) => takeLease(tx, row.id, tx.now + L.leaseMs))
      if (!isOurs) return
      try {
        await look(deps, row)
      } finally {
        await store.write(CTX, (tx) => dropLease(tx, row.id))
      }
    }),
  )
  return due.length === L.lookingMax
}

// A job whose provider's answer never came: by a crash, a broken line, an answer that nobody can read. It is looked for in the provider's
// list by what was asked, and is never asked for again. Jobs of the same question are alike: any that is nobody's is this one's.
import { sha256Hex } from "../../app/index.ts"
import { readDecoded } from "../../http/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { type ListedJob, utf8 } from "../providers/index.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import type { At } from "./looking.ts"
import { jobIsKnown, setJob, type VideoRow } from "./store.ts"
import type { VideoDeps } from "./types.ts"

const CTX: WriteContext = { actor: "system:videos", requestId: "job:videos", reason: "an answer was lost" }
/** Clocks differ. */
const CLOCK_MS = 120_000

/** `none`: its provider has none, or lists none. `unread`: nobody could tell. */
export async function adoptLost(deps: VideoDeps, row: VideoRow, at: At | null): Promise<"adopted" | "none" | "unread"> {
  if (!at) return "unread"
  const { list, listed } = at.jobs
  if (!list || !listed) return "none"
  let all: ListedJob[]
  try {
    const { url, headers } = list(at.upstream.account)
    const response = await at.upstream.fetch(url, {
      method: "GET",
      headers,
      signal: AbortSignal.timeout(L.readMs),
      redirect: "manual",
      decompress: false,
    })
    const text = utf8(await readDecoded(response, L.answerBytesMax))
    // A server without a list has none to look in.
    if (response.status === 404 || response.status === 405) return "none"
    if (!response.ok) throw new Error(`status ${response.status}`)
    all = listed(text)
  } catch (error) {
    deps.log.warn("videos.list_unread", { video: row.publicId, upstream: at.upstream.name, error })
    return "unread"
  }
  for (const job of all.toReversed()) {
    if (!isLike(job, row)) continue
    const isTaken = await deps.store.write(CTX, (tx) => {
      if (jobIsKnown(tx, row, job.id)) return false
      return setJob(tx, row.id, job.id, tx.now)
    })
    if (isTaken) return "adopted"
  }
  return "none"
}

const isLike = (job: ListedJob, row: VideoRow): boolean =>
  job.seconds === row.seconds &&
  job.size === row.size &&
  job.createdMs >= row.createdMs - CLOCK_MS &&
  job.createdMs <= row.createdMs + L.lostMs + CLOCK_MS &&
  sha256Hex(job.prompt) === row.promptHash

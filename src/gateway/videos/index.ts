// The door of videos: the handlers of /v1/videos, and what the server does about them by itself.
import { AppError, DAY_MS, type UserId } from "../../app/index.ts"
import type { RequestContext } from "../../http/index.ts"
import type { Tx } from "../../store/index.ts"
import { authenticate, requireScope } from "../admit.ts"
import { askedOnce } from "../charge/once.ts"
import { answerV1, v1Json } from "../envelope.ts"
import { refuse } from "../run/call.ts"
import type { Caller } from "../types.ts"
import { contentOf, variantIn } from "./content.ts"
import { createVideo } from "./create.ts"
import { Downloads, ending } from "./downloads.ts"
import { endIn } from "./ending.ts"
import { readRemix, readVideo } from "./fields.ts"
import { ENDPOINT, SCOPE } from "./holding.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import { listOf } from "./list.ts"
import { createRefresh, lookAfter, placeOf } from "./looking.ts"
import type { Wanted } from "./price.ts"
import { isOpen, videoJson } from "./rules.ts"
import { deleteOld, deleteVideo, deleteVideosOf, openRowsOf, type VideoRow, videoOf } from "./store.ts"
import type { VideoDeps, Videos } from "./types.ts"

export type { Videos } from "./types.ts"

/** How long what is over stands in the list. */
const VIDEO_DAYS = 30
const FORGET = { actor: "system:forget-videos", requestId: "job:forget-videos", reason: "older than they are kept" }

const notFound = (): AppError => new AppError("not_found", "There is no video with this id.", { param: "video_id" })

export function createVideos(deps: VideoDeps): Videos {
  const refresh = createRefresh(deps)
  const downloads = new Downloads()

  /** @throws AppError */
  const callerOf = async (request: Request, known?: Caller): Promise<Caller> => {
    const caller = known ?? (await authenticate(deps, request))
    requireScope(caller, SCOPE, deps)
    return caller
  }
  const owned = (caller: Caller, id: string): VideoRow => {
    const row = videoOf(deps.store.read, caller, id)
    if (!row) throw notFound()
    return row
  }
  const fresh = async (caller: Caller, id: string): Promise<VideoRow> => {
    const row = await refresh(owned(caller, id))
    if (!row) throw notFound()
    return row
  }
  const read = (
    request: Request,
    known: Caller | undefined,
    run: (caller: Caller, requestId: string) => Promise<object> | object,
  ) =>
    answerV1(deps.log, request, async (_, { requestId }) =>
      v1Json(await run(await callerOf(request, known), requestId), requestId),
    )

  const charge = (request: Request, wantedOf: (caller: Caller) => Promise<Wanted>, known?: Caller) =>
    answerV1(deps.log, request, (_, context) => charged(deps, request, context, wantedOf, known))

  return {
    create: (request, known) => charge(request, (caller) => newIn(request, caller), known),
    remix: (request, id) => charge(request, (caller) => remixOf(request, caller, owned(caller, id))),
    list: (request, known) => read(request, known, (caller) => listOf(deps.store.read, caller, request.url)),
    one: (request, id, known) => read(request, known, async (caller) => videoJson(await fresh(caller, id))),
    content: (request, id, known) =>
      answerV1(deps.log, request, async (_, context) => {
        const caller = await callerOf(request, known)
        const variant = variantIn(request)
        const row = await fresh(caller, id)
        context.server?.timeout(request, 0)
        return downloads.within(caller.userId, (done) =>
          contentOf(deps, row, variant, request, context.requestId).then((answer) => ending(answer, done)),
        )
      }),
    remove: (request, id, known) =>
      read(request, known, async (caller, requestId) => {
        const row = await fresh(caller, id)
        await removed(deps, caller, row, requestId)
        return { id: row.publicId, object: "video.deleted", deleted: true }
      }),
    lookAfter: () => lookAfter(deps),
    forget: (rows) => deps.store.write(FORGET, (tx) => deleteOld(tx, tx.now - VIDEO_DAYS * DAY_MS, rows)),
    letGoIn: (tx, userId) => letGoIn(deps, tx, userId),
    eraseIn: (tx, userId, rows) => deleteVideosOf(tx, userId, rows),
  }
}

async function charged(
  deps: VideoDeps,
  request: Request,
  context: RequestContext,
  wantedOf: (caller: Caller) => Promise<Wanted>,
  known?: Caller,
): Promise<Response> {
  const asked = { endpoint: ENDPOINT, scope: SCOPE, requested: "", stream: false } as const
  const caller =
    known ?? (await authenticate(deps, request, (proven, error) => refuse(deps, proven, context, asked, error)))
  let wanted: Wanted | null = null
  let isHeld = false
  try {
    requireScope(caller, SCOPE, deps)
    const once = askedOnce(request)
    wanted = await wantedOf(caller)
    context.server?.timeout(request, 0)
    const onHeld = () => {
      isHeld = true
    }
    return await createVideo(deps, { caller, once, context, onHeld }, wanted)
  } catch (error) {
    const requested = wanted?.question.model ?? ""
    if (error instanceof AppError && !isHeld) refuse(deps, caller, context, { ...asked, requested }, error)
    throw error
  } finally {
    wanted?.question.upload?.discard()
  }
}

/** @throws AppError invalid_request */
const newIn = async (request: Request, { userId }: Caller): Promise<Wanted> => ({
  question: await readVideo(request, `user:${userId}`),
  remixOf: null,
})

/** @throws AppError invalid_request, conflict, not_found */
async function remixOf(request: Request, { userId }: Caller, from: VideoRow): Promise<Wanted> {
  const question = await readRemix(request, `user:${userId}`, from)
  if (isOpen(from)) throw new AppError("conflict", "This video is not done yet. Remix it when it is.")
  if (from.status === "failed") throw notFound()
  return { question, remixOf: from }
}

/** Deleted here, and there as far as its provider listens. @throws AppError conflict */
async function removed(deps: VideoDeps, caller: Caller, row: VideoRow, requestId: string): Promise<void> {
  if (isOpen(row)) throw new AppError("conflict", "This video is being made. Delete it when it is done.")
  const at = placeOf(deps, row)
  const endpoint = at && row.jobId !== null ? (at.jobs.remove?.(at.upstream.account, row.jobId) ?? null) : null
  const ctx = { actor: caller.actor, onBehalfOf: `user:${caller.userPublicId}`, requestId, reason: "deleted" }
  await deps.store.write(ctx, (tx) => deleteVideo(tx, row.id))
  if (!at || !endpoint) return
  const { url, headers } = endpoint
  const signal = AbortSignal.timeout(L.readMs)
  try {
    const init = { method: "DELETE" as const, headers, signal, redirect: "manual" as const, decompress: false as const }
    await (await at.upstream.fetch(url, init)).body?.cancel()
  } catch (error) {
    deps.log.warn("videos.not_deleted", { video: row.publicId, upstream: at.upstream.name, error })
  }
}

const LET_GO = { status: "failed", code: "account_deleted", message: "" } as const

function letGoIn(deps: VideoDeps, tx: Tx, userId: UserId): void {
  const told = { status: 499, errorCode: "not_found" }
  for (const row of openRowsOf(tx, userId)) endIn(deps, tx, row, { ...LET_GO, told })
}

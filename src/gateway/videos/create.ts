// A video is asked for: its whole price is held and its row written in one body, before anybody is asked (holding.ts); then it is asked for
// once. Whoever dies in between leaves a row that says so.
import { creditsDecimal, nano } from "../../app/index.ts"
import type { RequestContext } from "../../http/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { settledSurely } from "../charge/held.ts"
import {
  answerRepeat,
  documentOf,
  finishKeyIn,
  type OnceCall,
  onceCallOf,
  Repeated,
  sealAnswerIn,
} from "../charge/once.ts"
import { asTold } from "../charge/refusal.ts"
import { insertAttempts } from "../routing/store.ts"
import { admit } from "../run/admission.ts"
import type { AskedOnce, Caller } from "../types.ts"
import { type Asked, askInTurn } from "./asking.ts"
import { endIn } from "./ending.ts"
import { ENDPOINT, holdIn, type ToHold, type VideoHold } from "./holding.ts"
import { offersOf, picturesIn, quotesOf, type Wanted } from "./price.ts"
import { nextLookMs, videoJson } from "./rules.ts"
import { deleteVideo, setJob, type VideoRow, videoByCall, videoById } from "./store.ts"
import type { VideoDeps } from "./types.ts"

const DIALECT = { name: "videos", params: { prompt: "prompt", most: () => "seconds" } } as const

/** Who asks, and how. */
export interface Asking {
  caller: Caller
  once: AskedOnce | null
  context: Pick<RequestContext, "requestId" | "startMs">
  /** From here on the books know of it. */
  onHeld(): void
}

/** @throws AppError */
export async function createVideo(deps: VideoDeps, asking: Asking, wanted: Wanted): Promise<Response> {
  const { caller, once: asked, context } = asking
  const { requestId } = context
  const quotes = quotesOf(deps, caller, wanted)
  const pictures = picturesIn(wanted.question)
  const shared = quotes.map((quote) => quote.withoutShare())
  const offers = {
    own: offersOf(deps, { quotes, pictures }, caller.developer),
    sponsored: offersOf(deps, { quotes: shared, pictures }, null),
  }
  const once = onceCallOf({ once: asked, caller, endpoint: ENDPOINT, requestId })
  const onBehalfOf = `user:${caller.userPublicId}`
  const ctx: WriteContext = { actor: caller.actor, onBehalfOf, requestId, reason: wanted.question.model }
  const ticket = admit(deps, caller, DIALECT, wanted.question, wanted.question)
  try {
    const to: ToHold = { requestId, caller, asked, once, ticket, wanted, offers, publicId: deps.ids.next("video") }
    const held = await deps.store.write(ctx, (tx) => holdIn(deps, tx, to), { lane: "hold" })
    asking.onHeld()
    deps.submitting.add(held.row.id)
    deps.works.begin(requestId, caller.userId)
    return await askedFor(deps, ctx, to, held)
  } catch (error) {
    if (once && error instanceof Repeated) return repeated(deps, once, error)
    throw asTold(deps, error)
  } finally {
    ticket.release()
    deps.works.end(requestId)
  }
}

async function askedFor(deps: VideoDeps, ctx: WriteContext, to: ToHold, first: VideoHold): Promise<Response> {
  const { once, ticket, requestId, wanted } = to
  const { id, publicId } = first.row
  let asked: Asked
  try {
    asked = await askInTurn(deps, ctx, to, first)
  } finally {
    deps.submitting.delete(id)
  }
  const { result, hold, attempts } = asked
  const settled = <T>(body: (tx: Tx) => T) => settledSurely(deps, ctx, requestId, body as (tx: Tx) => never)
  if (result.kind === "refused") {
    const { error } = result.failure
    await settled((tx) => refusedIn(deps, tx, to, asked))
    throw error
  }
  if (result.kind === "unclear") {
    deps.log.error("videos.unclear", { request: requestId, video: publicId, error: result.error })
  }
  const text = await settled((tx) => {
    if (result.kind === "accepted") nameJob(deps, tx, first.row, result.jobId)
    insertAttempts(tx, requestId, attempts)
    const answer = JSON.stringify(videoJson(videoById(tx, id) ?? first.row, wanted.question.prompt))
    if (once)
      finishKeyIn(tx, named(to), once, { status: 200 }, unpaid(hold), sealAnswerIn(tx, deps.keyring, once, answer))
    return answer
  })
  return documentOf(
    text,
    requestId,
    { chargedNano: nano(0), balanceAfterNano: hold.balanceAfterNano },
    { ...ticket.headers(), "x-credits-held": creditsDecimal(hold.amountNano) },
  )
}

const named = ({ asked: once, requestId, caller }: ToHold) => ({ once, endpoint: ENDPOINT, requestId, caller }) as const
const unpaid = ({ balanceAfterNano }: Pick<VideoHold["hold"], "balanceAfterNano">) => ({
  chargedNano: nano(0),
  balanceAfterNano,
  chargeNano: nano(0),
})

/** Nobody makes it: what was held comes back, and no row says that there was one. */
function refusedIn(deps: VideoDeps, tx: Tx, to: ToHold, { result, row, hold, attempts }: Asked): void {
  if (result.kind !== "refused") return
  const { error } = result.failure
  const told = { status: error.status, errorCode: error.code }
  endIn(deps, tx, row, { status: "failed", code: error.code, message: "", told })
  deleteVideo(tx, row.id)
  insertAttempts(tx, to.requestId, attempts)
  if (to.once) finishKeyIn(tx, named(to), to.once, { status: error.status }, unpaid(hold), null)
}

/** Somebody who looked for a lost one may have taken it; then this one is looked for in its turn. */
function nameJob(deps: VideoDeps, tx: Tx, row: VideoRow, jobId: string): void {
  try {
    setJob(tx, row.id, jobId, nextLookMs(tx.now, 0))
  } catch (error) {
    deps.log.warn("videos.taken", { video: row.publicId, error })
  }
}

/** A repeat gets what the first one got; while that is not known, the video as it stands. */
function repeated(deps: VideoDeps, once: OnceCall, { row }: Repeated): Response {
  const video = row.status === null && row.bodyHash === once.bodyHash ? videoByCall(deps.store.read, row.callId) : null
  if (!video) return answerRepeat(deps.keyring, {}, once, row)
  const receipt = { chargedNano: nano(0), balanceAfterNano: row.remainingNano }
  return documentOf(JSON.stringify(videoJson(video)), row.callId, receipt, { "idempotent-replayed": "true" })
}

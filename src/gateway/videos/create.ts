// A video is asked for: its whole price is held and its row written in one body, before anybody is asked; then it is asked for once. Whoever
// dies in between leaves a row that says so.
import { AppError, creditsDecimal, type Nano, nano, sha256Hex } from "../../app/index.ts"
import type { RequestContext } from "../../http/index.ts"
import type { HoldRef } from "../../ledger/index.ts"
import type { Ticket } from "../../limits/index.ts"
import type { Charge } from "../../pricing/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { takeWhatIsDue } from "../charge/charged.ts"
import { settledSurely } from "../charge/held.ts"
import {
  answerRepeat,
  documentOf,
  finishKeyIn,
  type OnceCall,
  onceCallOf,
  Repeated,
  sealAnswerIn,
  takeKeyIn,
} from "../charge/once.ts"
import { quotesFor } from "../charge/quote.ts"
import { asTold } from "../charge/refusal.ts"
import { chargeOfUse, splitOf } from "../charge/shares.ts"
import { routeOf } from "../charge/terms.ts"
import { bad } from "../dialects/checks.ts"
import { estimatedUsage } from "../estimates.ts"
import { UpstreamFailure } from "../providers/index.ts"
import { admit } from "../run/admission.ts"
import type { AskedOnce, Caller, Quote } from "../types.ts"
import { endIn } from "./ending.ts"
import type { VideoQuestion } from "./fields.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import { nextLookMs, videoJson } from "./rules.ts"
import {
  deleteBeyond,
  deleteVideo,
  insertVideo,
  moveTo,
  openOf,
  setJob,
  type VideoRow,
  videoByCall,
  videoById,
} from "./store.ts"
import { type Submitted, submitTo } from "./submit.ts"
import type { VideoDeps } from "./types.ts"

export const SCOPE = "video-generation"
const ENDPOINT = "videos"
const DIALECT = { name: "videos", params: { prompt: "prompt", most: () => "seconds" } } as const

export interface Wanted {
  question: VideoQuestion
  /** What it is made anew from. */
  remixOf: VideoRow | null
}

/** Who asks, and how. */
export interface Asking {
  caller: Caller
  once: AskedOnce | null
  context: Pick<RequestContext, "requestId" | "startMs">
  /** From here on the books know of it. */
  onHeld(): void
}

interface Held {
  row: VideoRow
  hold: HoldRef & { amountNano: Nano; balanceAfterNano: Nano }
  ctx: WriteContext
  once: OnceCall | null
  ticket: Ticket
}

/** @throws AppError */
export async function createVideo(deps: VideoDeps, asking: Asking, wanted: Wanted): Promise<Response> {
  const { caller, once: asked, context } = asking
  const { requestId } = context
  const quotes = quotesOf(deps, caller, wanted)
  const charge = chargeFor(deps, quotes[0]!, caller)
  // Another account may be asked in its place where it costs the same.
  const equals = quotes.filter((quote) => chargeFor(deps, quote, caller).totalNano === charge.totalNano)
  const once = onceCallOf({ once: asked, caller, endpoint: ENDPOINT, requestId })
  const onBehalfOf = `user:${caller.userPublicId}`
  const ctx: WriteContext = { actor: caller.actor, onBehalfOf, requestId, reason: wanted.question.model }
  const ticket = admit(deps, caller, DIALECT, wanted.question, wanted.question)
  try {
    const publicId = deps.ids.next("video")
    const given = { wanted, quote: quotes[0]!, charge, once, ticket, publicId }
    const { row, hold } = await deps.store.write(ctx, (tx) => holdIn(deps, tx, asking, given), { lane: "hold" })
    asking.onHeld()
    deps.submitting.add(row.id)
    deps.works.begin(requestId, caller.userId)
    return await askedFor(deps, asking, wanted, equals, { row, hold, ctx, once, ticket })
  } catch (error) {
    if (once && error instanceof Repeated) return repeated(deps, once, error)
    throw asTold(deps, error)
  } finally {
    ticket.release()
    deps.works.end(requestId)
  }
}

const unsaid = (): never => {
  throw bad("model", "This model makes no videos. GET /v1/models lists those that do.")
}

/** Those that make videos; of one that is made anew, its own account and model alone. */
function quotesOf(deps: VideoDeps, caller: Caller, { question, remixOf }: Wanted): Quote[] {
  const asked = { name: "videos" as const, demand: question, conversation: unsaid }
  const found = quotesFor(deps, caller, asked, deps.clock.now())
  // A job is looked after long after its call, by the operator's accounts alone.
  const all = found.filter(({ wire, sale, upstream }) => wire.jobs && !sale && !upstream.personal)
  if (all.length === 0 && found.some(({ upstream }) => upstream.personal))
    throw bad("model", "Videos are not made with keys of your own. Let calls go on with credits, or use another model.")
  const own = remixOf
    ? all.filter(({ upstream, model }) => upstream.id === remixOf.upstreamId && model === remixOf.upstreamModel)
    : all
  if (own.length === 0) {
    if (remixOf) throw new AppError("conflict", "The model that made this video is not offered any more.")
    unsaid()
  }
  if (remixOf && !own[0]!.wire.jobs!.remix) throw bad("video_id", "This model cannot make a video anew.")
  return own
}

/** Made as it was asked for: as long, and as large. */
function chargeFor({ pricing }: VideoDeps, quote: Quote, { developer }: Caller): Charge {
  const usage = { ...estimatedUsage(0, 0), ...(quote.made ? { made: quote.made } : {}) }
  return chargeOfUse(pricing, quote, pricing.rawCost(quote.price, usage), usage, developer)
}

function holdIn(
  deps: VideoDeps,
  tx: Tx,
  { caller, context, once: asked }: Asking,
  given: Pick<Held, "once" | "ticket"> & { wanted: Wanted; quote: Quote; charge: Charge; publicId: string },
): Pick<Held, "row" | "hold"> {
  const { once, ticket, quote, charge, wanted, publicId } = given
  const { requestId } = context
  const standing = caller.requireIn(tx, SCOPE)
  if (once) takeKeyIn(tx, { once: asked, endpoint: ENDPOINT, requestId, caller }, once)
  if (openOf(tx, caller.userId) >= L.openMax) throw tooMany()
  ticket.admitIn(tx)
  takeWhatIsDue(deps, tx, caller)
  if (charge.totalNano > ticket.roomIn(tx)) throw ticket.spendRefusedIn(tx, charge.totalNano)
  const named = { endpoint: ENDPOINT, model: wanted.question.model } as const
  const hold = deps.ledger.holdIn(tx, {
    owner: caller.payer,
    mode: caller.mode,
    amountNano: charge.totalNano,
    callId: requestId,
    scope: SCOPE,
    callerId: caller.userId,
    clientId: caller.clientId,
    keyId: caller.keyId,
    routeId: deps.usage.routeIn(tx, routeOf(deps.pricing, named, quote)),
    ...(caller.clientId === null ? {} : { dailyNano: standing.dailyLimitNano }),
    leaseMs: L.holdMs,
    outlives: true,
    // Nothing is owed for what nobody found.
    inputCostNano: nano(0),
    developer: caller.developer,
    split: splitOf(quote, caller.developer),
    promoEligible: standing.emailVerified,
    promoCapNano: caller.developer === null ? null : deps.earnings.promoCapIn(tx),
  })
  const spentAt = JSON.stringify(ticket.spendNamedIn(tx, charge.totalNano))
  const id = insertVideo(tx, { ...rowOf(deps, tx, caller, { wanted, quote, charge, publicId, hold }), spentAt })
  deleteBeyond(tx, caller.userId, L.rowsMax)
  return { row: videoById(tx, id)!, hold }
}

function rowOf(
  { bootId }: VideoDeps,
  tx: Tx,
  { userId, clientId, keyId, mode, developer }: Caller,
  of: { wanted: Wanted; quote: Quote; charge: Charge; publicId: string; hold: HoldRef },
): Omit<Parameters<typeof insertVideo>[1], "spentAt"> {
  const { question, remixOf } = of.wanted
  const { totalNano, upstreamNano, developerNano, platformNano } = of.charge
  return {
    publicId: of.publicId,
    userId,
    clientId,
    keyId,
    mode,
    callId: of.hold.callId,
    holdId: of.hold.id,
    accountId: of.hold.accountId,
    developerId: developer?.kind === "principal" ? developer.id : null,
    status: "submitting",
    bootId,
    upstreamId: of.quote.upstream.id,
    upstreamModel: of.quote.model,
    model: question.model,
    promptHash: sha256Hex(question.prompt),
    seconds: question.seconds,
    size: question.videoSize,
    remixedFrom: remixOf?.publicId ?? null,
    chargeNano: totalNano,
    upstreamNano,
    developerNano,
    platformNano,
    createdMs: tx.now,
    nextMs: nextLookMs(tx.now, 0),
  }
}

const tooMany = (): AppError =>
  new AppError("rate_limit_exceeded", `${L.openMax} videos are being made for you. Wait until one is done.`, {
    retryAfterSeconds: 30,
  })

async function askedFor(
  deps: VideoDeps,
  { caller, once: key, context }: Asking,
  { question, remixOf }: Wanted,
  quotes: readonly Quote[],
  held: Held,
): Promise<Response> {
  const { row, hold, ctx, once, ticket } = held
  const named = { once: key, endpoint: ENDPOINT, requestId: context.requestId, caller } as const
  const toSubmit = { question, publicId: row.publicId, remixOf: remixOf?.jobId ?? null }
  const result = await submitted(deps, ctx, row, quotes, toSubmit)
  deps.submitting.delete(row.id)
  const settled = <T>(body: (tx: Tx) => T) => settledSurely(deps, ctx, context.requestId, body as (tx: Tx) => never)
  if (result.kind === "refused") {
    const { error } = result.failure
    await settled((tx) => {
      const told = { status: error.status, errorCode: error.code }
      endIn(deps, tx, row, { status: "failed", code: error.code, message: "", told })
      deleteVideo(tx, row.id)
      const receipt = { chargedNano: nano(0), balanceAfterNano: hold.balanceAfterNano, chargeNano: nano(0) }
      if (once) finishKeyIn(tx, named, once, { status: error.status }, receipt, null)
    })
    throw error
  }
  if (result.kind === "unclear") {
    deps.log.error("videos.unclear", { request: context.requestId, video: row.publicId, error: result.error })
  }
  const text = await settled((tx) => {
    if (result.kind === "accepted") nameJob(deps, tx, row, result.jobId)
    const answer = JSON.stringify(videoJson(videoById(tx, row.id) ?? row, question.prompt))
    const receipt = { chargedNano: nano(0), balanceAfterNano: hold.balanceAfterNano, chargeNano: nano(0) }
    if (once) finishKeyIn(tx, named, once, { status: 200 }, receipt, sealAnswerIn(tx, deps.keyring, once, answer))
    return answer
  })
  return documentOf(
    text,
    context.requestId,
    { chargedNano: nano(0), balanceAfterNano: hold.balanceAfterNano },
    { ...ticket.headers(), "x-credits-held": creditsDecimal(hold.amountNano) },
  )
}

/** Somebody who looked for a lost one may have taken it; then this one is looked for in its turn. */
function nameJob(deps: VideoDeps, tx: Tx, row: VideoRow, jobId: string): void {
  try {
    setJob(tx, row.id, jobId, nextLookMs(tx.now, 0))
  } catch (error) {
    deps.log.warn("videos.taken", { video: row.publicId, error })
  }
}

/** Asks one account after the other until one has not certainly refused. Which one is asked is written down before. */
async function submitted(
  deps: VideoDeps,
  ctx: WriteContext,
  row: VideoRow,
  quotes: readonly Quote[],
  toSubmit: Parameters<typeof submitTo>[1],
): Promise<Submitted> {
  let last: Submitted | null = null
  for (const quote of quotes) {
    if (last !== null || quote.upstream.id !== row.upstreamId) {
      const isOpen = await deps.store.write(ctx, (tx) => moveTo(tx, row.id, quote.upstream.id))
      if (!isOpen) break
    }
    const pass = deps.router.begin(quote, () => 0)
    if (!pass) continue
    const startMs = performance.now()
    last = await submitTo(quote, toSubmit)
    if (last.kind === "accepted") deps.router.answered(pass, performance.now() - startMs)
    else if (last.kind === "refused") deps.router.failed(pass, last.failure)
    deps.router.release(pass, null)
    if (last.kind !== "refused" || !last.failure.mayFallBack) return last
  }
  return last ?? { kind: "refused", failure: new UpstreamFailure(deps.router.noneFree(quotes), false) }
}

/** A repeat gets what the first one got; while that is not known, the video as it stands. */
function repeated(deps: VideoDeps, once: OnceCall, { row }: Repeated): Response {
  const video = row.status === null && row.bodyHash === once.bodyHash ? videoByCall(deps.store.read, row.callId) : null
  if (!video) return answerRepeat(deps.keyring, {}, once, row)
  const receipt = { chargedNano: nano(0), balanceAfterNano: row.remainingNano }
  return documentOf(JSON.stringify(videoJson(video)), row.callId, receipt, { "idempotent-replayed": "true" })
}

// Asks one account after the other until one has not certainly refused. Which one is asked, and what it costs there, is written down before.
import { AppError } from "../../app/index.ts"
import type { Ticket } from "../../limits/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { UNAFFORDABLE } from "../charge/raise.ts"
import { asOwner } from "../personal/failed.ts"
import { UpstreamFailure } from "../providers/index.ts"
import { type Attempt, AttemptLog } from "../routing/attempt-log.ts"
import { moveIn, type ToHold, type VideoHold } from "./holding.ts"
import type { Offer } from "./price.ts"
import { type Submitted, submitTo } from "./submit.ts"
import type { VideoDeps } from "./types.ts"

export interface Asked extends Pick<VideoHold, "row" | "hold"> {
  result: Submitted
  /** Worth keeping: who was asked beside the operator's first account. */
  attempts: readonly Attempt[]
}

type Turn = Pick<ToHold, "ticket" | "wanted" | "publicId">

export async function askInTurn(deps: VideoDeps, ctx: WriteContext, to: Turn, first: VideoHold): Promise<Asked> {
  const attempts = new AttemptLog(deps.router)
  const { question, remixOf } = to.wanted
  const toSubmit = { question, publicId: to.publicId, remixOf: remixOf?.jobId ?? null }
  let held = first
  let last: Submitted | null = null
  for (const offer of first.offers) {
    const { quote } = offer
    if (offer !== first.offers[0]) {
      const moved = await movedTo(deps, ctx, to, held, offer)
      if (moved === "over") break
      if (moved === "unaffordable") {
        attempts.unaffordable(quote, deps.clock.now())
        continue
      }
      held = moved
    }
    if (!attempts.begin(quote)) continue
    last = await submitTo(quote, toSubmit)
    if (last.kind === "accepted") attempts.answered()
    if (last.kind === "refused") {
      attempts.failed(last.failure)
      last = { kind: "refused", failure: asOwner(quote, last.failure) }
    }
    if (last.kind !== "refused" || !last.failure.mayFallBack) break
  }
  const quotes = first.offers.map(({ quote }) => quote)
  const result = last ?? { kind: "refused", failure: new UpstreamFailure(attempts.noneFree(quotes), false) }
  const { row, hold } = held
  return { row, hold, result, attempts: attempts.finish(null) }
}

/** Before the next one is asked: its row says so, and its price is held. */
async function movedTo(
  deps: VideoDeps,
  ctx: WriteContext,
  to: Turn & { ticket: Ticket },
  held: VideoHold,
  offer: Offer,
): Promise<VideoHold | "over" | "unaffordable"> {
  try {
    const moved = await deps.store.write(ctx, (tx) => moveIn(deps, tx, to, held, offer), { lane: "hold" })
    return moved ? { ...held, ...moved } : "over"
  } catch (error) {
    if (error instanceof AppError && UNAFFORDABLE.has(error.code)) return "unaffordable"
    throw error
  }
}

// Who may be asked for a video, and what it costs there: as long and as large as it was asked for, whoever pays.
import { AppError } from "../../app/index.ts"
import type { Owner } from "../../ledger/index.ts"
import type { Charge } from "../../pricing/index.ts"
import { quotesFor } from "../charge/quote.ts"
import { chargeOfUse } from "../charge/shares.ts"
import { bad } from "../dialects/checks.ts"
import { estimatedUsage } from "../estimates.ts"
import type { Caller, Quote } from "../types.ts"
import type { VideoQuestion } from "./fields.ts"
import type { VideoRow } from "./store.ts"
import type { VideoDeps } from "./types.ts"

export interface Wanted {
  question: VideoQuestion
  /** What it is made anew from. */
  remixOf: VideoRow | null
}

/** One that may be asked, with what it costs there. */
export interface Offer {
  quote: Quote
  charge: Charge
}

/** Which of its person's keys is asked; null = an account of the operator's. */
export const ownKeyOf = ({ upstream }: Pick<Quote, "upstream">): string | null => upstream.personal?.publicId ?? null

const unsaid = (): never => {
  throw bad("model", "This model makes no videos. GET /v1/models lists those that do.")
}

/**
 * Those that make videos, in the order in which they are asked; of one that is made anew, its own account and model alone.
 * @throws AppError as `quotesFor`, and conflict, invalid_request where nobody makes it
 */
export function quotesOf(deps: VideoDeps, caller: Caller, { question, remixOf }: Wanted): Quote[] {
  const asked = { name: "videos" as const, demand: question, conversation: unsaid }
  const found = quotesFor(deps, caller, asked, deps.clock.now())
  // An account that is lent may be taken back while its job runs: the operator's own is asked in its place, at the same price.
  const all = found.filter(({ wire, upstream }) => wire.jobs && upstream.personal?.kind !== "lent")
  const isItsOwn = (quote: Quote, { upstreamId, upstreamModel, ownKey }: VideoRow) =>
    quote.upstream.id === upstreamId && quote.model === upstreamModel && ownKeyOf(quote) === ownKey
  const own = remixOf ? all.filter((quote) => isItsOwn(quote, remixOf)) : all
  const [first] = own
  if (!first) {
    if (!remixOf) return unsaid()
    throw new AppError(
      "conflict",
      remixOf.ownKey === null
        ? "The model that made this video is not offered any more."
        : "The key of yours that this video was made with is not used any more. Ask for a new one.",
    )
  }
  if (remixOf && !first.wire.jobs!.remix) throw bad("video_id", "This model cannot make a video anew.")
  return own
}

/** Pictures that a video begins with: some are paid beside its seconds. */
export const picturesIn = ({ upload }: Pick<VideoQuestion, "upload">): number => upload?.files.length ?? 0

/** @param developer who earns a share; null where nobody does */
export const offersOf = (
  { pricing }: Pick<VideoDeps, "pricing">,
  { quotes, pictures }: { quotes: readonly Quote[]; pictures: number },
  developer: Owner | null,
): Offer[] =>
  quotes.map((quote) => {
    const usage = { ...estimatedUsage(0, 0), images: pictures, ...(quote.made ? { made: quote.made } : {}) }
    return { quote, charge: chargeOfUse(pricing, quote, pricing.rawCost(quote.price, usage), usage, developer) }
  })

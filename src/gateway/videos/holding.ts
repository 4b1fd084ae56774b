// The price of a video in hand before anybody is asked, in the body that writes its row; and in hand anew where another account is asked in
// place of one that refused. Who pays is agreed once: the app's pool, where it has room for all that the video may come to, else its caller.
import { AppError, type Nano, nano, sha256Hex } from "../../app/index.ts"
import type { HoldRef } from "../../ledger/index.ts"
import type { SpentAt, Ticket } from "../../limits/index.ts"
import type { Charge } from "../../pricing/index.ts"
import type { Tx } from "../../store/index.ts"
import { takeWhatIsDue } from "../charge/charged.ts"
import { type OnceCall, takeKeyIn } from "../charge/once.ts"
import { promoCapIn, splitOf } from "../charge/shares.ts"
import { balanceIn, type Sponsor, sponsoredHoldIn, sponsorIn, sponsorRoomIn } from "../charge/sponsored.ts"
import { routeOf } from "../charge/terms.ts"
import type { AskedOnce, Caller, Quote, Standing } from "../types.ts"
import { VIDEO_LIMITS as L } from "./limits.ts"
import { type Offer, ownKeyOf, picturesIn, type Wanted } from "./price.ts"
import { nextLookMs } from "./rules.ts"
import { deleteBeyond, insertVideo, moveTo, openOf, type VideoRow, videoById } from "./store.ts"
import type { VideoDeps } from "./types.ts"

export const SCOPE = "video-generation"
export const ENDPOINT = "videos"

export interface ToHold {
  requestId: string
  caller: Caller
  asked: AskedOnce | null
  once: OnceCall | null
  ticket: Ticket
  wanted: Wanted
  /** As its caller pays, and as a pool does: nobody earns by that. The first is asked first. */
  offers: Readonly<Record<"own" | "sponsored", readonly Offer[]>>
  publicId: string
}

export interface VideoHold {
  row: VideoRow
  hold: HoldRef & { amountNano: Nano; balanceAfterNano: Nano }
  /** Whose wallet pays, and what it costs them wherever it is asked for. */
  payer: Caller
  /** The app's pool pays. */
  sponsor: Sponsor | null
  offers: readonly Offer[]
}

/** Everything that is decided before anybody is asked, in one body. @throws AppError */
export function holdIn(deps: VideoDeps, tx: Tx, to: ToHold): VideoHold {
  const { caller, asked, once, ticket, requestId } = to
  const standing = caller.requireIn(tx, SCOPE)
  if (once) takeKeyIn(tx, { once: asked, endpoint: ENDPOINT, requestId, caller }, once)
  if (openOf(tx, caller.userId) >= L.openMax) throw tooMany()
  ticket.admitIn(tx)
  const sponsor = poolIn(deps, tx, to, standing)
  const payer = sponsor?.caller ?? caller
  const offers = to.offers[sponsor ? "sponsored" : "own"]
  const { quote, charge } = offers[0]!
  if (!sponsor) {
    takeWhatIsDue(deps, tx, caller)
    if (charge.totalNano > ticket.roomIn(tx)) throw ticket.spendRefusedIn(tx, charge.totalNano)
  }
  const held = deps.ledger.holdIn(tx, {
    owner: payer.payer,
    mode: payer.mode,
    amountNano: charge.totalNano,
    callId: requestId,
    scope: SCOPE,
    callerId: payer.userId,
    clientId: payer.clientId,
    keyId: payer.keyId,
    ...(caller.clientId === null || sponsor ? {} : { dailyNano: standing.dailyLimitNano }),
    leaseMs: L.holdMs,
    outlives: true,
    ...termsIn(deps, tx, to.wanted, quote, payer),
    developer: payer.developer,
    promoEligible: standing.emailVerified,
    promoCapNano: promoCapIn(deps, tx, payer),
  })
  const hold = sponsor ? sponsoredHoldIn(deps, tx, sponsor, held) : held
  // Limits of a person count what is theirs.
  const spentAt = sponsor ? [] : ticket.spendNamedIn(tx, charge.totalNano)
  const id = insertVideo(tx, { ...rowOf(deps, tx, to, { offer: offers[0]!, hold, payer }), ...spent(spentAt) })
  deleteBeyond(tx, caller.userId, L.rowsMax)
  return { row: videoById(tx, id)!, hold, payer, sponsor, offers }
}

/** The app's pool where it has room for whoever is asked first, and for the operator's account where that is a key of its person's. */
function poolIn(deps: VideoDeps, tx: Tx, { caller, offers }: ToHold, standing: Standing): Sponsor | null {
  const sponsor = sponsorIn(deps, tx, caller, standing)
  if (!sponsor) return null
  const [first, ...rest] = offers.sponsored
  const fallback = ownKeyOf(first!.quote) === null ? undefined : rest.find(({ quote }) => ownKeyOf(quote) === null)
  const fits = (offer: Offer | undefined) => !offer || offer.charge.totalNano <= sponsor.roomNano
  return fits(first) && fits(fallback) ? sponsor : null
}

const termsIn = ({ usage, pricing }: VideoDeps, tx: Tx, { question }: Wanted, quote: Quote, payer: Caller) => ({
  routeId: usage.routeIn(tx, routeOf(pricing, { endpoint: ENDPOINT, model: question.model }, quote)),
  // Nothing is owed for what nobody found.
  inputCostNano: nano(0),
  split: splitOf(quote, payer.developer),
})

const spent = (at: readonly SpentAt[]) => ({ spentAt: JSON.stringify(at) })

const costOf = ({ totalNano, upstreamNano, developerNano, platformNano }: Charge) => ({
  chargeNano: totalNano,
  upstreamNano,
  developerNano,
  platformNano,
})

const placeOf = ({ quote, charge }: Offer) => ({
  upstreamId: quote.upstream.id,
  upstreamModel: quote.model,
  ownKey: ownKeyOf(quote),
  ...costOf(charge),
})

function rowOf(
  { bootId }: VideoDeps,
  tx: Tx,
  { caller: { userId, clientId, keyId, mode }, wanted: { question, remixOf }, publicId }: ToHold,
  { offer, hold, payer: { developer } }: { offer: Offer; hold: HoldRef; payer: Caller },
): Omit<Parameters<typeof insertVideo>[1], "spentAt"> {
  return {
    publicId,
    userId,
    clientId,
    keyId,
    mode,
    callId: hold.callId,
    holdId: hold.id,
    accountId: hold.accountId,
    developerId: developer?.kind === "principal" ? developer.id : null,
    status: "submitting",
    bootId,
    model: question.model,
    promptHash: sha256Hex(question.prompt),
    seconds: question.seconds,
    size: question.videoSize,
    pictures: picturesIn(question),
    remixedFrom: remixOf?.publicId ?? null,
    ...placeOf(offer),
    createdMs: tx.now,
    nextMs: nextLookMs(tx.now, 0),
  }
}

const tooMany = (): AppError =>
  new AppError("rate_limit_exceeded", `${L.openMax} videos are being made for you. Wait until one is done.`, {
    retryAfterSeconds: 30,
  })

/**
 * Another account is asked from here on, at what it costs there: what its payer lacks is held, limits count the new price alone.
 * @returns what is held by now; null: the video is over, or not being asked for any more
 * @throws AppError where its payer cannot pay that, or its caller may not call any more
 */
export function moveIn(
  deps: VideoDeps,
  tx: Tx,
  { ticket, wanted }: Pick<ToHold, "ticket" | "wanted">,
  { row: { id }, hold, payer, sponsor }: VideoHold,
  offer: Offer,
): Pick<VideoHold, "row" | "hold"> | null {
  const row = videoById(tx, id)
  if (row?.status !== "submitting") return null
  const standing = payer.requireIn(tx, SCOPE)
  const { totalNano } = offer.charge
  const moreNano = Math.max(0, totalNano - hold.amountNano)
  deps.limits.giveBackIn(tx, JSON.parse(row.spentAt) as SpentAt[], row.chargeNano)
  const roomNano = sponsor ? sponsorRoomIn(deps, tx, payer) + hold.amountNano : ticket.roomIn(tx)
  if (totalNano > roomNano && sponsor) throw new AppError("insufficient_credits", "The app pays for no more.")
  if (totalNano > roomNano) throw ticket.spendRefusedIn(tx, totalNano)
  const terms = termsIn(deps, tx, wanted, offer.quote, payer)
  // An app's day counts what the app does not pay itself.
  const daily = payer.clientId === null || sponsor ? null : standing.dailyLimitNano
  const raised = deps.ledger.raiseIn(tx, hold, moreNano, daily, moreNano, terms)
  const spentAt = sponsor ? [] : ticket.spendNamedIn(tx, totalNano)
  moveTo(tx, id, { ...placeOf(offer), ...spent(spentAt) })
  const balanceAfterNano = balanceIn(deps, tx, sponsor, raised)
  return { row: videoById(tx, id)!, hold: { ...hold, ...raised, balanceAfterNano } }
}

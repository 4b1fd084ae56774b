// A call that is answered from the cache: nobody is asked, and a part of what the first answer cost is charged. Held and settled in one
// body, so that nothing comes between; who may be charged, limits, what is due and what a key means are as for every call.
import { type Nano, nano } from "../../app/index.ts"
import type { Charge } from "../../pricing/index.ts"
import { CACHED_OF, cachedSnapshot } from "../../pricing/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { type ChargedDeps, takeWhatIsDue } from "../charge/charged.ts"
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
import { asTold } from "../charge/refusal.ts"
import { promoCapIn, shareOut } from "../charge/shares.ts"
import { balanceIn, sponsoredHoldIn, wholeSponsorIn } from "../charge/sponsored.ts"
import { routeOf } from "../charge/terms.ts"
import { CORS } from "../envelope.ts"
import type { ChargedCall, Quote, Receipt } from "../types.ts"
import { CACHE_HEADER } from "./asked.ts"
import { openCached } from "./keep.ts"
import { CACHE_PERCENT } from "./settings.ts"
import type { CachedRow } from "./store.ts"

const ALL_BP = 10_000n

/** What a hit costs: rounded up to n$; its developer has the same part of what they had, rounded down, and no provider anything. */
export function chargeOfHit(first: Pick<CachedRow, "chargeNano" | "developerNano">, bp: number): Charge {
  const part = BigInt(bp)
  const total = Number((BigInt(first.chargeNano) * part + ALL_BP - 1n) / ALL_BP)
  const developer = Number((BigInt(first.developerNano) * part) / ALL_BP)
  return {
    totalNano: nano(total),
    upstreamNano: nano(0),
    developerNano: nano(developer),
    platformNano: nano(total - developer),
    rawPico: 0n,
  }
}

export interface HitCall extends Omit<ChargedCall, "run" | "quotes" | "choices" | "onEnd" | "trace"> {
  /** The candidate that would have been asked. */
  quote: Quote
  row: CachedRow
  /** A stream's comment with the charge is wanted. */
  tellsCharge: boolean
  /** How a comment is written in its dialect. */
  comment(text: string): string
}

interface Charged {
  charge: Charge
  bp: number
  once: OnceCall | null
  answer: string
}

/** @throws AppError those of `charged` */
export async function chargedHit(deps: ChargedDeps, call: HitCall): Promise<Response> {
  const { caller, requestId, row } = call
  const ctx: WriteContext = {
    actor: caller.actor,
    onBehalfOf: `user:${caller.userPublicId}`,
    requestId,
    reason: call.model,
  }
  const once = onceCallOf(call)
  const bp = deps.settings.get(CACHE_PERCENT)
  const hit = { charge: chargeOfHit(row, bp), bp, once, answer: openCached(deps.keyring, row) }
  try {
    const receipt = await deps.store.write(ctx, (tx) => chargeIn(deps, tx, call, hit), { lane: "hold" })
    const ended = { end: "done" as const, firstTokenMs: null, usage: null }
    deps.figures.ended(call.endpoint, ended, performance.now() - call.startMs, hit.charge.totalNano)
    return answerOf(call, hit.answer, receipt, Math.floor((deps.clock.now() - row.createdMs) / 1_000))
  } catch (error) {
    if (once && error instanceof Repeated) return answerRepeat(deps.keyring, call, once, error.row)
    throw asTold(deps, error)
  } finally {
    call.ticket.release()
  }
}

function chargeIn(deps: ChargedDeps, tx: Tx, call: HitCall, { bp, once, answer, ...hit }: Charged): Receipt {
  const { scope, ticket, requestId, quote } = call
  const standing = call.caller.requireIn(tx, scope)
  if (once) takeKeyIn(tx, call, once)
  ticket.admitIn(tx)
  const sponsor = wholeSponsorIn(deps, tx, call.caller, standing, hit.charge.totalNano)
  const caller = sponsor?.caller ?? call.caller
  // Nobody earns by what an app pays for.
  const charge = sponsor ? shareOut(hit.charge, null) : hit.charge
  takeWhatIsDue(deps, tx, caller)
  if (!sponsor && charge.totalNano > ticket.roomIn(tx)) throw ticket.spendRefusedIn(tx, charge.totalNano)
  const route = routeOf(deps.pricing, call, quote)
  const hold = deps.ledger.holdIn(tx, {
    owner: caller.payer,
    mode: caller.mode,
    amountNano: charge.totalNano,
    callId: requestId,
    scope,
    callerId: caller.userId,
    clientId: caller.clientId,
    keyId: caller.keyId,
    routeId: deps.usage.routeIn(tx, { ...route, upstreamId: null, prices: cachedSnapshot(route.prices!, bp) }),
    stream: call.stream,
    ...(caller.clientId === null || sponsor ? {} : { dailyNano: standing.dailyLimitNano }),
    leaseMs: HIT_LEASE_MS,
    inputCostNano: charge.totalNano,
    developer: caller.developer,
    split: { upstream: 0, developer: charge.developerNano, platform: charge.platformNano },
    promoEligible: standing.emailVerified,
    promoCapNano: promoCapIn(deps, tx, caller),
  })
  const settled = deps.ledger.settleIn(tx, {
    hold,
    charge,
    developer: caller.developer,
    call: {
      status: 200,
      errorCode: null,
      end: "done",
      latencyMs: Math.round(performance.now() - call.startMs),
      firstTokenMs: null,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      units: { [CACHED_OF]: call.row.chargeNano },
      source: charge.totalNano === 0 ? "none" : "reported",
    },
  })
  if (sponsor) sponsoredHoldIn(deps, tx, sponsor, hold)
  else ticket.spendIn(tx, settled.collectedNano)
  if (caller.clientId !== null) deps.usage.answeredIn(tx, caller.clientId)
  const balanceAfterNano = balanceIn(deps, tx, sponsor, settled)
  const receipt = { chargedNano: settled.collectedNano, balanceAfterNano }
  if (once) {
    const sealed = call.stream ? null : sealAnswerIn(tx, deps.keyring, once, answer)
    finishKeyIn(tx, call, once, { status: 200 }, { ...receipt, chargeNano: charge.totalNano }, sealed)
  }
  return receipt
}

/** Settled in the body that holds; it never waits. */
const HIT_LEASE_MS = 60_000

function answerOf(call: HitCall, answer: string, receipt: Receipt, ageSeconds: number): Response {
  const { requestId } = call
  const headers = { ...call.headers?.(requestId), [CACHE_HEADER]: "hit", age: String(Math.max(0, ageSeconds)) }
  const whole = documentOf(answer, requestId, receipt, headers)
  if (!call.stream) return whole
  const text = call.tellsCharge ? withComment(answer, call.comment(commentOf(receipt))) : answer
  whole.headers.set("content-type", "text/event-stream; charset=utf-8")
  return new Response(text, { headers: { ...CORS, ...Object.fromEntries(whole.headers) } })
}

const commentOf = ({ chargedNano, balanceAfterNano }: { chargedNano: Nano; balanceAfterNano: Nano }): string =>
  `charged ${chargedNano} remaining ${balanceAfterNano}`

/** Before the last event, as a stream that was made just now has it. */
function withComment(text: string, comment: string): string {
  const at = text.lastIndexOf("\n\n", text.length - 3)
  return at === -1 ? comment + text : `${text.slice(0, at + 2)}${comment}${text.slice(at + 2)}`
}

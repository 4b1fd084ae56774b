// A charge whose amount is known before anything runs: a metered service, priced by the piece. Held and settled in one body, so that
// nothing comes between; who may be charged, what is due and what a key means are as for every call.
import { MINUTE_MS, nano } from "../../app/index.ts"
import type { LimitDemand, Ticket } from "../../limits/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { limitSubjectOf } from "../run/admission.ts"
import type { Caller, FixedCall, GatewayDeps, Receipt } from "../types.ts"
import { type ChargedDeps, takeWhatIsDue } from "./charged.ts"
import { documentOf, finishKeyIn, type OnceCall, onceCallOf, sealAnswerIn, takeKeyIn } from "./once.ts"
import { repeatOrRefuse } from "./refusal.ts"
import { balanceIn, sponsoredHoldIn, wholeSponsorIn } from "./sponsored.ts"

const HOLD = { lane: "hold" } as const
const DONE = { status: 200 } as const

export type FixedDeps = ChargedDeps & Pick<GatewayDeps, "limits">

/** It has no tokens; requests, calls at the same time and spend are limited as everywhere. */
const NO_TOKENS: LimitDemand = { inputTokens: () => 0, outputTokens: 0, isNamed: true, param: "", promptParam: "" }

/** @throws AppError those of `charged`; what is refused is counted for the person who would have paid */
export async function chargedFixed(deps: FixedDeps, call: FixedCall, nowMs: number): Promise<Response> {
  const { caller, requestId } = call
  const ctx: WriteContext = {
    actor: caller.actor,
    onBehalfOf: `user:${caller.userPublicId}`,
    requestId,
    reason: call.model,
  }
  const once = onceCallOf(call)
  let ticket: Ticket | null = null
  try {
    const admitted = admitUntokened(deps, call.caller)
    ticket = admitted
    const { text, receipt } = await deps.store.write(
      ctx,
      (tx) => chargeIn(deps, tx, call, { once, ticket: admitted }),
      HOLD,
    )
    return documentOf(text, requestId, receipt, admitted.headers())
  } catch (error) {
    return repeatOrRefuse(deps, call, once, error, nowMs)
  } finally {
    ticket?.release()
  }
}

/** @throws AppError rate_limit_exceeded */
export function admitUntokened({ limits, plans }: FixedDeps, caller: Caller): Ticket {
  return limits.admit(limitSubjectOf(plans, caller), NO_TOKENS)
}

function chargeIn(
  deps: ChargedDeps,
  tx: Tx,
  call: FixedCall,
  { once, ticket }: { once: OnceCall | null; ticket: Ticket },
): { text: string; receipt: Receipt } {
  const { charge, scope, requestId } = call
  const standing = call.caller.requireIn(tx, scope)
  if (once) takeKeyIn(tx, call, once)
  ticket.admitIn(tx)
  const sponsor = wholeSponsorIn(deps, tx, call.caller, standing, charge.totalNano)
  const caller = sponsor?.caller ?? call.caller
  takeWhatIsDue(deps, tx, caller)
  if (!sponsor && charge.totalNano > ticket.roomIn(tx)) throw ticket.spendRefusedIn(tx, charge.totalNano)
  const { endpoint, model, prices } = call
  const hold = deps.ledger.holdIn(tx, {
    owner: caller.payer,
    mode: caller.mode,
    amountNano: charge.totalNano,
    callId: requestId,
    scope,
    callerId: caller.userId,
    clientId: caller.clientId,
    keyId: caller.keyId,
    routeId: deps.usage.routeIn(tx, { endpoint, requested: model, upstreamId: null, model, prices }),
    ...(caller.clientId === null || sponsor ? {} : { dailyNano: standing.dailyLimitNano }),
    leaseMs: MINUTE_MS,
    inputCostNano: charge.totalNano,
    split: { upstream: charge.upstreamNano, developer: 0, platform: charge.platformNano },
    promoEligible: standing.emailVerified,
  })
  const settled = deps.ledger.settleIn(tx, {
    hold,
    charge,
    developer: null,
    call: {
      ...DONE,
      errorCode: null,
      end: "done",
      latencyMs: Math.round(performance.now() - call.startMs),
      firstTokenMs: null,
      inputTokens: 0,
      cachedTokens: 0,
      outputTokens: 0,
      reasoningTokens: 0,
      units: call.units,
      source: charge.totalNano === 0 ? "none" : "reported",
    },
  })
  if (sponsor) sponsoredHoldIn(deps, tx, sponsor, hold)
  else ticket.spendIn(tx, settled.collectedNano)
  const balanceAfterNano = balanceIn(deps, tx, sponsor, settled)
  const receipt = { chargedNano: settled.collectedNano, balanceAfterNano }
  const text = call.answer(receipt, settled.transactionId)
  if (once) {
    const sealed = sealAnswerIn(tx, deps.keyring, once, text)
    finishKeyIn(tx, call, once, DONE, { ...receipt, chargeNano: nano(charge.totalNano) }, sealed)
  }
  return { text, receipt }
}

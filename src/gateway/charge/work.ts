// A call that costs what was agreed and runs something in between: hold → run → settle (SPEC MC-2). Nothing is owed before it went well,
// so recovery after a crash releases its hold; a call that failed, timed out or was cancelled costs nothing.
import { AppError, nano } from "../../app/index.ts"
import type { Hold } from "../../ledger/index.ts"
import type { Ticket } from "../../limits/index.ts"
import type { Charge } from "../../pricing/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import { LEASE_MARGIN_MS } from "../limits.ts"
import type { Receipt } from "../types.ts"
import type { WorkCall, WorkDone } from "../work.ts"
import { takeWhatIsDue } from "./charged.ts"
import { admitUntokened, type FixedDeps } from "./fixed.ts"
import { FREE, settledSurely } from "./held.ts"
import { documentOf, finishKeyIn, type OnceCall, onceCallOf, sealAnswerIn, takeKeyIn } from "./once.ts"
import { repeatOrRefuse } from "./refusal.ts"
import { balanceIn, type Sponsor, sponsoredHoldIn, wholeSponsorIn } from "./sponsored.ts"
import type { Works } from "./works.ts"

const HOLD = { lane: "hold" } as const

export type WorkDeps = FixedDeps & { works: Works }

interface HeldWork {
  hold: Hold
  /** The app pays, as the hold found it. */
  sponsor: Sponsor | null
  once: OnceCall | null
  ticket: Ticket
  ctx: WriteContext
}

/** @throws AppError those of `charged`; what is refused is counted for the person who would have paid, and so is what failed */
export async function chargedWork(deps: WorkDeps, call: WorkCall, nowMs: number): Promise<Response> {
  const { caller, requestId } = call
  const onBehalfOf = `user:${caller.userPublicId}`
  const ctx: WriteContext = { actor: caller.actor, onBehalfOf, requestId, reason: call.model }
  const once = onceCallOf(call)
  let ticket: Ticket | null = null
  let held: Pick<HeldWork, "hold" | "sponsor">
  try {
    const admitted = admitUntokened(deps, caller)
    ticket = admitted
    held = await deps.store.write(ctx, (tx) => holdIn(deps, tx, call, { once, ticket: admitted }), HOLD)
  } catch (error) {
    ticket?.release()
    return repeatOrRefuse(deps, call, once, error, nowMs)
  }
  const cut = deps.works.begin(requestId, caller.userId)
  try {
    return await ran(deps, call, { ...held, once, ticket, ctx }, cut)
  } finally {
    deps.works.end(requestId)
    ticket.release()
  }
}

function holdIn(
  deps: FixedDeps,
  tx: Tx,
  call: WorkCall,
  given: { once: OnceCall | null; ticket: Ticket },
): Pick<HeldWork, "hold" | "sponsor"> {
  const { charge, scope, requestId, endpoint, model, prices } = call
  const { once, ticket } = given
  const standing = call.caller.requireIn(tx, scope)
  if (once) takeKeyIn(tx, call, once)
  call.requireIn?.(tx)
  ticket.admitIn(tx)
  const sponsor = wholeSponsorIn(deps, tx, call.caller, standing, charge.totalNano)
  const caller = sponsor?.caller ?? call.caller
  takeWhatIsDue(deps, tx, caller)
  if (!sponsor && charge.totalNano > ticket.roomIn(tx)) throw ticket.spendRefusedIn(tx, charge.totalNano)
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
    leaseMs: call.runMs + LEASE_MARGIN_MS,
    // Whoever lost their answer by a crash of ours pays nothing for it.
    inputCostNano: FREE.totalNano,
    promoEligible: standing.emailVerified,
  })
  if (sponsor) return { hold: sponsoredHoldIn(deps, tx, sponsor, hold), sponsor }
  ticket.reserveIn(tx, hold.amountNano)
  return { hold, sponsor }
}

async function ran(deps: WorkDeps, call: WorkCall, held: HeldWork, cut: AbortSignal): Promise<Response> {
  let done: WorkDone
  try {
    done = await call.run(cut)
  } catch (error) {
    const known =
      error instanceof AppError ? error : new AppError("internal", "Something failed on our side.", {}, error)
    const timedOut = known.code === "tool_timeout"
    await settle(deps, call, held, { error: known, end: cut.aborted ? "cut" : timedOut ? "timeout" : "failed" })
    throw error
  }
  const { text, receipt } = await settle(deps, call, held, { done, end: done.end ?? "done" })
  return documentOf(text, call.requestId, receipt, held.ticket.headers())
}

type Ended = { end: NonNullable<WorkDone["end"]>; done?: WorkDone; error?: AppError }

function settle(
  deps: WorkDeps,
  call: WorkCall,
  { hold, sponsor, once, ticket, ctx }: HeldWork,
  { end, done, error }: Ended,
): Promise<{ text: string; receipt: Receipt }> {
  const charge: Charge = done?.isCharged ? call.charge : FREE
  const status = error?.status ?? 200
  const latencyMs = Math.round(performance.now() - call.startMs)
  deps.figures.ended(call.endpoint, { end, firstTokenMs: null, usage: null }, latencyMs, charge.totalNano)
  return settledSurely(deps, ctx, call.requestId, (tx) => {
    const settled = deps.ledger.settleIn(tx, {
      hold,
      charge,
      developer: null,
      call: {
        status,
        errorCode: error?.code ?? done?.errorCode ?? null,
        end,
        latencyMs,
        firstTokenMs: null,
        inputTokens: 0,
        cachedTokens: 0,
        outputTokens: 0,
        reasoningTokens: 0,
        units: call.units,
        source: charge.totalNano === 0 ? "none" : "reported",
      },
    })
    ticket.settleIn(tx, { tokens: 0, chargedNano: settled.collectedNano })
    if (status < 400 && call.caller.clientId !== null) deps.usage.answeredIn(tx, call.caller.clientId)
    const receipt = {
      chargedNano: settled.collectedNano,
      balanceAfterNano: balanceIn(deps, tx, sponsor, settled),
    }
    const text = done?.answer(receipt, settled.transactionId) ?? ""
    if (once) {
      const sealed = done ? sealAnswerIn(tx, deps.keyring, once, text) : null
      finishKeyIn(tx, call, once, { status }, { ...receipt, chargeNano: nano(charge.totalNano) }, sealed)
    }
    return { text, receipt }
  })
}
